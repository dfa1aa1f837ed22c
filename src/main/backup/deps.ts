import type { ProfileInUse } from '../compose/profile-in-use.ts'
import type { Credentials } from '../credentials/service.ts'
import type { FileOffers } from '../intake/offered-files.ts'
import type { Clock, Desktop, Events, Log } from '../ports.ts'
import type { Storage } from '../storage/storage.ts'
import type { BackupFs } from './archive/files.ts'
import type { BackupTasks } from './tasks.ts'

export interface BackupDeps {
  readonly storage: Storage
  readonly events: Events
  readonly clock: Clock
  readonly log: Log
  readonly tasks: BackupTasks
  readonly credentials: Credentials
  /** Of the profile that a backup was made of, which may be another than the one in use. */
  readonly credentialsOf: (profileId: string) => Credentials
  readonly place: ProfileInUse
  readonly version: string
  readonly desktop: Pick<Desktop, 'chooseFolder' | 'chooseFiles' | 'relaunch'> | null
  readonly offeredFiles: FileOffers
  readonly fs?: BackupFs
  /** Log2 of scrypt's cost; tests use a small one. */
  readonly workFactor?: number
}
