import type { Credentials } from '../credentials/service.ts'
import type { ReadEpisodeFacts } from '../episodes/facts.ts'
import type { HostQueue } from '../net/host-queue.ts'
import type { Clock, Desktop, Downloader, Events, Http, Ids, Log, WorkerRunner } from '../ports.ts'
import type { OfferedFiles } from '../services.ts'
import type { Storage } from '../storage/storage.ts'

/** What the parts of this feature are built from. */
export interface FeedDeps {
  readonly storage: Storage
  readonly events: Events
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly http: Http
  readonly downloader: Downloader
  readonly hostQueue: HostQueue
  readonly workers: WorkerRunner
  readonly credentials: Credentials
  /** Of this profile, for hashes of addresses (credentials/profile-identity.ts). */
  readonly salt: Buffer
  /** Absolute. */
  readonly profilePath: string
  readonly desktop: Pick<Desktop, 'chooseFiles' | 'chooseSavePath'> | null
  readonly offeredFiles: OfferedFiles
  readonly facts?: ReadEpisodeFacts
  /** Episodes with notes, by feed id. */
  readonly notedCounts?: () => ReadonlyMap<string, number>
  /** Ends requests when the app goes. */
  readonly signal?: AbortSignal | undefined
  /** Another origin for tests; its host may then be on this computer. */
  readonly youTubeUrl?: string
  readonly appleUrl?: string
}
