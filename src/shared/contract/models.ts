import { z } from 'zod'
import { MicroUsd, Price } from './costs.ts'
import { command, event, Nothing, query, Text } from './define.ts'

export const ProviderKind = z.enum(['claude', 'gemini', 'openai-compatible'])
export type ProviderKind = z.infer<typeof ProviderKind>
/** `claude`, `gemini`, or the name the user gave a server, e.g. `ollama`. */
export const ProviderId = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[a-z0-9][a-z0-9-]*$/)

export const ProviderProblem = z.object({ code: z.string(), message: z.string(), atMs: z.number().int() })
export const Provider = z.object({
  id: ProviderId,
  kind: ProviderKind,
  title: z.string(),
  /** Null: the provider's own. */
  baseUrl: z.string().nullable(),
  /** `not-needed` for a server that takes requests without one. */
  key: z.enum(['set', 'missing', 'session', 'not-needed']),
  /** What the server can do, as far as known. */
  does: z.array(z.enum(['text', 'transcription'])),
  /** From the last look; null when it was fine or never looked at. */
  problem: ProviderProblem.nullable(),
  checkedAtMs: z.number().int().nullable(),
  builtIn: z.boolean(),
})
export type Provider = z.infer<typeof Provider>

export const ModelInfo = z.object({
  providerId: ProviderId,
  id: z.string(),
  title: z.string(),
  /** Tokens. */
  contextLength: z.number().int().nullable(),
  does: z.array(z.enum(['text', 'transcription'])),
  price: Price.nullable(),
})
export type ModelInfo = z.infer<typeof ModelInfo>

export const ModelTask = z.enum(['extraction', 'interview', 'transcription'])
export type ModelTask = z.infer<typeof ModelTask>
/** `offline` as provider: made on this computer, free. */
export const ModelChoice = z.strictObject({ providerId: z.union([z.literal('offline'), ProviderId]), model: Text(200) })
export type ModelChoice = z.infer<typeof ModelChoice>
export const Assignment = z.object({
  task: ModelTask,
  choice: ModelChoice,
  fallback: ModelChoice.nullable(),
  /** For an hour of talk; null when no price is known. */
  microUsdPerHour: MicroUsd.nullable(),
  /** Why the choice cannot be used now, e.g. the model is retired, and what would take its place. */
  problem: z.object({ code: z.string(), message: z.string(), successor: ModelInfo.nullable() }).nullable(),
})
export type Assignment = z.infer<typeof Assignment>

export const models = {
  providers: query(Nothing, z.array(Provider)),
  /** Servers that are known, with the addresses they have by default. */
  presets: query(
    Nothing,
    z.array(
      z.object({
        id: ProviderId,
        title: z.string(),
        baseUrl: z.string(),
        needsKey: z.boolean(),
        does: z.array(z.enum(['text', 'transcription'])),
      }),
    ),
  ),
  /** Adds or changes a server of the user's. At another origin its key has to be entered again. */
  saveServer: command(
    z.strictObject({ id: ProviderId, title: Text(100), baseUrl: Text(2_000), needsKey: z.boolean() }),
    Provider,
  ),
  /** With its key. Undone by `undoRemoveServer`, without the key. */
  removeServer: command(z.strictObject({ id: ProviderId }), Nothing),
  undoRemoveServer: command(z.strictObject({ id: ProviderId }), Provider),
  /** Tries the key before it is kept; a key that is refused is not kept unless `keepAnyway`. */
  setKey: command(
    z.strictObject({
      id: ProviderId,
      key: Text(5_000).min(1),
      where: z.enum(['keychain', 'session']),
      keepAnyway: z.boolean().optional(),
    }),
    Provider,
  ),
  removeKey: command(z.strictObject({ id: ProviderId }), Provider),
  /** Asks the provider for its models now; costs nothing. */
  check: command(z.strictObject({ id: ProviderId }), Provider),
  /** As last heard from the providers, with prices. */
  list: query(z.strictObject({ providerId: ProviderId.optional() }), z.array(ModelInfo)),
  assignments: query(Nothing, z.array(Assignment)),
  assign: command(
    z.strictObject({ task: ModelTask, choice: ModelChoice, fallback: ModelChoice.nullable() }),
    z.array(Assignment),
  ),
  /** A template's own choice; null takes the task's. */
  templateChoices: query(Nothing, z.array(z.object({ template: z.string(), choice: ModelChoice }))),
  setTemplateChoice: command(z.strictObject({ template: Text(100), choice: ModelChoice.nullable() }), Nothing),
  changed: event(Nothing),
}
