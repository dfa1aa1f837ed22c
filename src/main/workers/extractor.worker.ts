import { extractOffline } from '../extraction/offline/extract-offline.ts'
import { serve } from './serve.ts'

serve(extractOffline)
