import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { ok } from '#shared/result.ts'
import type { TranscriptsService } from './service.ts'

export const transcriptsHandlers = (transcripts: TranscriptsService): Handlers<AppContract['transcripts']> => ({
  get: ({ episodeId }) => ok(transcripts.forReading(episodeId)),
  rungs: ({ episodeId }) => transcripts.rungs(episodeId),
  remember: (input) => transcripts.remember(input),
  versions: (input) => transcripts.versions(input),
  useVersion: (input) => transcripts.useVersion(input),
  text: (input) => transcripts.exports.text(input),
  export: (input) => transcripts.exports.export(input),
  corrections: (input) => transcripts.wording.corrections(input),
  previewCorrection: (input) => transcripts.wording.previewCorrection(input),
  addCorrection: (input) => transcripts.wording.addCorrection(input),
  removeCorrection: (input) => transcripts.wording.removeCorrection(input),
  speakers: (input) => transcripts.wording.speakers(input),
  nameSpeaker: (input) => transcripts.wording.nameSpeaker(input),
})
