import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { ok } from '#shared/result.ts'
import type { AppService } from './service.ts'

export const appHandlers = (app: AppService): Handlers<AppContract['app']> => ({
  info: () => ok(app.info()),
  openExternal: ({ url }) => app.openExternal(url),
  reportDefect: ({ message, stack }) => ok(app.reportDefect(message, stack)),
})
