import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { ok } from '#shared/result.ts'
import type { SpeechService } from './service.ts'

export const speechHandlers = (speech: SpeechService): Handlers<AppContract['speech']> => ({
  state: async () => ok(await speech.state()),
  download: ({ id }) => {
    const started = speech.download(id)
    return started.ok ? ok({}) : started
  },
  pause: async ({ id }) => {
    await speech.pause(id)
    return ok({})
  },
  remove: ({ id }) => speech.remove(id),
  verify: ({ id }) => speech.verify(id),
  importModel: ({ id, token }) => speech.importModel(id, token),
  setDefault: async ({ id }) => {
    const set = await speech.setDefault(id)
    return set.ok ? ok({}) : set
  },
  setDiarisation: ({ on }) => {
    speech.setDiarisation(on)
    return ok({})
  },
  chooseFolder: () => speech.chooseFolder(),
  chooseDecoder: () => speech.chooseDecoder(),
  probe: ({ id }) => speech.probe(id),
})
