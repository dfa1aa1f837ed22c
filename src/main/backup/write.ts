import { dirname, join } from 'node:path'
import type { Result } from '#shared/result.ts'
import type { SealedTable } from '../storage/seals.ts'
import { errorCode, renameWaiting, syncFolder } from '../storage/write-file.ts'
import { collect, type FoundFile, findFiles, isCopied } from './archive/collect.ts'
import { attempt, BackupError, type BackupFailure } from './archive/failures.ts'
import { type BackupFs, digestOf } from './archive/files.ts'
import { backupName } from './archive/format.ts'
import { createFrameWriter } from './archive/frame.ts'
import { databaseName, type Manifest, manifestVersion } from './archive/manifest.ts'
import { pack } from './archive/pack.ts'
import { checkRoom } from './archive/room.ts'
import { copyDatabase, describeDatabase } from './database.ts'
import { inspect } from './inspect.ts'
import { passingName, withStaging } from './staging.ts'

export interface WriteInput {
  readonly profilePath: string
  /** A folder of backups, which is given a name by the time, or a file. */
  readonly target: { readonly folder: string } | { readonly file: string }
  readonly appVersion: string
  readonly madeAtMs: number
  readonly automatic: boolean
  readonly withMedia: boolean
  readonly passphrase: string | null
  /** Log2 of scrypt's cost; tests use a small one. */
  readonly workFactor?: number
}
export interface Written {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  readonly manifest: Manifest
}
export interface WorkPort {
  readonly fs: BackupFs
  readonly sealedTables: readonly SealedTable[]
  readonly progress: (fraction: number, words: string) => void
}

const kept = 'No backup was made; the ones from before are as they were.'

/**
 * Makes a backup: copies the database, writes one file under a passing name, reads all of it back, opens the database in
 * it, and only then gives the file its name.
 */
export const writeBackup = (input: WriteInput, port: WorkPort): Promise<Result<Written, BackupFailure>> =>
  attempt(kept, () => withStaging(input.profilePath, port.fs, (staging) => write(input, staging, port)))

async function write(input: WriteInput, staging: string, port: WorkPort): Promise<Written> {
  const { fs, progress } = port
  const folder = 'folder' in input.target ? input.target.folder : dirname(input.target.file)
  if (!(await fs.lstat(folder)).isDirectory() && !(await isFolderBehindLink(folder, fs)))
    throw new BackupError('folder-missing', `${folder} is not a folder. ${kept}`)
  const database = join(staging, databaseName)
  progress(0, 'Copying the database')
  const files = await findFiles(input.profilePath, input.withMedia, fs)
  await checkWriteRoom(input, folder, files.found, fs)
  await copyDatabase(join(input.profilePath, databaseName), database)
  progress(0.1, 'Reading what goes into it')
  const copy = await digestOf(database, fs, () => {})
  const total = files.found.reduce((sum, { bytes }) => sum + bytes, copy.bytes)
  const reading = counter(total, (done) => progress(0.1 + 0.2 * done, 'Reading what goes into it'))
  const collected = await collect(files, staging, fs, reading)
  const manifest: Manifest = {
    schemaVersion: manifestVersion,
    madeAtMs: input.madeAtMs,
    appVersion: input.appVersion,
    withMedia: input.withMedia,
    ...describeDatabase(database, port.sealedTables),
    entries: [{ path: databaseName, ...copy }, ...collected.entries],
    leftOut: collected.leftOut,
  }
  const temporary = join(folder, passingName('backup'))
  try {
    const sources = new Map([[databaseName, database], ...collected.sources])
    const made = await writeFile(temporary, input, manifest, sources, port, (done) =>
      progress(0.3 + 0.4 * (done / Math.max(1, total)), 'Writing the backup'),
    )
    const read = await inspect(
      { path: temporary, passphrase: input.passphrase, profilePath: input.profilePath },
      { ...port, progress: (done) => progress(0.7 + 0.3 * done, 'Reading it back') },
    )
    if (!read.ok)
      throw new BackupError(
        'not-written',
        `What was written does not read as it should (${read.error.message}) ${kept}`,
      )
    let path: string
    if ('file' in input.target) {
      path = input.target.file
      await renameWaiting(temporary, path, { fs })
    } else path = await giveFreeName(temporary, folder, input.madeAtMs, fs)
    await syncFolder(folder, fs)
    return { path, ...made, manifest }
  } catch (error) {
    await fs.unlink(temporary).catch(() => {})
    throw error
  }
}

