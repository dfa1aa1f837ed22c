import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'

/** A charge as a spec wants it; what is left out is nothing, or null. */
export interface Charge {
  readonly atMs: number
  readonly provider?: string
  readonly model?: string
  readonly operation?: string
  readonly outcome?: 'succeeded' | 'failed'
  readonly amountKind?: 'known' | 'estimated' | 'unknown'
  /** Micro-dollars; null is unknown. */
  readonly cost: number | null
  readonly estimate?: readonly [low: number, high: number]
  readonly saved?: number
  readonly tokens?: readonly [input: number, output: number]
  readonly audioMs?: number
  readonly feedId?: string | null
  readonly episodeId?: string | null
  readonly template?: string | null
  readonly importedFrom?: string | null
}

/**
 * Writes charges into a profile the way Inkwell does, from a process of its own, as the command line would beside an
 * open window: the window hears of it by itself.
 */
export function seedLedger(profile: string, charges: readonly Charge[]): void {
  const done = spawnSync(process.execPath, [resolve('e2e/write-ledger.ts'), join(profile, 'inkwell.db')], {
    input: JSON.stringify(charges),
    encoding: 'utf8',
  })
  if (done.status !== 0) throw new Error(`the ledger was not written: ${done.stderr}`)
}

const dayMs = 86_400_000
const titles = ['summary', 'quotes', 'key-ideas', 'people'] as const

/**
 * A month and some of its year: Claude, Gemini, a server of the user's, free work, one entry without a price, one that
 * failed, and one that inkwell-cli brought. The same for each run, but for the day it is.
 */
export function aMonth(nowMs: number, feeds: readonly { feedId: string; episodeIds: readonly string[] }[]): Charge[] {
  const charges: Charge[] = []
  const now = new Date(nowMs)
  const at = (daysBack: number, minute: number): number =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysBack, 9, minute).getTime()
  for (let day = 1; day < 40; day++) {
    const { feedId, episodeIds } = feeds[day % feeds.length]!
    const episodeId = episodeIds[day % episodeIds.length]!
    const of = { feedId, episodeId }
    for (let note = 0; note <= (day * 7) % 4; note++) {
      const isGemini = (day + note) % 3 === 0
      const cost = 9_000 + ((day * 7919 + note * 3571) % 90) * 1_700
      charges.push({
        ...of,
        atMs: at(day, note),
        provider: isGemini ? 'gemini' : 'claude',
        model: isGemini ? 'gemini-3.8-flash' : note === 2 ? 'claude-haiku-5-5' : 'claude-sonnet-5-5',
        cost,
        estimate: [Math.round(cost * 0.9), Math.round(cost * (1.04 + ((day + note) % 5) * 0.02))],
        saved: note === 1 ? 2_400 : 0,
        tokens: [9_000 + day * 331, 400 + note * 311],
        template: titles[note]!,
      })
    }
    if (day % 4 === 0)
      charges.push({
        ...of,
        atMs: at(day, 10),
        provider: 'openrouter',
        model: 'qwen/qwen-3',
        cost: 21_000,
        tokens: [8_000, 900],
        template: 'key-ideas',
      })
    if (day % 5 === 0)
      charges.push({
        ...of,
        atMs: at(day, 20),
        provider: 'offline',
        model: 'parakeet-tdt-v3',
        operation: 'transcription',
        cost: 0,
        estimate: [0, 0],
        audioMs: 3_960_000,
        template: null,
      })
  }
  const first = feeds[0]!
  const of = { feedId: first.feedId, episodeId: first.episodeIds[0]! }
  return [
    ...charges,
    {
      ...of,
      atMs: nowMs - 60_000,
      provider: 'claude',
      model: 'claude-sonnet-5-5',
      cost: 21_000,
      estimate: [20_000, 20_600],
      tokens: [14_212, 1_180],
      template: 'summary',
    },
    {
      ...of,
      atMs: nowMs - 120_000,
      provider: 'openrouter',
      model: 'qwen/qwen-3',
      cost: null,
      amountKind: 'unknown',
      tokens: [14_212, 604],
      template: 'quotes',
    },
    {
      ...of,
      atMs: nowMs - 180_000,
      provider: 'gemini',
      model: 'gemini-3.8-flash',
      cost: 8_900,
      amountKind: 'estimated',
      outcome: 'failed',
      estimate: [8_000, 10_200],
      template: 'key-ideas',
    },
    {
      ...of,
      atMs: nowMs - 400 * dayMs,
      provider: 'claude',
      model: 'claude-sonnet-4-5',
      cost: 150_000,
      tokens: [30_000, 4_000],
      template: 'summary',
      importedFrom: 'inkwell-cli',
    },
  ]
}
