import { randomBytes } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive } from '../jobs/lease.ts'

const pattern = /^\.incoming-(?:(\d{1,10})-)?[0-9a-f]{16}$/
const dayMs = 86_400_000

export const mediaFolder = (profilePath: string): string => join(profilePath, 'media')

/** Name of a copy that is not complete yet; it says which process makes it. */
export const incomingName = (): string => `.incoming-${process.pid}-${randomBytes(8).toString('hex')}`

/**
 * Removes copies that a killed process left half done: those of a process that is dead, and those a day old, whatever
 * number has their process now. @returns how many
 */
export async function sweepIncoming(
  profilePath: string,
  { nowMs, alive = isAlive }: { nowMs: number; alive?: (pid: number) => boolean },
): Promise<number> {
  const folder = mediaFolder(profilePath)
  let swept = 0
  for (const name of await readdir(folder).catch(() => [])) {
    const match = pattern.exec(name)
    if (!match) continue
    const path = join(folder, name)
    const found = await stat(path).catch(() => null)
    if (!found?.isFile()) continue
    const isDead = match[1] !== undefined && !alive(Number(match[1]))
    if (!isDead && nowMs - found.mtimeMs < dayMs) continue
    await rm(path, { force: true })
    swept += 1
  }
  return swept
}
