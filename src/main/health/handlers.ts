import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { ok } from '#shared/result.ts'
import type { HealthService } from './service.ts'

export const healthHandlers = (health: HealthService): Handlers<AppContract['health']> => ({
  report: () => ok(health.report()),
  running: () => ok(health.running()),
  check: ({ full }) => health.check(full),
  cancel: () => {
    health.cancel()
    return ok({})
  },
  previewMend: ({ findingId }) => health.previewMend(findingId),
  mend: ({ findingId, token }) => health.mend(findingId, token),
  leave: ({ findingId }) => health.leave(findingId),
  lookAgain: ({ findingId }) => health.lookAgain(findingId),
})
