import { join } from 'node:path'
import type { Result } from '#shared/result.ts'
import { attempt, type BackupFailure, damaged } from './archive/failures.ts'
import { newFile } from './archive/files.ts'
import type { Header } from './archive/format.ts'
import { checkFrame } from './archive/frame.ts'
import { databaseBytesIn, databaseName, type Manifest } from './archive/manifest.ts'
import { checkRoom } from './archive/room.ts'
import { unpack } from './archive/unpack.ts'
import {
  type DatabaseFacts,
  describeDatabase,
  differenceOf,
  type PrivateFeed,
  pageDamage,
  privateFeedsIn,
} from './database.ts'
import { withStaging } from './staging.ts'
import type { WorkPort } from './write.ts'

export interface InspectInput {
  readonly path: string
  readonly passphrase: string | null
  /** The database is opened in a passing folder of this profile. */
  readonly profilePath: string
}
export interface Inspected {
  readonly header: Header
  readonly bytes: number
  readonly sha256: string
  readonly manifest: Manifest
  /** Plain objects: they come from a worker. */
  readonly privateFeeds: PrivateFeed[]
}

/**
 * Reads every byte of a backup, compares each entry with the manifest, opens its database and counts. Writes nothing
 * that stays.
 */
export const inspect = (input: InspectInput, port: WorkPort): Promise<Result<Inspected, BackupFailure>> =>
  attempt('Nothing was changed.', () =>
    withStaging(input.profilePath, port.fs, async (staging) => {
      const { fs, progress } = port
      const { size } = await fs.lstat(input.path)
      let read = 0
      const frame = await checkFrame(input.path, fs, (bytes) => {
        read += bytes
        progress(0.4 * (read / size), 'Reading the backup')
      })
      const database = join(staging, databaseName)
      let total = 1
      let done = 0
      const manifest = await unpack(frame, {
        fs,
        passphrase: input.passphrase,
        sink: async (path) => (path === databaseName ? newFile(database, fs) : null),
        onManifest: async ({ entries }) => {
          const need = { folder: staging, bytes: databaseBytesIn(entries) }
          await checkRoom([need], 'a look into the backup', 'Nothing was changed.', fs)
          total = entries.reduce((sum, { bytes }) => sum + bytes, 1)
        },
        onBytes: (bytes) => {
          done += bytes
          progress(0.4 + 0.5 * (done / total), 'Comparing what is in it')
        },
      })
      progress(0.9, 'Opening its database')
      checkDatabase(database, manifest, port)
      progress(1, 'Opening its database')
      return {
        header: frame.header,
        bytes: frame.bytes,
        sha256: frame.sha256,
        manifest,
        privateFeeds: privateFeedsIn(database).map((feed) => ({ ...feed })),
      }
    }),
  )

/** Throws when the database is not the one the manifest tells of. */
export function checkDatabase(path: string, manifest: Manifest, { sealedTables }: WorkPort): DatabaseFacts {
  const damage = pageDamage(path)
  if (damage !== null) throw damaged(`entry ${databaseName}: ${damage}`)
  const facts = describeDatabase(path, sealedTables)
  const difference = differenceOf(manifest, facts)
  if (difference !== null) throw damaged(`entry ${databaseName}: ${difference}`)
  return facts
}
