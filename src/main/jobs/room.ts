import { statfsSync } from 'node:fs'

const reserveBytes = 64 * 1_048_576
/** Of a small disk, a stick for example, less is asked. */
const reservePart = 1 / 20

/** Words while a job must wait for room; null when it may start. */
export type JobRoom = (vaultPath: string) => string | null

/**
 * What must be free before a job starts, where the profile is and where its notes go: work that is begun is never thrown
 * away for want of room. A folder that is away is not its matter: the job itself says that.
 * @param disk what is free and in all where a path is, in bytes, for tests
 */
export function createJobRoom(profilePath: string, disk: typeof diskOf = diskOf): JobRoom {
  const short = (path: string, where: string): string | null => {
    const found = disk(path)
    if (!found) return null
    const needed = Math.min(reserveBytes, found.totalBytes * reservePart)
    return found.freeBytes < needed
      ? `Waits for room on the disk${where}: ${megabytes(found.freeBytes)} free, ${megabytes(needed)} needed.`
      : null
  }
  return (vaultPath) => short(profilePath, '') ?? short(vaultPath, ' of the notes folder')
}

function diskOf(path: string): { freeBytes: number; totalBytes: number } | null {
  try {
    const { bavail, blocks, bsize } = statfsSync(path)
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
  } catch {
    return null
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(bytes < 10 * 1_048_576 ? 1 : 0)} MB`
