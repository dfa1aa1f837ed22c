import fc from 'fast-check'
import { createCalendar } from './calendar.ts'
import { moneyOf } from './costs-testing.ts'
import type { CostDetails, CostEntry } from './service.ts'

/** Ledgers drawn by chance, for tests that hold what is shown against what was written. */
export const zone = 'Europe/Berlin'
export const calendar = createCalendar(zone)
export const nowMs = Date.UTC(2026, 10, 23, 12)
export const pick = <Value>(...values: Value[]) => fc.constantFrom(...values)

export const row = fc.record({
  minutes: fc.nat(430 * 1_440),
  provider: pick('claude', 'gemini', 'offline'),
  model: pick('model-1', 'long-1'),
  operation: pick('extraction', 'transcription', 'interview'),
  outcome: pick('succeeded' as const, 'succeeded' as const, 'failed' as const),
  cost: fc.option(fc.nat(50_000), { freq: 8 }),
  estimated: fc.boolean(),
  feed: pick(null, 'feed-a', 'feed-b'),
  episode: pick(null, 'e-1', 'e-2', 'e-3'),
  template: pick(null, 'summary', 'quotes'),
  job: pick(null, 'j-1', 'j-2'),
  estimate: fc.option(fc.tuple(fc.nat(40_000), fc.nat(40_000)), { freq: 2 }),
  saved: fc.nat(900),
})
export type Drawn = typeof row extends fc.Arbitrary<infer Row> ? Row : never
const seconds: Record<string, number> = { 'e-1': 1_800, 'e-2': 3_600, 'e-3': 0 }
export const titles: Record<string, string> = { 'e-1': 'The river gauge', 'e-2': 'A strike', 'e-3': '100 % rivers' }
export function houseWith(drawn: readonly Drawn[]) {
  const money = moneyOf({ zone, nowMs })
  money.storage.writeUnaudited((tx) => {
    for (const [id, title] of [
      ['feed-a', 'Feed A'],
      ['feed-b', 'Other'],
    ])
      tx.run(
        `INSERT INTO feeds (id, kind, own_title, url_key, is_private, allow_local, paused, state_kind, state_message, added_at_ms, row_sha256)
         VALUES (?, 'rss', ?, ?, 0, 0, 0, 'fine', 'Fine', 0, '')`,
        [id!, title!, id!],
      )
    for (const [id, title] of Object.entries(titles))
      tx.run(
        `INSERT INTO episodes (id, feed_id, title, duration_seconds, state, first_seen_at_ms, updated_at_ms)
         VALUES (?, 'feed-a', ?, ?, 'processed', 0, 0)`,
        [id, title, seconds[id]!],
      )
  })
  const rows = drawn.map((one) => {
    const atMs = nowMs - 430 * 86_400_000 + one.minutes * 60_000
    const entry: CostEntry = {
      id: money.ids.next(),
      at_ms: atMs,
      provider: one.provider,
      model: one.model,
      operation: one.operation,
      outcome: one.outcome,
      amount_kind: one.cost === null ? 'unknown' : one.estimated ? 'estimated' : 'known',
      cost_micro_usd: one.cost,
      input_tokens: 10,
      output_tokens: 1,
      cached_tokens: 0,
      audio_ms: null,
      feed_id: one.feed,
      episode_id: one.episode,
      template_name: one.template,
      job_id: one.job,
      price_version: null,
      imported_from: null,
    }
    const details: CostDetails | undefined = one.estimate
      ? {
          estimate_low_micro_usd: Math.min(...one.estimate),
          estimate_high_micro_usd: Math.max(...one.estimate),
          estimate_reason: 'so',
          cache_write_tokens: null,
          saved_micro_usd: one.saved,
        }
      : undefined
    money.storage.write('costs.append', (tx) => money.costs.appendIn(tx, entry, details))
    return { entry, details }
  })
  return { money, rows }
}
