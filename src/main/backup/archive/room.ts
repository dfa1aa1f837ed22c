import { BackupError } from './failures.ts'
import type { BackupFs } from './files.ts'

/** What will lie in a folder at once, beside what is there now. */
export interface Need {
  readonly folder: string
  readonly bytes: number
}

/**
 * Asked before the first byte is written: folders on one disk share its room. A disk that fills up meanwhile is noticed
 * all the same. Throws BackupError. @param what e.g. "the backup" @param kept what is as it was
 */
export async function checkRoom(needs: readonly Need[], what: string, kept: string, fs: BackupFs): Promise<void> {
  const disks = new Map<number, Need>()
  for (const { folder, bytes } of needs) {
    const { dev } = await fs.lstat(await fs.realpath(folder))
    const known = disks.get(dev)
    disks.set(dev, { folder: known?.folder ?? folder, bytes: (known?.bytes ?? 0) + bytes })
  }
  for (const { folder, bytes } of disks.values()) {
    const { bavail, bsize } = await fs.statfs(folder)
    if (bavail * bsize < bytes)
      throw new BackupError(
        'no-space',
        `The disk of ${folder} has ${megabytes(Math.floor((bavail * bsize) / 1e6))} left; ${what} needs about ${megabytes(Math.ceil(bytes / 1e6))} there. ${kept}`,
        true,
      )
  }
}

const megabytes = (count: number): string => `${count.toLocaleString('en')} MB`
