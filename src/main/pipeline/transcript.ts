import { fail, ok } from '#shared/result.ts'
import type { Stage } from '../jobs/stage.ts'
import type { TranscriptLadder } from '../services.ts'

export const transcriptStage = (deps: { ladder: TranscriptLadder }): Stage => ({
  id: 'transcript',
  words: 'Looking for the transcript.',
  async run({ jobId, params, signal, checkpoint, progress, log }) {
    const found = await checkpoint('transcript', async () => {
      const obtained = await deps.ladder.obtain(params.episodeId, {
        signal,
        onProgress: progress,
        jobId,
        approvedMicroUsd: params.approvedMicroUsd,
        rung: params.rung,
      })
      if (!obtained.ok) return obtained
      const { id, wordCount, warnings, source, model } = obtained.value
      log(`${sourceWords[source]}${model === null ? '' : ` (${model})`}: ${wordCount.toLocaleString('en')} words.`)
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
  'youtube-captions': 'The captions of the video',
  scan: 'The pages of the document',
  'this-computer': 'A transcript made on this computer',
  'own-server': 'A transcript made by your server',
  gemini: 'A transcript made by Gemini',
} as const
