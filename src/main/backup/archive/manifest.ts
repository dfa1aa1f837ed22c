import { z } from 'zod'
import { BackupCounts } from '#shared/contract/backup.ts'

export const manifestName = 'manifest.json'
export const databaseName = 'inkwell.db'
export const manifestVersion = 1
export const maxManifestBytes = 256_000_000
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** What lies in a backup. Same content, same manifest but for `madeAtMs`. */
export const Manifest = z.strictObject({
  schemaVersion: z.literal(manifestVersion),
  madeAtMs: z.number().int(),
  appVersion: z.string(),
  /** `user_version` of the database. */
  databaseSchema: z.number().int(),
  profileId: z.string(),
  withMedia: z.boolean(),
  entries: z.array(z.strictObject({ path: z.string(), bytes: z.number().int().min(0), sha256: Sha256 })),
  /** SHA-256 over all rows in the order of their key: the content, whatever the pages look like. */
  tables: z.array(z.strictObject({ name: z.string(), rows: z.number().int(), sha256: Sha256 })),
  counts: BackupCounts,
  /** Rows whose checksum did not fit when the backup was made, and rows that refer to none: the profile was so. */
  flaws: z.array(z.string()),
  /** Files that could not be read and why: they are not in it. */
  leftOut: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
})
export type Manifest = z.infer<typeof Manifest>

export const databaseBytesIn = (entries: Manifest['entries']): number =>
  entries.find(({ path }) => path === databaseName)?.bytes ?? 0

/** What of a profile goes into a backup. Not: logs, artwork (fetched again), the ballast, quarantine, other backups. */
export const folders = ['templates', 'blobs', 'keep', 'media'] as const

const isSafeName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !/[\\/\p{Cc}]/u.test(name) && Buffer.byteLength(name) <= 255

/** Paths come from a file that anybody may have made: nothing may be written outside the new profile. */
export function isSafePath(path: string): boolean {
  if (path === databaseName) return true
  const [root, ...names] = path.split('/')
  return (
    (folders as readonly string[]).includes(root!) && names.length > 0 && names.length <= 10 && names.every(isSafeName)
  )
}
