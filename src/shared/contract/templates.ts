import { z } from 'zod'
import { command, event, Nothing, query, Text } from './define.ts'

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

export const templates = {
  list: query(Nothing, z.array(TemplateSummary)),
  source: query(z.strictObject({ name: TemplateName }), z.object({ yaml: z.string(), builtIn: z.boolean() })),
  /** Adds or replaces a user template. Fails with `invalid-template` and the line, or `name-taken` for a built-in's name. */
  save: command(z.strictObject({ yaml: Text(262_144) }), TemplateSummary),
  remove: command(z.strictObject({ name: TemplateName }), z.object({ name: z.string() })),
  undoRemove: command(z.strictObject({ name: TemplateName }), TemplateSummary),
  setDefaults: command(z.strictObject({ names: z.array(TemplateName).min(1).max(100) }), Nothing),
  changed: event(Nothing),
}
