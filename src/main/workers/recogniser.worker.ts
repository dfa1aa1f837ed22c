import { type Content, recogniseContent } from '../intake/recognise-content.ts'
import type { Recognised } from '../intake/recognised.ts'
import { serve } from './serve.ts'

serve<Content, Recognised>(recogniseContent)
