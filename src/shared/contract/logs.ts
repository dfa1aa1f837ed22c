import { z } from 'zod'
import { command, event, Nothing, query, Text, TimeMs } from './define.ts'

export const LogLine = z.object({
  atMs: TimeMs,
  level: z.enum(['info', 'warn', 'error']),
  /** e.g. `feeds.refresh` */
  operation: z.string(),
  subject: z.string().nullable(),
  durationMs: z.number().nullable(),
  outcome: z.string().nullable(),
  /** The rest of the line as JSON, secrets masked. */
  detailsJson: z.string(),
})
export type LogLine = z.infer<typeof LogLine>

export const BundleFile = z.object({ name: z.string(), text: z.string(), bytes: z.number().int() })

export const logs = {
  /** Newest first. */
  tail: query(
    z.strictObject({ limit: z.number().int().min(1).max(1_000), minLevel: z.enum(['info', 'warn', 'error']) }),
    z.object({ lines: z.array(LogLine), bytes: z.number().int(), folder: z.string() }),
  ),
  /** Everything a diagnostic bundle would hold, to be read before it is saved. */
  prepareBundle: command(Nothing, z.object({ token: Text(100), files: z.array(BundleFile) })),
  /** Saves exactly what was shown, without the files that were taken out. Opens a save dialog; null when the user left it. */
  saveBundle: command(
    z.strictObject({ token: Text(100), leaveOut: z.array(Text(200)).max(50).default([]) }),
    z.object({ fileName: z.string(), bytes: z.number().int() }).nullable(),
  ),
  changed: event(Nothing),
}
