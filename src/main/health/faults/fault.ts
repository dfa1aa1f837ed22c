import type { HealthHouse } from '../health-testing.ts'

/** One trouble, brought in past Inkwell, and what a check must say of it: this and nothing else. */
export interface Fault {
  readonly name: string
  inject(house: HealthHouse): void | Promise<void>
  /** Id of the only finding. */
  readonly finds: string
  /** Seen by the quick check at start too. */
  readonly quick?: boolean
  /** Seen by the quick check only: the full one mends it by looking. */
  readonly quickOnly?: boolean
  /** False: only the user can mend it. Otherwise the mend brings the house back to no finding. */
  readonly mends: boolean
}
