import { z } from 'zod'
import { command, event, Nothing, query, Text, TimeMs } from './define.ts'

export const CheckName = z.enum([
  'database', // pages, schema, foreign keys
  'rows', // checksums of rows that cannot be made again
  'ledger', // ids once, sums as the journal says
  'notes', // database ↔ notes folder
  'templates', // the user's own, as they were saved
  'caches', // transcripts, artwork, kept texts
  'recordings', // stored media
  'backups',
  'keychain',
  'disk',
])
export type CheckName = z.infer<typeof CheckName>
export const Severity = z.enum([
  'info', // worth knowing, nothing to do
  'warning', // nothing lost, something to decide
  'error', // damaged or lost
])
export const Finding = z.object({
  /** The same trouble has the same id in each report, e.g. `notes/renamed`. */
  id: Text(300),
  check: CheckName,
  severity: Severity,
  /** A whole sentence: what it is. */
  title: z.string(),
  /** What is safe, and what to do. */
  detail: z.string().nullable(),
  /** Files, rows or feeds it is about; at most 100, secrets masked. */
  subjects: z.array(z.string()),
  subjectCount: z.number().int(),
  /** What mends it; null where only the user can. The verb of the button, e.g. "Follow the 3 files". */
  mendLabel: z.string().nullable(),
  /** The page of Data & health that shows more of it. */
  page: z.enum(['logs', 'storage', 'backups']).nullable().default(null),
})
export type Finding = z.infer<typeof Finding>

export const HealthCheck = z.object({
  check: CheckName,
  /** e.g. "Database pages, 41,820 rows with a checksum" */
  title: z.string(),
  /** e.g. "all match", "86 GB free" */
  facts: z.string(),
  state: z.enum(['ok', 'findings', 'not-checked']),
  findings: z.array(Finding),
})
export const HealthReport = z.object({
  atMs: TimeMs,
  /** Read everything, not only what is quick at start. */
  full: z.boolean(),
  durationMs: z.number(),
  checks: z.array(HealthCheck),
  /** Findings that were left as they are by the user are not counted. */
  findingCount: z.number().int(),
  errorCount: z.number().int(),
  /** What the user leaves as it is, and that still looks as it did then. */
  left: z.array(Finding).default([]),
})
export type HealthReport = z.infer<typeof HealthReport>

export const MendPreview = z.object({
  findingId: Text(300),
  /** Hash of what was looked at: a mend is refused when it has changed since. */
  token: Text(100),
  label: z.string(),
  /** What is touched and what is not, e.g. "Changes Inkwell’s index only. No file in your vault is touched." */
  scope: z.string(),
  rows: z.array(z.object({ before: z.string(), after: z.string(), remark: z.string() })),
  rowCount: z.number().int(),
})
export type MendPreview = z.infer<typeof MendPreview>

export const health = {
  /** The last report; null before the first check. */
  report: query(Nothing, HealthReport.nullable()),
  /** Whether a check runs now. */
  running: query(Nothing, z.object({ fraction: z.number(), words: z.string() }).nullable()),
  check: command(z.strictObject({ full: z.boolean() }), HealthReport),
  cancel: command(Nothing, Nothing),
  previewMend: query(z.strictObject({ findingId: Text(300) }), MendPreview),
  /** Fails with `changed-meanwhile` when what the preview showed is not so any more. */
  mend: command(
    z.strictObject({ findingId: Text(300), token: Text(100) }),
    z.object({ message: z.string(), report: HealthReport }),
  ),
  /** Leave as it is: not shown again until it changes. */
  leave: command(z.strictObject({ findingId: Text(300) }), HealthReport),
  /** What was left as it is counts again. */
  lookAgain: command(z.strictObject({ findingId: Text(300) }), HealthReport),
  changed: event(Nothing),
  progress: event(z.object({ fraction: z.number(), words: z.string() })),
}
