import { fail, ok } from '#shared/result.ts'
import type { Log, WorkerRunner } from '../ports.ts'
import type { Extraction, ExtractionInput } from '../services.ts'
import type { TemplateResult } from './offline/extract-offline.ts'

/** A day of talk takes about 4 s; what takes longer than this has run away. */
const timeoutMs = 30_000

/** Makes notes in a worker, so that nothing a transcript holds can stop the program. */
export function createExtractionService({ workers, log }: { workers: WorkerRunner; log: Log }): Extraction {
  return {
    async extract(input, { signal }) {
      const answer = await workers.run<ExtractionInput, TemplateResult[]>('extractor', input, { timeoutMs, signal })
      if (answer.ok) return ok(answer.value)
      if (answer.error.code === 'cancelled')
        return fail('cancelled', 'Making the notes was cancelled. The transcript is kept.', { retryable: true })
      log.error('extraction.failed', { code: answer.error.code, message: answer.error.message })
      const reason = answer.error.code === 'worker-timed-out' ? 'it took longer than 30 s' : 'the reader broke off'
      return fail('extraction-failed', `The notes could not be made: ${reason}. The transcript is kept; try again.`, {
        retryable: true,
      })
    },
  }
}