const isFolderBehindLink = async (path: string, fs: BackupFs): Promise<boolean> =>
  (await fs.lstat(await fs.realpath(path))).isDirectory()

/** Of the database with its log; the copy of it is not larger. */
async function databaseBytes(path: string, fs: BackupFs): Promise<number> {
  let bytes = 0
  for (const name of [path, `${path}-wal`])
    bytes += await fs.lstat(name).then(
      ({ size }) => size,
      () => 0,
    )
  return bytes
}

/**
 * The copy of the database lies in the profile twice, as it is packed and as it is read back, and beside it what others
 * may change meanwhile. Compressed, words take a fourth; recordings take what they take.
 */
async function checkWriteRoom(
  { profilePath }: WriteInput,
  folder: string,
  files: readonly FoundFile[],
  fs: BackupFs,
): Promise<void> {
  const database = await databaseBytes(join(profilePath, databaseName), fs)
  const bytesOf = (some: readonly FoundFile[]): number => some.reduce((sum, { bytes }) => sum + bytes, 0)
  const needs = [
    { folder, bytes: bytesOf(files) + database / 2 },
    { folder: profilePath, bytes: 2 * database + bytesOf(files.filter(({ path }) => isCopied(path))) },
  ]
  await checkRoom(needs, 'the backup', kept, fs)
}

async function writeFile(
  path: string,
  input: WriteInput,
  manifest: Manifest,
  sources: ReadonlyMap<string, string>,
  { fs }: WorkPort,
  onDone: (bytes: number) => void,
): Promise<{ sha256: string; bytes: number }> {
  const file = await fs.open(path, 'wx', 0o600)
  try {
    const out = createFrameWriter(file, {
      format: 'inkwell-backup',
      version: 1,
      madeAtMs: input.madeAtMs,
      app: input.appVersion,
      automatic: input.automatic,
      media: input.withMedia,
      compression: 'zstd',
      encryption: input.passphrase === null ? null : 'age',
      profile: manifest.profileId,
      chunk: 65_536,
    })
    let done = 0
    await pack(out, manifest, sources, {
      fs,
      passphrase: input.passphrase,
      workFactor: input.workFactor,
      onBytes: (bytes) => {
        done += bytes
        onDone(done)
      },
    })
    return await out.finish()
  } finally {
    await file.close()
  }
}

/** Two in one second get two names: a backup never takes the place of another, whichever process made it. */
async function giveFreeName(temporary: string, folder: string, madeAtMs: number, fs: BackupFs): Promise<string> {
  for (let atMs = madeAtMs; ; atMs += 1_000) {
    const path = join(folder, backupName(atMs))
    try {
      await fs.link(temporary, path)
      // What cannot be removed is swept at a later start.
      await fs.unlink(temporary).catch(() => {})
      return path
    } catch (error) {
      if (errorCode(error) === 'EEXIST') continue
      if (!linksNotOffered.has(errorCode(error))) throw error
    }
    // A disk without hard links: the look and the rename cannot be one step there.
    if (await isFree(path, fs)) {
      await renameWaiting(temporary, path, { fs })
      return path
    }
  }
}

const linksNotOffered: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'])

async function isFree(path: string, fs: BackupFs): Promise<boolean> {
  try {
    await fs.lstat(path)
    return false
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true
    throw error
  }
}

const counter = (total: number, tell: (fraction: number) => void): ((bytes: number) => void) => {
  let done = 0
  return (bytes) => {
    done += bytes
    tell(Math.min(1, done / Math.max(1, total)))
  }
}
