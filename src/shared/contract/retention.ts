import { z } from 'zod'
import { command, event, Nothing, query, Text, TimeMs } from './define.ts'

export const RetentionKind = z.enum([
  'transcripts', // that can be fetched again
  'extractions', // intermediate results of finished jobs
  'completed-sessions',
  'abandoned-sessions',
  'cost-history',
  'media', // recordings, by age and size
  'kept-texts', // displaced and earlier texts of notes
  'leftovers', // pictures of removed feeds, texts nobody refers to, copies of the database from before updates
])
export type RetentionKind = z.infer<typeof RetentionKind>

export const RetentionRule = z.object({
  kind: RetentionKind,
  /** e.g. "Transcripts that can be fetched again" */
  title: z.string(),
  /** Null: never. */
  days: z.number().int().min(1).nullable(),
  /** Recordings only. */
  maxBytes: z.number().int().nullable(),
  /** Stored now. */
  items: z.number().int(),
  bytes: z.number().int(),
})
export type RetentionRule = z.infer<typeof RetentionRule>

export const SweepPreview = z.object({
  token: Text(100),
  kinds: z.array(
    z.object({
      kind: RetentionKind,
      title: z.string(),
      items: z.number().int(),
      bytes: z.number().int(),
      /** At most 50, in words. */
      examples: z.array(z.string()),
      /** Older than the rule, kept all the same, and why: e.g. "2 are not in any note yet". */
      spared: z.string().nullable(),
    }),
  ),
  items: z.number().int(),
  bytes: z.number().int(),
})
export type SweepPreview = z.infer<typeof SweepPreview>

export const retention = {
  rules: query(
    Nothing,
    z.object({
      rules: z.array(RetentionRule),
      /** Sweeps run by themselves, once the first was looked at and agreed to. */
      agreedAtMs: TimeMs.nullable(),
      lastSweepAtMs: TimeMs.nullable(),
    }),
  ),
  set: command(
    z.strictObject({
      kind: RetentionKind,
      days: z.number().int().min(1).max(36_500).nullable().optional(),
      maxBytes: z.number().int().min(0).nullable().optional(),
    }),
    RetentionRule,
  ),
  preview: query(Nothing, SweepPreview),
  /** Sweeps what the preview showed; from now on sweeps run daily by themselves. */
  sweep: command(z.strictObject({ token: Text(100) }), z.object({ items: z.number().int(), bytes: z.number().int() })),
  changed: event(Nothing),
}
