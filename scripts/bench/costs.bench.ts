/** How long the Costs page and a new charge take beside a ledger of a million rows. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { moneyOf } from '../../src/main/costs/costs-testing.ts'
import { createRollup } from '../../src/main/costs/rollup.ts'
import { type CostEntryRow, costEntriesTable } from '../../src/main/costs/store.ts'
import { createIds } from '../../src/main/ids.ts'
import { sealOf } from '../../src/main/storage/seals.ts'
import { openStorage } from '../../src/main/storage/storage.ts'

const asked = process.argv.find((argument) => argument.startsWith('--rows='))
const rows = asked ? Number(asked.slice('--rows='.length)) : 1_000_000
const [feeds, episodes, days] = [60, Math.ceil(rows / 20), 1_100]
const runs = 9
const nowMs = Date.UTC(2026, 10, 23, 12)
const zone = 'Europe/Berlin'
const models = [
  ['claude', 'claude-sonnet-5-5'],
  ['claude', 'claude-haiku-5-5'],
  ['gemini', 'gemini-3.8-flash'],
  ['openai', 'gpt-6-luna'],
  ['offline', 'extractive'],
] as const
const templates = [
  'summary',
  'quotes',
  'key-concepts',
  'books-mentioned',
  'people-mentioned',
  'tools-mentioned',
  'frameworks-mentioned',
]

/** The same ledger each time. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}

function fill(path: string): void {
  const opened = openStorage(path, { clock: { now: () => nowMs }, origin: 'bench' })
  if (!opened.ok) throw new Error(opened.error.message)
  opened.value.close()
  const database = new DatabaseSync(path)
  database.exec('PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; BEGIN')
  const draw = random(7)
  const feedIds = Array.from({ length: feeds }, (_, at) => `feed-${at}`)
  const episode = database.prepare(
    `INSERT INTO episodes (id, feed_id, title, duration_seconds, published_at_ms, state, first_seen_at_ms, updated_at_ms)
     VALUES (?, ?, ?, ?, ?, 'processed', 0, 0)`,
  )
  for (let at = 0; at < episodes; at++)
    episode.run(`episode-${at}`, feedIds[at % feeds]!, `Episode ${at} about ${at % 977}`, 1_800 + (at % 5_000), 0)
  const columns = costEntriesTable.columns
  const insert = database.prepare(
    `INSERT INTO cost_entries (${columns.join(', ')}, row_sha256) VALUES (${[...columns, ''].map(() => '?').join(', ')})`,
  )
  for (let at = 0; at < rows; at++) {
    const atMs = nowMs - Math.floor(((rows - at) / rows) * days * 86_400_000)
    const [provider, model] = models[Math.floor(draw() ** 2 * models.length)]!
    const isTranscript = draw() < 0.1
    const number = Math.floor(draw() * episodes)
    const isUnknown = draw() < 0.01
    const row: CostEntryRow = {
      id: createIds({ now: () => atMs }).next(),
      at_ms: atMs,
      provider,
      model,
      operation: isTranscript ? 'transcription' : 'extraction',
      outcome: draw() < 0.03 ? 'failed' : 'succeeded',
      amount_kind: isUnknown ? 'unknown' : 'known',
      cost_micro_usd: isUnknown ? null : provider === 'offline' ? 0 : Math.floor(draw() * 40_000),
      input_tokens: 10_000,
      output_tokens: 800,
      cached_tokens: 0,
      audio_ms: isTranscript ? 3_600_000 : null,
      feed_id: feedIds[number % feeds]!,
      episode_id: `episode-${number}`,
      template_name: isTranscript ? null : templates[Math.floor(draw() * templates.length)]!,
      job_id: `job-${Math.floor(at / 5)}`,
      price_version: '2026-11-01',
      imported_from: null,
    }
    insert.run(...columns.map((name) => row[name as keyof CostEntryRow]), sealOf(costEntriesTable, { ...row }))
  }
  // The journal of months is what the service would have written; the check below compares it.
  database.exec('COMMIT')
  database.close()
}

const median = (times: readonly number[]): number => times.toSorted((one, other) => one - other)[times.length >> 1]!
interface Timing {
  readonly wall: number
  /** Of this process: what it would take on an idle computer. */
  readonly processor: number
}
function timed(work: () => unknown): Timing[] {
  return Array.from({ length: runs }, () => {
    const [startedAt, used] = [performance.now(), process.cpuUsage()]
    work()
    const { user, system } = process.cpuUsage(used)
    return { wall: performance.now() - startedAt, processor: (user + system) / 1000 }
  })
}

