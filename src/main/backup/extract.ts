import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Result } from '#shared/result.ts'
import { restoredFolder, restoredMark } from '../compose/profile-in-use.ts'
import { refusalOf } from '../storage/migrate.ts'
import { migrations } from '../storage/migrations/index.ts'
import { openStorage } from '../storage/storage.ts'
import { renameWaiting, syncFolder, writeNewFile } from '../storage/write-file.ts'
import { attempt, BackupError, type BackupFailure, damaged } from './archive/failures.ts'
import { type BackupFs, newFile } from './archive/files.ts'
import { checkFrame } from './archive/frame.ts'
import { databaseBytesIn, databaseName, type Manifest } from './archive/manifest.ts'
import { checkRoom } from './archive/room.ts'
import { unpack } from './archive/unpack.ts'
import { describeDatabase } from './database.ts'
import { checkDatabase } from './inspect.ts'
import { passingName } from './staging.ts'
import type { WorkPort } from './write.ts'

export interface ExtractInput {
  readonly path: string
  readonly passphrase: string | null
  readonly basePath: string
  /** Of the backup whose plan was looked at; null: whatever it is. */
  readonly sha256: string | null
  readonly nowMs: number
}
export interface Extracted {
  /** Absolute; complete, verified, and not in use yet. */
  readonly profilePath: string
  readonly manifest: Manifest
}

const kept = 'The profile in use is as it was.'

/**
 * Makes a whole new profile of a backup, under a passing name, brings it to this version's schema and compares it with
 * the manifest; only a profile without a fault gets its name.
 */
export const extractProfile = (input: ExtractInput, port: WorkPort): Promise<Result<Extracted, BackupFailure>> =>
  attempt(kept, async () => {
    const { fs } = port
    const parent = join(input.basePath, restoredFolder)
    await fs.mkdir(parent, { recursive: true, mode: 0o700 })
    await syncFolder(input.basePath, fs)
    const making = join(parent, passingName('restore'))
    await fs.mkdir(making, { mode: 0o700 })
    try {
      const manifest = await fill(making, input, port)
      await bringUp(join(making, databaseName), manifest, port, input.nowMs)
      await writeNewFile(join(making, restoredMark), `${JSON.stringify(markOf(manifest, input))}\n`, { fs })
      await syncFolder(making, fs)
      const profilePath = join(parent, stampOf(input.nowMs))
      await renameWaiting(making, profilePath, { fs })
      await syncFolder(parent, fs)
      return { profilePath, manifest }
    } catch (error) {
      await fs.rm(making, { recursive: true, force: true }).catch(() => {})
      throw error
    }
  })

const stampOf = (nowMs: number): string => new Date(nowMs).toISOString().replace(/[:.]/g, '')

const markOf = (manifest: Manifest, { nowMs }: ExtractInput) => ({
  schemaVersion: 1,
  madeAtMs: manifest.madeAtMs,
  restoredAtMs: nowMs,
})

async function fill(folder: string, input: ExtractInput, { fs, progress }: WorkPort): Promise<Manifest> {
  const { size } = await fs.lstat(input.path)
  let read = 0
  const frame = await checkFrame(input.path, fs, (bytes) => {
    read += bytes
    progress(0.2 * Math.min(1, read / size), 'Reading the backup')
  })
  if (input.sha256 !== null && frame.sha256 !== input.sha256)
    throw new BackupError(
      'changed-meanwhile',
      `The backup is another one than you looked at. ${kept} Look at it again.`,
    )
  const made = new Set<string>([folder])
  let total = 1
  let done = 0
  const manifest = await unpack(frame, {
    fs,
    passphrase: input.passphrase,
    sink: async (path) => {
      const target = join(folder, ...path.split('/'))
      await makeFolder(dirname(target), made, fs)
      return newFile(target, fs)
    },
    onManifest: async ({ entries, databaseSchema }) => {
      const latest = migrations.at(-1)?.version ?? 0
      if (databaseSchema > latest)
        throw new BackupError(
          'newer',
          `A newer Inkwell made this backup (schema ${databaseSchema}, this one knows ${latest}). ${kept} Update Inkwell to restore it.`,
        )
      total = entries.reduce((sum, { bytes }) => sum + bytes, 1)
      // An older one is copied once more before it is brought up.
      const copied = databaseSchema < latest ? databaseBytesIn(entries) : 0
      await checkRoom([{ folder, bytes: total + copied }], 'the restored profile', kept, fs)
    },
    onBytes: (bytes) => {
      done += bytes
      progress(0.2 + 0.6 * (done / total), 'Restoring into a new profile')
    },
  })
  for (const path of [...made].reverse()) await syncFolder(path, fs)
  return manifest
}

async function makeFolder(path: string, made: Set<string>, fs: BackupFs): Promise<void> {
  if (made.has(path)) return
  await makeFolder(dirname(path), made, fs)
  await fs.mkdir(path, { mode: 0o700 })
  made.add(path)
}

/** Backups have no pictures: each is fetched when its feed is next read, and then all of the feed is read. */
const picturesToCome = `UPDATE feeds SET artwork_sha256 = NULL, artwork_type = NULL, artwork_key = NULL,
  artwork_tried_at_ms = NULL, etag = NULL, last_modified = NULL, body_sha256 = NULL WHERE artwork_sha256 IS NOT NULL`

/** As it was when it was backed up, and then as this version's migrations leave it. */
async function bringUp(path: string, manifest: Manifest, port: WorkPort, nowMs: number): Promise<void> {
  port.progress(0.85, 'Verifying the new profile')
  const before = checkDatabase(path, manifest, port)
  refuseNewer(path)
  const opened = await openStorage(path, { clock: { now: () => nowMs }, origin: 'restore' })
  if (!opened.ok) throw new BackupError('database-damaged', `${opened.error.message} ${kept}`)
  // It may have been made between a switch that was killed and the next start.
  opened.value.writeUnaudited((tx) => {
    tx.run('DROP TRIGGER IF EXISTS profile_replaced')
    tx.run(picturesToCome)
  })
  opened.value.close()
  // The backup itself is the copy from before the migration.
  for (const name of await port.fs.readdir(dirname(path)))
    if (name.startsWith(`${databaseName}.before-`)) await port.fs.unlink(join(dirname(path), name))
  port.progress(0.95, 'Verifying the new profile')
  const after = describeDatabase(path, port.sealedTables)
  for (const [name, count] of Object.entries(before.counts))
    if (after.counts[name as keyof typeof after.counts] !== count)
      throw damaged(`after the schema was brought up, ${name} are no longer ${count}`)
  const known = new Set(before.flaws)
  const fresh = after.flaws.find((flaw) => !known.has(flaw))
  if (fresh !== undefined) throw damaged(`after the schema was brought up, ${fresh}`)
}

function refuseNewer(path: string): void {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    const refusal = refusalOf(database, migrations)
    if (refusal && !refusal.ok) throw new BackupError('newer', refusal.error.message)
  } finally {
    database.close()
  }
}
