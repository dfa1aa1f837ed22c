import { setTimeout as sleep } from 'node:timers/promises'
import { ok, type Result } from '#shared/result.ts'
import { createGoodCopies } from '../backup/good-copies.ts'
import { createKeychain } from '../credentials/keychain.ts'
import type { Credentials } from '../credentials/service.ts'
import { createSessionSecrets } from '../credentials/session-secrets.ts'
import { createEvents } from '../events.ts'
import { createLog, type FileLog } from '../log.ts'
import type { Clock } from '../ports.ts'
import type { Ballast } from '../storage/ballast.ts'
import type { StorageNotices } from '../storage/notices.ts'
import { openProfile } from '../storage/open-profile.ts'
import type { Storage, StorageFailure } from '../storage/storage.ts'
import { credentialsByProfile } from './kit-and-logs.ts'
import { type ProfileInUse, profileInUse, reviveWhenInUse } from './profile-in-use.ts'
import { sealedTables } from './sealed-tables.ts'

/** What every service stands on: the profile in use, opened. */
export interface Ground {
  readonly clock: Clock
  readonly log: FileLog
  readonly events: ReturnType<typeof createEvents>
  readonly place: ProfileInUse
  readonly storage: Storage
  readonly ballast: Ballast
  readonly notices: StorageNotices
  readonly credentialsOf: (profileId: string) => Credentials
}

/** Opens the profile that is in use below `basePath`; a damaged database is brought back first. */
export async function openGround(basePath: string, origin: string): Promise<Result<Ground, StorageFailure>> {
  const clock = { now: () => Date.now() }
  const place = profileInUse(basePath)
  const log = createLog(place.profilePath)
  const events = createEvents((error) => log.error('events.listener-failed', { error }))
  const keychain = createKeychain({ service: 'Inkwell' })
  const credentialsOf = credentialsByProfile({ keychain, session: createSessionSecrets(), log })
  const opened = await openProfile({
    profilePath: place.profilePath,
    clock,
    log,
    origin,
    sealedTables,
    goodCopies: createGoodCopies(basePath, { credentialsOf }),
    onNotice: () => events.emit('health.changed', {}),
  })
  if (!opened.ok) return opened
  if (place.problem !== null) log.warn('house.profile-pointer', { problem: place.problem })
  if (!(await reviveWhenInUse(place, opened.value.storage, sleep))) {
    opened.value.storage.close()
    return openGround(basePath, origin)
  }
  return ok({ ...opened.value, clock, log, events, place, credentialsOf })
}
