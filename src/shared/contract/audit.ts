import { z } from 'zod'
import { command, event, Nothing, query, Text, TimeMs } from './define.ts'

export const AuditEntry = z.object({
  id: z.number().int(),
  atMs: TimeMs,
  /** Of the command, e.g. `feeds.rename`. */
  action: z.string(),
  /** The same in words, e.g. "Feed renamed". */
  title: z.string(),
  /** What it was about, in words a person knows: an episode's title, a feed's name. */
  subject: z.string(),
  origin: z.enum(['app', 'headless']),
  /** Before and after in one line, secrets masked; empty where nothing needs saying. */
  summary: z.string(),
  beforeJson: z.string().nullable(),
  afterJson: z.string().nullable(),
  /** The row is as it was written. */
  intact: z.boolean(),
})
export type AuditEntry = z.infer<typeof AuditEntry>

export const AuditFilter = z.strictObject({
  /** Words anywhere in action, subject, before and after. */
  text: Text(200).optional(),
  /** Feature, e.g. `feeds`. */
  feature: Text(50).optional(),
  fromMs: TimeMs.optional(),
  untilMs: TimeMs.optional(),
})
export type AuditFilter = z.infer<typeof AuditFilter>

export const audit = {
  /** Newest first, before `beforeId`. */
  list: query(
    z.strictObject({
      filter: AuditFilter.default({}),
      beforeId: z.number().int().optional(),
      limit: z.number().int().min(1).max(500),
    }),
    z.object({ entries: z.array(AuditEntry), total: z.number().int(), features: z.array(z.string()) }),
  ),
  /** Opens a save dialog; null when the user left it. */
  exportTo: command(
    z.strictObject({ filter: AuditFilter.default({}), format: z.enum(['json', 'csv']) }),
    z.object({ fileName: z.string(), entries: z.number().int() }).nullable(),
  ),
  changed: event(Nothing),
}
