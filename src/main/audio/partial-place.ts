import { open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive } from '../jobs/lease.ts'
import { discardPartial } from '../net/partial-file.ts'

const partial = /^(\.partial-[0-9a-f-]{36})(?:-(\d{1,10}))?$/
/** A download that nobody went on with for so long is given up. */
const givenUpMs = 7 * 86_400_000

export interface PartialPlace {
  readonly path: string
  /** Lets the next process have it. */
  release(): Promise<void>
}

/**
 * Where a download of an episode is gathered. One process at a time has the place that outlives it; a second one that
 * wants the same recording at the same time gathers its own.
 */
export async function takePartialPlace(mediaFolder: string, episodeId: string): Promise<PartialPlace> {
  const path = join(mediaFolder, `.partial-${episodeId}`)
  const lock = `${path}.lock`
  for (let tries = 0; tries < 2; tries++) {
    try {
      const file = await open(lock, 'wx', 0o600)
      await file.writeFile(String(process.pid))
      await file.close()
      return { path, release: () => rm(lock, { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const holder = Number(await readFile(lock, 'utf8').catch(() => ''))
      if (holder !== process.pid && (holder === 0 || isAlive(holder))) break
      // Its process is gone, or was this one's number before.
      await rm(lock, { force: true })
    }
  }
  const own = `${path}-${process.pid}`
  return { path: own, release: () => discardPartial(own) }
}

/** Removes downloads that were given up, and those of processes that are dead and that nobody else would go on with. */
export async function sweepPartials(mediaFolder: string, nowMs: number): Promise<number> {
  let swept = 0
  for (const name of await readdir(mediaFolder).catch(() => [])) {
    const match = partial.exec(name)
    if (!match) continue
    const path = join(mediaFolder, name)
    const found = await stat(path).catch(() => null)
    if (!found?.isFile()) continue
    const isOrphan = match[2] !== undefined && !isAlive(Number(match[2]))
    if (!isOrphan && nowMs - found.mtimeMs < givenUpMs) continue
    await discardPartial(path)
    await rm(`${path}.lock`, { force: true })
    swept += 1
  }
  return swept
}
