import { z } from 'zod'
import { Estimate, MicroUsd } from './costs.ts'
import { command, event, Id, Nothing, query, Text } from './define.ts'
import { ModelChoice } from './models.ts'

export const TemplateName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/)

export const TemplateSummary = z.object({
  name: z.string(),
  title: z.string(),
  version: z.string(),
  description: z.string(),
  category: z.string(),
  builtIn: z.boolean(),
  /** Whether it can be made without a model. */
  worksOffline: z.boolean(),
  /** Chosen for new jobs. */
  isDefault: z.boolean(),
  /** Why the file cannot be used, with the line; null when it can. */
  problem: z.string().nullable(),
})
export type TemplateSummary = z.infer<typeof TemplateSummary>

/** The exact request a template would make for an episode. */
export const TemplatePreview = z.object({
  system: z.string(),
  /** Of the first part where the transcript is too long for one request. */
  user: z.string(),
  choice: ModelChoice,
  tokens: z.object({ low: z.number().int(), high: z.number().int() }),
  requests: z.number().int(),
  estimate: Estimate,
  /** What leaves a hole or is done otherwise than it seems, by line of the file. */
  warnings: z.array(z.object({ line: z.number().int(), message: z.string() })),
})
export type TemplatePreview = z.infer<typeof TemplatePreview>
export const TemplateTestRun = z.object({
  markdown: z.string(),
  /** Null when a charge is not known. */
  costMicroUsd: MicroUsd.nullable(),
  requests: z.number().int(),
  /** Answers that were there already and cost nothing. */
  keptAnswers: z.number().int(),
  coveredSpans: z.array(z.object({ fromSeconds: z.number(), toSeconds: z.number() })),
  quotes: z.array(
    z.object({
      words: z.string(),
      found: z.object({ startSeconds: z.number().nullable(), speaker: z.string().nullable() }).nullable(),
    }),
  ),
})
export type TemplateTestRun = z.infer<typeof TemplateTestRun>
const Yaml = Text(262_144)

export const templates = {
  list: query(Nothing, z.array(TemplateSummary)),
  source: query(z.strictObject({ name: TemplateName }), z.object({ yaml: z.string(), builtIn: z.boolean() })),
  /** Adds or replaces a user template. Fails with `invalid-template` and the line, or `name-taken` for a built-in's name. */
  save: command(z.strictObject({ yaml: Text(262_144) }), TemplateSummary),
  remove: command(z.strictObject({ name: TemplateName }), z.object({ name: z.string() })),
  undoRemove: command(z.strictObject({ name: TemplateName }), TemplateSummary),
  setDefaults: command(z.strictObject({ names: z.array(TemplateName).min(1).max(100) }), Nothing),
  /** Costs nothing and sends nothing. Fails with `invalid-template` and the line, or `no-transcript`. */
  preview: query(z.strictObject({ yaml: Yaml, episodeId: Id, choice: ModelChoice.optional() }), TemplatePreview),
  /** Makes the note for real and writes it nowhere. */
  testRun: command(
    z.strictObject({ yaml: Yaml, episodeId: Id, choice: ModelChoice, approvedMicroUsd: MicroUsd.min(0).optional() }),
    TemplateTestRun,
  ),
  changed: event(Nothing),
}
