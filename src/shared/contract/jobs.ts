import { z } from 'zod'
import { AmountKind, Estimate, MicroUsd } from './costs.ts'
import { command, event, Id, Nothing, query, Text, TimeMs } from './define.ts'
import { ModelChoice } from './models.ts'
import { TemplateName } from './templates.ts'
import { RungId } from './transcripts.ts'

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
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      retryable: z.boolean(),
      /** The sum to say yes to, for the whole job, so that it can go on; left out where no sum helps. */
      approveMicroUsd: MicroUsd.optional(),
    })
    .nullable(),
  createdAtMs: TimeMs,
  startedAtMs: TimeMs.nullable(),
  finishedAtMs: TimeMs.nullable(),
  /** What is known of its charges; `unknownCharges` are in no sum. */
  costMicroUsd: z.number().int(),
  costKind: AmountKind,
  unknownCharges: z.number().int(),
  /** As it was before the job ran; null where nothing could be said. */
  estimate: Estimate.nullable(),
})
export type Job = z.infer<typeof Job>

export const JobLogLine = z.object({ atMs: TimeMs, level: z.enum(['info', 'warning', 'error']), words: z.string() })
export type JobLogLine = z.infer<typeof JobLogLine>

/** What makes a template's note in this job, in place of what is assigned. */
export const TemplateChoice = z.strictObject({ template: TemplateName, choice: ModelChoice })
export type TemplateChoice = z.infer<typeof TemplateChoice>

export const EpisodeEstimate = z.object({
  episodeId: Id,
  title: z.string(),
  transcript: z.object({
    /** Where it comes from: `stored`, a rung, or null when nobody knows before the job looks. */
    rung: z.string().nullable(),
    words: z.string(),
    estimate: Estimate,
  }),
  templates: z.array(
    z.object({
      template: z.string(),
      title: z.string(),
      choice: ModelChoice,
      estimate: Estimate,
      /** Requests to the model, and how many of them are answered already. */
      requests: z.number().int(),
      kept: z.number().int(),
      /** Why it cannot be made this way; null when it can. */
      problem: z.string().nullable(),
    }),
  ),
})
export type EpisodeEstimate = z.infer<typeof EpisodeEstimate>
/** What a job would cost, before anything is sent. */
export const JobEstimate = z.object({
  episodes: z.array(EpisodeEstimate),
  /** Of what has a known price; null when nothing has. */
  lowMicroUsd: MicroUsd.nullable(),
  highMicroUsd: MicroUsd.nullable(),
  /** Parts whose price is not known: they are in neither sum. */
  unknownCount: z.number().int(),
  /** One sentence: what is made, by what, for about how much. */
  words: z.string(),
})
export type JobEstimate = z.infer<typeof JobEstimate>

const Templates = z.array(Text(100)).min(1).max(100)
const Choices = z.array(TemplateChoice).max(100)

export const jobs = {
  /** Active ones and those finished in the last 30 days, newest first. */
  list: query(Nothing, z.array(Job)),
  get: query(z.strictObject({ jobId: Id }), Job),
  log: query(z.strictObject({ jobId: Id }), z.array(JobLogLine)),
  /** Costs nothing and sends nothing. */
  estimate: query(
    z.strictObject({
      episodeIds: z.array(Id).min(1).max(10_000),
      templates: Templates.optional(),
      choices: Choices.optional(),
      rung: RungId.optional(),
    }),
    JobEstimate,
  ),
  /** One job per episode; templates default to the ones in settings. Episodes already under way are skipped. */
  start: command(
    z.strictObject({
      episodeIds: z.array(Id).min(1).max(10_000),
      templates: Templates.optional(),
      choices: Choices.optional(),
      /** Which rung makes the transcript where none is there. */
      rung: RungId.optional(),
      /** The sum for each job that the user said yes to. */
      approvedMicroUsd: MicroUsd.min(0).optional(),
      /** A text that differs from an unedited note waits beside it for Compare; when not given, for notes by a model. */
      reviewChanges: z.boolean().optional(),
      /** Asks the models anew although the same answer is kept. */
      fresh: z.boolean().optional(),
    }),
    z.object({ jobIds: z.array(Id), skipped: z.number().int() }),
  ),
  /** Stops at the next checkpoint and keeps what is done. */
  cancel: command(z.strictObject({ jobId: Id }), Job),
  /** Goes on after the last checkpoint; failed templates are tried again. */
  retry: command(z.strictObject({ jobId: Id, approvedMicroUsd: MicroUsd.min(0).optional() }), Job),
  /** Takes finished, failed and cancelled jobs off the list. */
  clearFinished: command(Nothing, z.object({ cleared: z.number().int() })),
  changed: event(z.object({ jobId: Id.nullable() })),
  progress: event(z.object({ jobId: Id, stage: JobStage, fraction: z.number().min(0).max(1), words: z.string() })),
}
