import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { systemFs } from '../backup/archive/files.ts'
import { switchTo } from '../backup/switching.ts'
import type { ProfileChoice, Profiles } from '../health/ports.ts'
import type { Clock } from '../ports.ts'
import type { Storage } from '../storage/storage.ts'
import {
  isRetired,
  type ProfileInUse,
  placePath,
  pointerName,
  profileInUse,
  restoredFolder,
  restoredMark,
  writePointer,
} from './profile-in-use.ts'

/** What is known of a profile without being in use: read only. Null for one that is not whole. */
function lookInto(basePath: string, place: string): { isRetired: boolean; lastChangeMs: number; notes: number } | null {
  const file = join(placePath(basePath, place), 'inkwell.db')
  if (!existsSync(file)) return null
  let database: DatabaseSync | null = null
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: 2_000 })
    const get = (sql: string) => database!.prepare(sql).get() as Record<string, number | null> | undefined
    const { last, notes } = get(
      'SELECT (SELECT max(at_ms) FROM audit) AS last, (SELECT count(*) FROM note_files) AS notes',
    )!
    return {
      isRetired: isRetired({ get: (sql: string) => database!.prepare(sql).get() as never }),
      lastChangeMs: last ?? 0,
      notes: notes ?? 0,
    }
  } catch {
    return null
  } finally {
    database?.close()
  }
}

/** When a restored profile was made; null for one that is not complete. */
function restoredAtMs(basePath: string, place: string): number | null {
  try {
    const mark = JSON.parse(readFileSync(join(placePath(basePath, place), restoredMark), 'utf8')) as object
    return 'restoredAtMs' in mark && typeof mark.restoredAtMs === 'number' ? mark.restoredAtMs : 0
  } catch {
    return null
  }
}

const restoredPlaces = (basePath: string): string[] => {
  try {
    return readdirSync(join(basePath, restoredFolder))
      .filter((name) => /^[0-9A-Za-z-]{1,40}$/.test(name))
      .map((name) => `${restoredFolder}/${name}`)
      .sort()
  } catch {
    return []
  }
}

/**
 * Which profile is in use when the pointer does not say: every one that was left was retired, so that it is the one that
 * was restored, used, and never left. Null when there is none but the one in use now.
 */
function neverLeft(basePath: string, inUse: string): ProfileChoice | null {
  const found = restoredPlaces(basePath).flatMap((place) => {
    const madeAtMs = restoredAtMs(basePath, place)
    if (place === inUse || madeAtMs === null) return []
    const inside = lookInto(basePath, place)
    if (!inside || inside.isRetired || inside.lastChangeMs <= madeAtMs) return []
    return [{ place, path: placePath(basePath, place), lastChangeMs: inside.lastChangeMs, notes: inside.notes }]
  })
  return found.toSorted((one, other) => other.lastChangeMs - one.lastChangeMs)[0] ?? null
}

/** What health does about a pointer (`current-profile.json`) that cannot be followed, or is gone. */
export function healthProfiles(deps: {
  readonly storage: Storage
  readonly clock: Clock
  readonly place: ProfileInUse
  /** The pointer may name another profile now: the app opens again with it. */
  readonly noticeSwitch: () => void
}): Profiles {
  const { storage, clock, place } = deps
  const { basePath } = place
  const pointerPath = join(basePath, pointerName)
  const choiceOf = (inUse: string): ProfileChoice => {
    const inside = lookInto(basePath, inUse)
    const { lastChangeMs, notes } = inside ?? { lastChangeMs: 0, notes: 0 }
    return { place: inUse, path: placePath(basePath, inUse), lastChangeMs, notes }
  }
  return {
    look: () => {
      const { pointer, problem, profilePath } = profileInUse(basePath)
      // Another process has switched: this one opens again by itself.
      if (problem === null && profilePath !== place.profilePath) return null
      const inUse = place.pointer.path
      const gone = problem === null && !existsSync(pointerPath) ? neverLeft(basePath, inUse) : null
      if (problem === null && gone === null) return null
      return {
        problem:
          problem ??
          `${pointerName} is gone. The profile in ${placePath(basePath, inUse)} is in use, and the one that was restored into ${gone!.path} is not.`,
        // One that can be followed names the right one, although something else in it has rotted.
        right:
          gone ??
          (isFollowed(basePath, pointer.path) ? choiceOf(inUse) : (neverLeft(basePath, inUse) ?? choiceOf(inUse))),
        inUse: choiceOf(inUse),
      }
    },
    use: async (to) => {
      const aside = `${pointerPath}.damaged-${new Date(clock.now()).toISOString().slice(0, 10)}`
      // What it said may tell a person more than it tells Inkwell.
      await systemFs.link(pointerPath, aside).catch(() => {})
      if (to === place.pointer.path) {
        storage.write('health.mend.profile', (tx) => tx.audit('profile', { pointer: 'damaged' }, { profile: to }))
        await writePointer(basePath, { path: to, previous: null, older: [], forgetting: [], switchedAtMs: clock.now() })
        return { ok: true, value: null }
      }
      const switched = await switchTo({ storage, clock, place }, systemFs, {
        place: to,
        action: 'health.mend.profile',
        remark: 'the pointer was damaged',
      })
      if (switched.ok) deps.noticeSwitch()
      return switched
    },
  }
}

/** Whether the pointer on the disk names this place, whatever else is wrong with it. */
function isFollowed(basePath: string, place: string): boolean {
  try {
    const { path } = JSON.parse(readFileSync(join(basePath, pointerName), 'utf8')) as { path?: unknown }
    return path === place
  } catch {
    return false
  }
}
