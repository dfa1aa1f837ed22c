import { z } from 'zod'
import { command, event, Id, Nothing, query, Text, TimeMs } from './define.ts'

export const JobStage = z.enum(['source', 'transcript', 'extraction', 'notes'])
export type JobStage = z.infer<typeof JobStage>
export const JobState = z.enum([
  'queued',
  'running',
  'done',
  'failed', // stopped, needs the user; what was finished is kept
  'cancelled',
])
export const Job = z.object({
  id: Id,
  episodeId: Id,
  episodeTitle: z.string(),
  feedTitle: z.string(),
  artworkPath: z.string().nullable(),
  durationSeconds: z.number().nullable(),
  state: JobState,
  stage: JobStage,
  /** Of the current stage, 0 to 1. */
  fraction: z.number().min(0).max(1),
  /** What it does now, or what happened, in words. */
  words: z.string(),
  templates: z.array(z.string()),
  doneTemplates: z.array(z.string()),
  failedTemplates: z.array(z.string()),
  error: z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }).nullable(),
  createdAtMs: TimeMs,
  startedAtMs: TimeMs.nullable(),
  finishedAtMs: TimeMs.nullable(),
  costMicroUsd: z.number().int(),
})
export type Job = z.infer<typeof Job>

export const JobLogLine = z.object({ atMs: TimeMs, level: z.enum(['info', 'warning', 'error']), words: z.string() })
export type JobLogLine = z.infer<typeof JobLogLine>

export const jobs = {
  /** Active ones and those finished in the last 30 days, newest first. */
  list: query(Nothing, z.array(Job)),
  get: query(z.strictObject({ jobId: Id }), Job),
  log: query(z.strictObject({ jobId: Id }), z.array(JobLogLine)),
  /** One job per episode; templates default to the ones in settings. Episodes already under way are skipped. */
  start: command(
    z.strictObject({
      episodeIds: z.array(Id).min(1).max(10_000),
      templates: z.array(Text(100)).min(1).max(100).optional(),
    }),
    z.object({ jobIds: z.array(Id), skipped: z.number().int() }),
  ),
  /** Stops at the next checkpoint and keeps what is done. */
  cancel: command(z.strictObject({ jobId: Id }), Job),
  /** Goes on after the last checkpoint; failed templates are tried again. */
  retry: command(z.strictObject({ jobId: Id }), Job),
  /** Takes finished, failed and cancelled jobs off the list. */
  clearFinished: command(Nothing, z.object({ cleared: z.number().int() })),
  changed: event(z.object({ jobId: Id.nullable() })),
  progress: event(z.object({ jobId: Id, stage: JobStage, fraction: z.number().min(0).max(1), words: z.string() })),
}
