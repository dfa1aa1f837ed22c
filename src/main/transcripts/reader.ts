import { fail, type Result } from '#shared/result.ts'
import type { WorkerRunner } from '../ports.ts'
import { maxTranscriptBytes } from './limits.ts'
import { parseTranscript } from './parse.ts'
import type { ParsedTranscript } from './parsed.ts'
import type { TranscriptHints } from './sniff.ts'

/** Larger texts are read in a worker: a megabyte takes so long that the window would be seen to stand still. Bytes. */
export const apartFromBytes = 262_144
/** Twenty megabytes take about 5 s on an idle core. */
export const readTimeoutMs = 60_000

export type TranscriptParserInput = TranscriptHints & { readonly bytes: Uint8Array }
export type TranscriptReader = (
  bytes: Uint8Array,
  hints: TranscriptHints,
  signal?: AbortSignal,
) => Promise<Result<ParsedTranscript, 'transcript-unreadable' | 'cancelled'>>

/** `parseTranscript` for the main thread, which never waits for a large file. */
export const createTranscriptReader =
  (workers: WorkerRunner): TranscriptReader =>
  async (bytes, { fileName, declaredType }, signal) => {
    const hints = { fileName, declaredType }
    if (bytes.length <= apartFromBytes || bytes.length > maxTranscriptBytes) return parseTranscript(bytes, hints)
    const answer = await workers.run<
      TranscriptParserInput,
      Result<ParsedTranscript, 'transcript-unreadable' | 'cancelled'>
    >('transcript-parser', { bytes, ...hints }, { timeoutMs: readTimeoutMs, signal })
    if (answer.ok) return answer.value
    return answer.error.code === 'cancelled'
      ? fail('cancelled', 'Cancelled.')
      : fail('transcript-unreadable', 'This text is too large or too tangled to be read. Cut it into parts.')
  }
