import type { AppEvents } from '#shared/contract/types.ts'
import { createAuditService } from '../audit/service.ts'
import { createThrottle } from '../jobs/throttle.ts'
import type { Desktop, Events } from '../ports.ts'
import { createRetentionService, type RetentionDeps } from '../retention/service.ts'

/** The trail of changes, and what is kept for how long. */
export function joinKeeping(
  deps: Omit<RetentionDeps, 'events'> & {
    readonly desktop: Desktop | null
    readonly events: Events & { onAny(listener: (event: keyof AppEvents) => void): () => void }
  },
) {
  const { storage, clock, desktop, events } = deps
  const tell = createThrottle<null>(1_000, () => events.emit('audit.changed', {}))
  // Whatever changed has left a row.
  events.onAny((event) => {
    if (event.endsWith('.changed') && event !== 'audit.changed') tell(null)
  })
  return { audit: createAuditService({ reader: storage, clock, desktop }), retention: createRetentionService(deps) }
}
