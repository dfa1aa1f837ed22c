import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { ok } from '#shared/result.ts'
import type { RetentionService } from './service.ts'

export const retentionHandlers = (retention: RetentionService): Handlers<AppContract['retention']> => ({
  rules: async () => ok(await retention.rules()),
  set: (change) => retention.set(change),
  preview: async () => ok(await retention.preview()),
  sweep: ({ token }) => retention.sweep(token),
})
