import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { isAlive } from '../jobs/lease.ts'
import { errorCode } from '../storage/write-file.ts'
import type { BackupFs } from './archive/files.ts'

const passing = /^\.~inkwell-(?:backup|staging|restore)-(\d{1,10})-[0-9a-f]{12}(?:\.tmp)?$/
/** Of `writeFileAtomic`, which names no process. */
const atomic = /^\.~inkwell-file-[0-9a-f]{12}\.tmp$/
const dayMs = 86_400_000
/** A folder of backups may be on a disk in the network: the process of that number may be another computer's. */
const foreignMs = 3_600_000

/** Names what is not complete yet and which process makes it. */
export const passingName = (kind: 'backup' | 'staging' | 'restore'): string =>
  `.~inkwell-${kind}-${process.pid}-${randomBytes(6).toString('hex')}${kind === 'backup' ? '.tmp' : ''}`

/** A folder for plain copies, within the profile: never on the disk of the backups, which may be another's to see. */
export async function withStaging<Value>(
  profilePath: string,
  fs: BackupFs,
  work: (folder: string) => Promise<Value>,
): Promise<Value> {
  const folder = join(profilePath, passingName('staging'))
  await fs.mkdir(folder, { recursive: true, mode: 0o700 })
  try {
    return await work(folder)
  } finally {
    await fs.rm(folder, { recursive: true, force: true }).catch(() => {})
  }
}

/** Removes what a killed process left in these folders: of one that is dead, or a day old. @returns how many */
export async function sweepPassing(
  places: readonly string[],
  fs: BackupFs,
  { nowMs, alive = isAlive }: { nowMs: number; alive?: (pid: number) => boolean },
): Promise<number> {
  let swept = 0
  for (const place of places) {
    const names = await fs.readdir(place).catch(() => [] as string[])
    for (const name of names) {
      const pid = passing.exec(name)?.[1]
      if (pid === undefined && !atomic.test(name)) continue
      try {
        const { mtimeMs } = await fs.lstat(join(place, name))
        const mayLive = pid === undefined || alive(Number(pid))
        const isForeign = name.startsWith('.~inkwell-backup-') && pid !== String(process.pid)
        if (nowMs - mtimeMs < (mayLive ? dayMs : isForeign ? foreignMs : 0)) continue
        await fs.rm(join(place, name), { recursive: true, force: true })
        swept += 1
      } catch (error) {
        // Another process sweeps too, or it cannot be removed: tried again at the next start.
        if (!/^E/.test(errorCode(error))) throw error
      }
    }
  }
  return swept
}
