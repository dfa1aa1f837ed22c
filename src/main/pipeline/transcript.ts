import { fail, ok } from '#shared/result.ts'
import type { Stage } from '../jobs/stage.ts'
import type { TranscriptLadder } from '../services.ts'

export const transcriptStage = (deps: { ladder: TranscriptLadder }): Stage => ({
  id: 'transcript',
  words: 'Looking for the transcript.',
  async run({ params, signal, checkpoint, progress, log }) {
    const found = await checkpoint('transcript', async () => {
      const obtained = await deps.ladder.obtain(params.episodeId, { signal, onProgress: progress })
      if (!obtained.ok) return obtained
      const { id, wordCount, warnings, source } = obtained.value
      log(`${sourceWords[source]}: ${wordCount.toLocaleString('en')} words.`)
      for (const warning of warnings.slice(0, 20)) log(warning, 'warning')
      return ok({ id })
    })
    if (found.ok) return ok(null)
    // The recording is kept; trying again changes nothing until it has words.
    if (found.error.code === 'needs-speech-recognition')
      return fail('needs-speech-recognition', found.error.message, { retryable: false })
    return found
  },
})

const sourceWords = {
  publisher: 'The publisher’s transcript',
  sidecar: 'The transcript beside the recording',
  file: 'The transcript file',
  text: 'The text',
} as const
