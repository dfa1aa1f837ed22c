import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { ok } from '#shared/result.ts'
import type { AuditService } from './service.ts'

export const auditHandlers = (audit: AuditService): Handlers<AppContract['audit']> => ({
  list: async (input) => ok(await audit.list(input)),
  exportTo: (input) => audit.exportTo(input),
})
