import type { Result } from '#shared/result.ts'
import { parseTranscript } from '../transcripts/parse.ts'
import type { ParsedTranscript } from '../transcripts/parsed.ts'
import type { TranscriptParserInput } from '../transcripts/reader.ts'
import { serve } from './serve.ts'

serve<TranscriptParserInput, Result<ParsedTranscript, 'transcript-unreadable'>>(({ bytes, ...hints }) =>
  parseTranscript(bytes, hints),
)
