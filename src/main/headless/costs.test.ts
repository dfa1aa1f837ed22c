import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { compose } from '../compose.ts'
import { runIn } from './testing.ts'

let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-costs-'))
  const opened = await compose({
    profilePath: join(folder, 'profile'),
    entry: new URL('../headless.ts', import.meta.url),
    origin: 'headless',
    desktop: null,
  })
  if (!opened.ok) throw new Error(opened.error.message)
  const house = opened.value
  const buy = (provider: string, model: string, operation: 'extraction' | 'transcription', tokens: number): void => {
    const bought = house.spending.reserve({
      provider,
      model,
      purpose: {
        operation,
        jobId: null,
        feedId: null,
        episodeId: null,
        templateName: operation === 'extraction' ? 'summary' : null,
      },
      planned: { inputTokens: [tokens, tokens], outputTokens: [0, 0], audioSeconds: null },
      approvedMicroUsd: 10_000_000,
    })
    if (!bought.ok) throw new Error(bought.error.message)
    const begun = bought.value.begin()
    if (!begun.ok) throw new Error(begun.error.message)
    const usage = {
      inputTokens: tokens,
      outputTokens: 0,
      cachedInputTokens: 0,
      cacheWriteTokens: 0,
      audioSeconds: null,
    }
    bought.value.settle(begun.value, { ok: true, usage, charged: 'yes' })
    bought.value.close()
  }
  buy('claude', 'claude-haiku-4-5-20251001', 'extraction', 1_500_000)
  buy('gemini', 'gemini-2.5-flash', 'transcription', 1_000_000)
  buy('gemini', 'a-model-of-tomorrow', 'extraction', 10)
  await house.close()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const json = async (...args: string[]) => {
  const { out, code } = await runIn(folder, [...args, '--json'])
  return { code, ...(JSON.parse(out) as { ok: boolean; data: Record<string, unknown> }) }
}

test('says what was spent, by provider and operation, and what is unknown', async () => {
  const all = await runIn(folder, ['costs', '--recent', '2'])
  expect(all.code).toBe(0)
  expect(all.out).toContain('$1.80 for 3 charges (1 of unknown cost).')
  expect(all.out).toMatch(/ {2}claude +\$1\.50 {2}1 charge\n/)
  expect(all.out).toMatch(/ {2}gemini +\$0\.30 {2}2 charges, 1 unknown\n/)
  expect(all.out).toContain('unknown  gemini a-model-of-tomorrow')
  expect(await json('costs', '--provider', 'gemini', '--operation', 'transcription')).toMatchObject({
    ok: true,
    data: { entries: 1, costMicroUsd: 300_000, recent: [] },
  })
  expect(await json('costs', '--days', '2')).toMatchObject({ data: { entries: 3 } })
  expect(await json('costs', '--until', '2026-01-01')).toMatchObject({ data: { entries: 0 } })
  expect((await runIn(folder, ['costs', '--since', '2999-01-01'])).out).toBe('No charge fits.\n')
})

test('limits, prices and files', async () => {
  expect((await runIn(folder, ['costs', 'limits'])).out).toContain('A month  asks above  $15.00  $1.80 spent')
  await runIn(folder, ['costs', 'set-limit', 'month', '2.5', '--stops'])
  await runIn(folder, ['costs', 'set-limit', 'job', 'none'])
  const limits = (await json('costs', 'limits')).data as unknown as { id: string; limitMicroUsd: number }[]
  expect(limits.map(({ id, limitMicroUsd }) => [id, limitMicroUsd])).toEqual([
    ['month/asks', 15_000_000],
    ['month/stops', 2_500_000],
  ])
  expect((await runIn(folder, ['costs', 'prices'])).out).toMatch(
    /claude +claude-haiku-4-5 +\$1\.00 +\$5\.00 +\$0\.10 +\$1\.25/,
  )
  const written = await runIn(folder, ['costs', '--out', 'all.csv'])
  expect(written.out).toContain('3 charges written to')
  expect(readFileSync(join(folder, 'all.csv'), 'utf8')).toContain('"1.500000"')
})

test.each([
  [['costs', 'more']],
  [['costs', '--days', '0']],
  [['costs', '--days', '3', '--since', '2026-01-01']],
  [['costs', '--since', 'yesterday']],
  [['costs', '--recent', '-1']],
  [['costs', '--format', 'csv']],
  [['costs', '--out', 'x.txt', '--format', 'xml']],
  [['costs', 'set-limit', 'week', '5']],
  [['costs', 'set-limit', 'month', '-5']],
  [['costs', 'set-limit', 'month', '5e3']],
  [['costs', 'set-limit', 'feed', '5']],
])('is not understood: %j', async (args) => {
  expect((await runIn(folder, args)).code).toBe(2)
})
