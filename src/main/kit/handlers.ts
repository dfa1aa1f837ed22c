import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { ok } from '#shared/result.ts'
import type { KitService } from './service.ts'

export const kitHandlers = (kit: KitService): Handlers<AppContract['kit']> => ({
  status: async () => ok(await kit.status()),
  suggestWords: () => ok(kit.suggestWords()),
  make: ({ words }) => kit.make(words),
  chooseFile: () => kit.chooseFile(),
  test: ({ token, words }) => kit.test(token, words),
  restore: ({ token, words, replace }) => kit.restore(token, words, replace),
})
