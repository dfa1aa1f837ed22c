import { freeBytesNow } from '../storage/disk-room.ts'
import type { Storage } from '../storage/storage.ts'

const worthBytes = 32_000_000
/** In use. More would lock other processes out for longer than they wait. */
const largestBytes = 1_000_000_000

/**
 * Shortens SQLite's log. The pages that a sweep freed stay in the database's file and are used again by what comes next;
 * the file itself is made smaller only where nobody waits for a window, when a quarter of it is free, and when the disk
 * has room for the copy that this takes. @returns whether the file was made smaller
 */
export function giveBack(storage: Storage, profilePath: string, mayHoldUp: boolean): boolean {
  storage.get('PRAGMA wal_checkpoint(TRUNCATE)')
  if (!mayHoldUp) return false
  const pragma = (name: string): number =>
    Number(Object.values(storage.get<object>(`PRAGMA ${name}`) ?? { none: 0 })[0])
  const pageBytes = pragma('page_size')
  const [size, free] = [pragma('page_count') * pageBytes, pragma('freelist_count') * pageBytes]
  const used = size - free
  if (free < worthBytes || free < size / 4 || used > largestBytes) return false
  // The copy, and the log through which it comes back.
  if (freeBytesNow(profilePath) < 2 * used + worthBytes) return false
  storage.get('VACUUM')
  storage.get('PRAGMA wal_checkpoint(TRUNCATE)')
  return true
}
