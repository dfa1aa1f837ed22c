import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { Credentials } from '../credentials/service.ts'
import type { Clock, Log } from '../ports.ts'
import type { Storage } from '../storage/storage.ts'
import { errorCode, type FileSystem, syncFolder } from '../storage/write-file.ts'
import { isBlob, isReferenced, isSweepable, notesAreWhole } from './references.ts'
import { type SweepFileRow, sweepFiles, sweptSecrets } from './store.ts'

export interface FinishDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Log
  /** Absolute. */
  readonly profilePath: string
  readonly fs: FileSystem
  readonly wait: (ms: number) => Promise<unknown>
  readonly credentials: Pick<Credentials, 'delete'>
}

/**
 * Whoever found the content here a moment ago (the same recording dropped again) commits the row that names it within
 * this time.
 */
const graceMs = 2_000
/**
 * Whoever writes a note puts its text first and commits the row that names it afterwards, however long the database is
 * busy. A text that is there already gets the time of the day then.
 */
const textGraceMs = 10 * 60_000
const folderName = 'sweep'

type IsNamed = (path: string) => boolean

/**
 * Removes what committed sweeps forgot, and may end anywhere: each file is first put aside, and goes after a moment in
 * which nobody named it. One that is named again goes back to its place. Several processes may do this at once.
 * @returns whether everything is gone
 */
export async function finishSweeps(deps: FinishDeps): Promise<boolean> {
  const { storage, clock, wait } = deps
  const forgotten = sweepFiles.all(storage)
  const sparesTexts = forgotten.some(({ path }) => isBlob(path)) && !(await notesAreWhole(storage))
  const isNamed: IsNamed = (path) => (sparesTexts && isBlob(path)) || isReferenced(storage, path)
  for (const row of forgotten)
    if (row.aside_at_ms === null) await guarded(deps, row, () => putAside(deps, row, isNamed))
  const aside = sweepFiles.all(storage).filter(({ aside_at_ms }) => aside_at_ms !== null)
  const youngest = Math.max(0, ...aside.map(({ aside_at_ms }) => graceMs - (clock.now() - aside_at_ms!)))
  if (youngest > 0) await wait(Math.min(youngest, graceMs))
  for (const row of aside) await guarded(deps, row, () => remove(deps, row, isNamed))
  await forgetSecrets(deps)
  return sweepFiles.all(storage).length === 0 && sweptSecrets.open(storage).length === 0
}

async function guarded({ log }: FinishDeps, row: SweepFileRow, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const code = errorCode(error)
    if (code === '' || code.startsWith('ERR_')) throw error
    // Held by another program, or a disk that fails: tried again by the next sweep.
    log.warn('retention.file-kept', { file: row.path, code })
  }
}

const asidePath = (profilePath: string, path: string): string =>
  join(profilePath, folderName, createHash('sha256').update(path).digest('hex').slice(0, 32))

async function putAside(
  { storage, clock, log, profilePath, fs }: FinishDeps,
  { path }: SweepFileRow,
  isNamed: IsNamed,
): Promise<void> {
  const done = (): void => storage.writeUnaudited((tx) => sweepFiles.delete(tx, path))
  const place = join(profilePath, path)
  const there = await exists(fs, place)
  const aside = asidePath(profilePath, path)
  if (!isSweepable(path) || (there && (isNamed(path) || (await isWanted(fs, path, place, clock))))) {
    log.info('retention.file-spared', { file: path })
    // An earlier turn may have left the same content aside.
    if (isSweepable(path)) await unlinkIfThere(fs, aside)
    return done()
  }
  if (there) {
    await fs.mkdir(join(profilePath, folderName), { mode: 0o700 }).catch(ignoring('EEXIST'))
    await fs.rename(place, aside).catch(ignoring('ENOENT'))
    await syncFolder(dirname(place), fs)
  }
  storage.writeUnaudited((tx) => sweepFiles.setAside(tx, path, clock.now()))
}

async function remove(
  { storage, clock, log, profilePath, fs }: FinishDeps,
  { path }: SweepFileRow,
  isNamed: IsNamed,
): Promise<void> {
  const [place, aside] = [join(profilePath, path), asidePath(profilePath, path)]
  // Asked for between the look and the rename, its time is a new one too.
  const isNeeded = isNamed(path) || (await isWanted(fs, path, aside, clock))
  const there = await exists(fs, place)
  if (isNeeded && !there && (await exists(fs, aside))) {
    await fs.rename(aside, place).catch(ignoring('ENOENT'))
    await syncFolder(dirname(place), fs)
    log.info('retention.file-spared', { file: path })
  } else await unlinkIfThere(fs, aside)
  storage.writeUnaudited((tx) =>
    // Somebody made it anew, or a power cut undid the rename: looked at again next time, not removed in the same breath.
    there && !isNeeded ? sweepFiles.setAside(tx, path, null) : sweepFiles.delete(tx, path),
  )
}

/** A keychain that is locked is asked again next time. */
async function forgetSecrets({ storage, clock, credentials }: FinishDeps): Promise<void> {
  for (const subject of sweptSecrets.open(storage)) {
    const gone = await credentials.delete(subject)
    if (gone.ok) storage.writeUnaudited((tx) => sweptSecrets.close(tx, subject, clock.now()))
  }
}

/** A text that was put a moment ago, by whoever has not committed yet. @param at where the file is */
async function isWanted(fs: FileSystem, path: string, at: string, clock: Clock): Promise<boolean> {
  if (!isBlob(path)) return false
  const file = await fs.lstat(at).catch(ignoring('ENOENT'))
  return file !== undefined && Math.abs(clock.now() - file.mtimeMs) < textGraceMs
}

const exists = async (fs: FileSystem, path: string): Promise<boolean> => {
  try {
    return (await fs.lstat(path)).isFile()
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
}
const unlinkIfThere = (fs: FileSystem, path: string): Promise<void> => fs.unlink(path).catch(ignoring('ENOENT'))

const ignoring =
  (...codes: string[]) =>
  (error: unknown): undefined => {
    if (!codes.includes(errorCode(error))) throw error
  }
