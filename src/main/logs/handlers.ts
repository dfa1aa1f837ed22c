import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { ok } from '#shared/result.ts'
import type { LogsService } from './service.ts'

export const logsHandlers = (logs: LogsService): Handlers<AppContract['logs']> => ({
  tail: async (input) => ok(await logs.tail(input)),
  prepareBundle: async () => ok(await logs.prepareBundle()),
  saveBundle: ({ token, leaveOut }) => logs.saveBundle(token, leaveOut),
})
