import { z } from 'zod'
import { command, event, Id, Nothing, query, Text, TimeMs } from './define.ts'

/** Micro-dollars: 1,000,000 = $1. */
export const MicroUsd = z.number().int()
export const Operation = z.enum(['transcription', 'extraction', 'interview', 'test', 'tag_generation'])
export type Operation = z.infer<typeof Operation>
/** How sure an amount is. Unknown is never 0. */
export const AmountKind = z.enum(['known', 'estimated', 'unknown'])

/** What something will cost, before it runs. */
export const Estimate = z.object({
  /** Null when no price is known. */
  lowMicroUsd: MicroUsd.nullable(),
  highMicroUsd: MicroUsd.nullable(),
  /** What the range comes from, in words, e.g. "11,800 words in, 600 to 2,000 out, at the price of 2026-11-01." */
  reason: z.string(),
})
export type Estimate = z.infer<typeof Estimate>

export const CostRow = z.object({
  id: Id,
  atMs: TimeMs,
  provider: z.string(),
  model: z.string(),
  operation: z.string(),
  outcome: z.enum(['succeeded', 'failed']),
  amountKind: AmountKind,
  costMicroUsd: MicroUsd.nullable(),
  /** What it would cost at today's prices; null when no price is known. Shown beside, never written. */
  repricedMicroUsd: MicroUsd.nullable(),
  estimate: Estimate.nullable(),
  inputTokens: z.number().int().nullable(),
  outputTokens: z.number().int().nullable(),
  cachedTokens: z.number().int().nullable(),
  audioSeconds: z.number().nullable(),
  feedId: Id.nullable(),
  feedTitle: z.string().nullable(),
  episodeId: Id.nullable(),
  episodeTitle: z.string().nullable(),
  templateName: z.string().nullable(),
  jobId: Id.nullable(),
  priceVersion: z.string().nullable(),
  importedFrom: z.string().nullable(),
})
export type CostRow = z.infer<typeof CostRow>

export const CostFilter = z.strictObject({
  /** From, included, and to, excluded. */
  fromMs: TimeMs.optional(),
  toMs: TimeMs.optional(),
  provider: Text(200).optional(),
  model: Text(200).optional(),
  operation: Text(50).optional(),
  feedId: Id.optional(),
  episodeId: Id.optional(),
  template: Text(100).optional(),
  jobId: Id.optional(),
  /** Part of an episode's or feed's title. */
  text: Text(200).optional(),
})
export type CostFilter = z.infer<typeof CostFilter>

const Share = z.object({
  key: z.string(),
  title: z.string(),
  entries: z.number().int(),
  costMicroUsd: MicroUsd,
  unknownEntries: z.number().int(),
})
/** What the page shows for a filter. */
export const CostOverview = z.object({
  entries: z.number().int(),
  costMicroUsd: MicroUsd,
  estimatedEntries: z.number().int(),
  unknownEntries: z.number().int(),
  /** One for each day (e.g. 2026-11-23; for two months at most) or month (2026-11) of the profile's calendar with a charge, stacked by provider. */
  steps: z.array(
    z.object({ start: z.string(), byProvider: z.array(z.object({ provider: z.string(), costMicroUsd: MicroUsd })) }),
  ),
  byProvider: z.array(Share),
  byModel: z.array(Share),
  byOperation: z.array(Share),
  byFeed: z.array(Share),
  byTemplate: z.array(Share),
  /** Each once, where it was first finished. */
  finishedNotes: z.number().int(),
  /** Of episodes that were transcribed or noted, each once, where it first was; whichever provider or template is asked for. */
  listenedSeconds: z.number(),
  microUsdPerNote: MicroUsd.nullable(),
  microUsdPerHour: MicroUsd.nullable(),
  /** What answers from Inkwell's own cache and the provider's would have cost more. */
  savedMicroUsd: MicroUsd,
  /** Of entries that had an estimate: what they were estimated at (the middle), what they came to, and how many were off by 10 % at most. */
  estimates: z.object({
    entries: z.number().int(),
    estimateMicroUsd: MicroUsd,
    actualMicroUsd: MicroUsd,
    closeEntries: z.number().int(),
  }),
})
export type CostOverview = z.infer<typeof CostOverview>

export const Limit = z.object({
  /** e.g. `month/asks`: a scope has one of each kind. */
  id: Text(200),
  scope: z.enum(['job', 'day', 'month', 'feed-month']),
  /** For `feed-month`. */
  feedId: Id.nullable(),
  feedTitle: z.string().nullable(),
  limitMicroUsd: MicroUsd,
  /** `asks`: a yes of the user's passes it. `stops`: nothing passes it. A scope can have one of each. */
  kind: z.enum(['asks', 'stops']),
  /** Of the day or month that is now; 0 for `job`. */
  spentMicroUsd: MicroUsd,
  /** Held for requests that are on their way. */
  reservedMicroUsd: MicroUsd,
})
export type Limit = z.infer<typeof Limit>

/** More than $10,000 is a slip of the decimal point. */
const Rate = MicroUsd.min(0).max(10_000_000_000).nullable()
export const Price = z.object({
  provider: Text(200).min(1),
  /** `*`: each model of the provider, e.g. of a server of one's own that is free. */
  model: Text(200).min(1),
  /** Micro-dollars for a million tokens; null when that kind is not sold. */
  inputPerMillion: Rate,
  outputPerMillion: Rate,
  cachedInputPerMillion: Rate,
  cacheWritePerMillion: Rate,
  /** Micro-dollars for an hour of audio, where audio is sold by time. */
  audioPerHour: Rate,
  /** Day it was read, e.g. 2026-11-01. */
  asOf: Text(40),
  source: Text(2_000),
  /** Put in by the user. */
  own: z.boolean(),
})
export type Price = z.infer<typeof Price>

export const costs = {
  overview: query(CostFilter, CostOverview),
  /** Newest first; `after` is the id of the last row of the page before. */
  entries: query(
    z.strictObject({ ...CostFilter.shape, after: Id.optional(), limit: z.number().int().min(1).max(500) }),
    z.object({ rows: z.array(CostRow), more: z.boolean() }),
  ),
  /** This month's spend for the sidebar. */
  month: query(
    Nothing,
    z.object({ costMicroUsd: MicroUsd, unknownEntries: z.number().int(), limit: Limit.nullable() }),
  ),
  limits: query(Nothing, z.array(Limit)),
  setLimit: command(
    z.strictObject({
      scope: Limit.shape.scope,
      feedId: Id.optional(),
      kind: Limit.shape.kind,
      /** Null takes the limit away. */
      limitMicroUsd: MicroUsd.min(0).max(1_000_000_000_000).nullable(),
    }),
    z.array(Limit),
  ),
  prices: query(Nothing, z.object({ version: z.string(), prices: z.array(Price) })),
  setPrice: command(z.strictObject(Price.omit({ own: true }).shape), z.array(Price)),
  /** The built-in price stands again. */
  removePrice: command(z.strictObject({ provider: Text(200), model: Text(200) }), z.array(Price)),
  /** Asks where to; null when the user left it. */
  export: command(
    z.strictObject({ ...CostFilter.shape, format: z.enum(['csv', 'json']) }),
    z.object({ pathDisplay: z.string(), entries: z.number().int() }).nullable(),
  ),
  changed: event(Nothing),
}
