import type { Price } from '#shared/contract/costs.ts'
import type { Credentials } from '../credentials/service.ts'
import type { Resolve } from '../net/agents.ts'
import type { Clock, Events, Log } from '../ports.ts'
import type { Spending } from '../services-models.ts'
import type { Storage } from '../storage/storage.ts'
import type { WireLimits } from './agents.ts'
import type { Endpoints } from './providers.ts'
import type { Wait } from './wait.ts'

export interface ModelsDeps {
  readonly storage: Storage
  readonly events: Events
  readonly clock: Clock
  readonly log: Log
  readonly credentials: Credentials
  readonly spending: Spending
  /** Null when no price is known, which is never nothing. */
  readonly priceOf: (provider: string, model: string) => Price | null
  /** Marks all of a provider's work as free, or takes that mark away. */
  readonly setFree: (provider: string, free: boolean) => void
  /** Of the built-in providers; their own by default. */
  readonly endpoints?: Endpoints
  readonly limits?: Partial<WireLimits>
  /** Names to addresses; the system's resolver by default. */
  readonly resolve?: Resolve
  readonly wait?: Wait
  readonly random?: () => number
}
