import { z } from 'zod'
import { command, event, Nothing, query, Text, TimeMs } from './define.ts'

export const BackupCounts = z.object({
  feeds: z.number().int(),
  episodes: z.number().int(),
  transcripts: z.number().int(),
  notes: z.number().int(),
  interviews: z.number().int(),
  costEntries: z.number().int(),
  jobs: z.number().int(),
})
export const Backup = z.object({
  /** Of this list, e.g. `inkwell-2026-11-23T030000Z.inkwell-backup`. */
  fileName: Text(255),
  bytes: z.number().int(),
  madeAtMs: TimeMs,
  automatic: z.boolean(),
  encrypted: z.boolean(),
  withMedia: z.boolean(),
  counts: BackupCounts.nullable(),
  /** Last time all of it was read and compared. */
  verifiedAtMs: TimeMs.nullable(),
  /** Why it cannot be trusted; null while it can. */
  problem: z.string().nullable(),
})
export type Backup = z.infer<typeof Backup>

export const BackupStatus = z.object({
  /** Absolute. */
  folder: z.string(),
  /** On the disk that also holds the profile: lost with it. */
  sameDisk: z.boolean(),
  automatic: z.boolean(),
  /** Automatic ones are encrypted with a passphrase that is in the keychain. */
  encrypted: z.boolean(),
  withMedia: z.boolean(),
  keep: z.object({ daily: z.number().int(), weekly: z.number().int(), monthly: z.number().int() }),
  /** Newest first: the days, weeks and months of the rotation; `missed` has its reason. */
  slots: z.array(
    z.object({
      label: z.string(),
      state: z.enum(['kept', 'missed', 'before-first']),
      fileName: z.string().nullable(),
      reason: z.string().nullable(),
    }),
  ),
  lastProblem: z.object({ atMs: TimeMs, message: z.string() }).nullable(),
  /** Kept since a restore: the profile that was in use before. */
  previous: z.object({ path: z.string(), bytes: z.number().int(), replacedAtMs: TimeMs }).nullable(),
  running: z.object({ fraction: z.number(), words: z.string() }).nullable(),
})
export type BackupStatus = z.infer<typeof BackupStatus>

/** A backup of the list, or a file that was chosen. */
const Source = { fileName: Text(255).optional(), token: Text(100).optional(), passphrase: Text(1_000).optional() }

/** What a restore would do; nothing is written for it. */
export const RestorePlan = z.object({
  madeAtMs: TimeMs,
  version: z.string(),
  encrypted: z.boolean(),
  withMedia: z.boolean(),
  bytes: z.number().int(),
  rows: z.array(z.object({ what: z.string(), inBackup: z.number().int(), here: z.number().int() })),
  /** In words: what is newer here and would not be in use any more, secrets that are missing on this computer. */
  warnings: z.array(z.string()),
  planToken: Text(100),
})
export type RestorePlan = z.infer<typeof RestorePlan>

export const backup = {
  status: query(Nothing, BackupStatus),
  list: query(Nothing, z.array(Backup)),
  /** To the folder of backups. */
  create: command(z.strictObject({ withMedia: z.boolean().optional() }), Backup),
  cancel: command(Nothing, Nothing),
  set: command(z.strictObject({ automatic: z.boolean().optional(), withMedia: z.boolean().optional() }), BackupStatus),
  /** Opens a folder dialog; null when the user left it. */
  chooseFolder: command(Nothing, BackupStatus.nullable()),
  /** Null takes it away: later backups are not encrypted. */
  setPassphrase: command(z.strictObject({ passphrase: Text(1_000).min(8).nullable() }), BackupStatus),
  /** Opens a file dialog; null when the user left it. */
  chooseFile: command(Nothing, z.object({ token: Text(100), name: z.string() }).nullable()),
  /** Reads all of it and compares. Fails with `damaged` (and where), `needs-passphrase`, `wrong-passphrase`. */
  verify: command(z.strictObject(Source), Backup),
  remove: command(z.strictObject({ fileName: Text(255) }), BackupStatus),
  planRestore: command(z.strictObject(Source), RestorePlan),
  /** Into a new profile; it is verified, and only then used from the next start on, which follows at once. */
  restore: command(
    z.strictObject({ ...Source, planToken: Text(100) }),
    z.object({ profilePath: z.string(), restarting: z.boolean() }),
  ),
  /** Uses the profile from before the restore again. */
  switchBack: command(Nothing, z.object({ restarting: z.boolean() })),
  /** Deletes the profile from before the restore. */
  forgetPrevious: command(Nothing, BackupStatus),
  changed: event(Nothing),
  progress: event(z.object({ fraction: z.number(), words: z.string() })),
}
