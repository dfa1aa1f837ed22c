import { type MediaFacts, type MediaFactsInput, readFarMediaFacts } from '../intake/media-facts.ts'
import { serve } from './serve.ts'

serve<MediaFactsInput, MediaFacts>(readFarMediaFacts)
