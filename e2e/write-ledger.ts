import { readFileSync } from 'node:fs'
import { createRollup } from '../src/main/costs/rollup.ts'
import { createCostsService } from '../src/main/costs/service.ts'
import { createIds } from '../src/main/ids.ts'
import { openStorage } from '../src/main/storage/storage.ts'
import type { Charge } from './ledger.ts'

// Run by seedLedger: the path of a database as the argument, charges as JSON on standard input.
const clock = { now: Date.now }
const ids = createIds(clock)
const opened = openStorage(process.argv[2]!, { clock, origin: 'test' })
if (!opened.ok) throw new Error(opened.error.message)
const storage = opened.value
const costs = createCostsService({ storage, rollup: createRollup() })
const charges = JSON.parse(readFileSync(0, 'utf8')) as Charge[]
storage.write('costs.append', (tx) => {
  for (const charge of charges) {
    const [low, high] = charge.estimate ?? [null, null]
    costs.appendIn(
      tx,
      {
        id: ids.next(),
        at_ms: charge.atMs,
        provider: charge.provider ?? 'claude',
        model: charge.model ?? 'claude-sonnet-5-5',
        operation: charge.operation ?? 'extraction',
        outcome: charge.outcome ?? 'succeeded',
        amount_kind: charge.amountKind ?? 'known',
        cost_micro_usd: charge.cost,
        input_tokens: charge.tokens?.[0] ?? null,
        output_tokens: charge.tokens?.[1] ?? null,
        cached_tokens: null,
        audio_ms: charge.audioMs ?? null,
        feed_id: charge.feedId ?? null,
        episode_id: charge.episodeId ?? null,
        template_name: charge.template ?? null,
        job_id: null,
        price_version: charge.importedFrom || charge.amountKind === 'unknown' ? null : '2026-10-24',
        imported_from: charge.importedFrom ?? null,
      },
      {
        estimate_low_micro_usd: low,
        estimate_high_micro_usd: high,
        estimate_reason: charge.estimate ? '11,800 words in, 600 to 2,000 out, at the price of 2026-10-24.' : null,
        cache_write_tokens: null,
        saved_micro_usd: charge.saved ?? 0,
      },
    )
  }
})
storage.close()