const folder = mkdtempSync(join(tmpdir(), 'inkwell-costs-bench-'))
try {
  const path = join(folder, 'inkwell.db')
  fill(path)
  const opened = openStorage(path, { clock: { now: () => nowMs }, origin: 'bench' })
  if (!opened.ok) throw new Error(opened.error.message)
  const storage = opened.value
  const money = moneyOf({ storage, nowMs, zone })
  const rebuild = (): number => {
    const startedAt = performance.now()
    storage.writeUnaudited((tx) => createRollup(() => zone).rebuildIn(tx, zone))
    return performance.now() - startedAt
  }
  const firstMs = rebuild()
  for (const { month } of money.costs.facts().wrongMonths)
    storage.write('bench', (tx) => {
      tx.audit('bench', null, null)
      money.costs.rebuildMonthIn(tx, month)
    })
  const factsStarted = performance.now()
  const facts = money.costs.facts()
  const factsMs = performance.now() - factsStarted
  if (facts.entries !== rows || facts.wrongMonths.length > 0)
    throw new Error(`the ledger does not add up: ${JSON.stringify([facts.entries, facts.wrongMonths.slice(0, 3)])}`)

  const rebuildMs = rebuild()

  const month = { fromMs: money.book.beginnings().monthMs }
  const year = { fromMs: nowMs - 365 * 86_400_000 }
  const middle = money.book.entries({ limit: 1, toMs: nowMs - 500 * 86_400_000 }).rows[0]!.id
  const figures: Record<string, Timing[]> = {
    'overview, this month': timed(() => money.book.overview(month)),
    'overview, a year': timed(() => money.book.overview(year)),
    'overview, all': timed(() => money.book.overview({})),
    'overview, all of one provider': timed(() => money.book.overview({ provider: 'gemini' })),
    'overview, all of one feed': timed(() => money.book.overview({ feedId: 'feed-7' })),
    'overview, one template, a year': timed(() => money.book.overview({ ...year, template: 'quotes' })),
    'overview, one episode': timed(() => money.book.overview({ episodeId: 'episode-11' })),
    'overview, words of few episodes': timed(() => money.book.overview({ text: 'about 13' })),
    'entries, newest 100': timed(() => money.book.entries({ limit: 100 })),
    'entries, 100 from the middle on': timed(() => money.book.entries({ limit: 100, after: middle })),
    'entries, 100 of a rare model': timed(() =>
      money.book.entries({ limit: 100, model: 'extractive', feedId: 'feed-3' }),
    ),
    'entries, 100 of one provider': timed(() => money.book.entries({ limit: 100, provider: 'claude' })),
    'entries, 100 of one template in a year': timed(() =>
      money.book.entries({ ...year, limit: 100, template: 'quotes' }),
    ),
    'entries, one episode': timed(() => money.book.entries({ limit: 100, episodeId: 'episode-11' })),
    'entries, words of few episodes': timed(() => money.book.entries({ limit: 100, text: 'about 13' })),
    'month for the sidebar': timed(() => money.book.month()),
    limits: timed(() => money.limits.list()),
  }
  const ids = createIds(money.clock)
  const entry = (): CostEntryRow => ({
    ...storage.get<CostEntryRow>('SELECT * FROM cost_entries WHERE rowid = ?', [rows])!,
    id: ids.next(),
    at_ms: nowMs,
  })
  const each = (count: number, work: () => void): number => {
    const startedAt = performance.now()
    for (let at = 0; at < count; at++) work()
    return (performance.now() - startedAt) / count
  }
  const strip = (): CostEntryRow => {
    const { combo_id, row_sha256, ...rest } = entry() as CostEntryRow & { combo_id: number; row_sha256: string }
    void [combo_id, row_sha256]
    return rest
  }
  const appendMs = each(300, () => void money.costs.append(strip()))
  const spendMs = each(100, () => {
    const bought = money.spending.reserve({
      provider: 'claude',
      model: 'model-1',
      purpose: {
        operation: 'extraction',
        jobId: `job-${ids.next()}`,
        feedId: 'feed-1',
        episodeId: 'episode-1',
        templateName: 'summary',
      },
      planned: { inputTokens: [900, 1_000], outputTokens: [10, 20], audioSeconds: null },
      approvedMicroUsd: 1_000_000_000,
    })
    if (!bought.ok) throw new Error(bought.error.message)
    const attempt = bought.value.begin()
    if (!attempt.ok) throw new Error(attempt.error.message)
    bought.value.settle(attempt.value, {
      ok: true,
      usage: { inputTokens: 950, outputTokens: 15, cachedInputTokens: 0, cacheWriteTokens: 0, audioSeconds: null },
      charged: 'yes',
    })
    bought.value.close()
  })
  const batch = 100
  const inBatchMs =
    each(10, () =>
      storage.write('bench', (tx) => {
        for (let at = 0; at < batch; at++) void money.costs.appendIn(tx, strip())
      }),
    ) / batch
  const bare = openSync(join(folder, 'bare.log'), 'a')
  const line = `${JSON.stringify(entry())}\n`
  const bareMs = each(300, () => {
    writeSync(bare, line)
    fdatasyncSync(bare)
  })
  closeSync(bare)
  storage.close()
  const result = {
    rows,
    ...Object.fromEntries(
      Object.entries(figures).map(([name, times]) => [
        `${name} (ms: median, worst, processor)`,
        [
          median(times.map(({ wall }) => wall)),
          Math.max(...times.map(({ wall }) => wall)),
          median(times.map(({ processor }) => processor)),
        ].map(round),
      ]),
    ),
    'append (ms)': round(appendMs),
    'append in a batch of 100 (ms each)': round(inBatchMs),
    'bare append and fdatasync of a line (ms)': round(bareMs),
    'ratio of an append': round(appendMs / bareMs),
    'ratio of an append in a batch': round(inBatchMs / bareMs),
    'reserve, begin, settle, close (ms)': round(spendMs),
    'compare everything (ms)': round(factsMs),
    'make all sums for the first time (ms)': round(firstMs),
    'make all sums again (ms)': round(rebuildMs),
  }
  if (process.argv.includes('--json')) console.log(JSON.stringify({ bench: 'costs', ...result }))
  else {
    console.log(`\nCosts, ${rows.toLocaleString('en')} rows`)
    for (const [name, value] of Object.entries(result))
      console.log(`  ${name.padEnd(74)} ${Array.isArray(value) ? value.join('  ') : value}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
