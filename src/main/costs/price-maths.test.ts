import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testPrices } from './costs-testing.ts'
import { chargeOf, costOf, estimateOf, savedOf } from './price-maths.ts'
import { readPriceFile, readPriceTable } from './price-table.ts'

const table = readPriceTable(testPrices)
const day = '2026-11-23'
const price = (provider: string, model: string) => table.find(provider, model, day)!
const none = { input: 0, output: 0, cachedInput: 0, cacheWrite: 0, audioSeconds: 0 }

test('tokens are charged by kind, and what is left of a micro-dollar counts whole', () => {
  const claude = price('claude', 'model-1')
  expect(costOf(claude, { ...none, input: 1_000_000, output: 1_000_000 })).toBe(11_000_000)
  expect(costOf(claude, { ...none, cachedInput: 10, cacheWrite: 4 })).toBe(6)
  expect(costOf(claude, { ...none, cachedInput: 1 })).toBe(1)
  expect(costOf(claude, { ...none, input: 1e9, output: 1e9, cachedInput: 1e9, cacheWrite: 1e9 })).toBe(12_350_000_000)
  expect(costOf(claude, none)).toBe(0)
})

test('a long prompt is charged by the higher price, all of it', () => {
  const long = price('gemini', 'long-1')
  expect(costOf(long, { ...none, input: 200_000, output: 1_000 })).toBe(202_000)
  expect(costOf(long, { ...none, input: 200_001, output: 1_000 })).toBe(404_002)
  expect(costOf(long, { ...none, input: 100_000, cachedInput: 100_001 })).toBe(400_002)
})

test('sound is charged by time, or as tokens of its own price', () => {
  expect(costOf(price('openai', 'whisper-1'), { ...none, audioSeconds: 3_600 })).toBe(360_000)
  expect(costOf(price('openai', 'whisper-1'), { ...none, audioSeconds: 0.01 })).toBe(1)
  // An hour is 115,200 tokens at $1; the 800 words around it are $0.30 a million.
  const sound = price('gemini', 'sound-1')
  expect(costOf(sound, { ...none, input: 116_000, audioSeconds: 3_600 })).toBe(115_200 + 240)
  expect(costOf(sound, { ...none, input: 50, audioSeconds: 3_600 })).toBe(50)
})

test('no usage makes a sum negative, fractional or smaller for more', () => {
  const tokens = fc.nat(1_000_000_000)
  fc.assert(
    fc.property(
      tokens,
      tokens,
      tokens,
      tokens,
      fc.nat(10_000_000),
      tokens,
      (input, output, cachedInput, cacheWrite, audioSeconds, more) => {
        for (const entry of table.entries(day)) {
          const used = { input, output, cachedInput, cacheWrite, audioSeconds }
          const cost = costOf(entry, used)
          expect(Number.isSafeInteger(cost) && cost >= 0).toBe(true)
          expect(costOf(entry, { ...used, output: output + more })).toBeGreaterThanOrEqual(cost)
        }
      },
    ),
    { numRuns: 100 },
  )
})

test('an estimate has both ends and says what it comes from', () => {
  expect(
    estimateOf(price('claude', 'model-1'), 'model-1', {
      inputTokens: [11_000, 12_500],
      outputTokens: [600, 2_000],
      audioSeconds: null,
    }),
  ).toEqual({
    lowMicroUsd: 17_000,
    highMicroUsd: 32_500,
    reason: '11,000 to 12,500 tokens in, 600 to 2,000 out, at the price of 2026-11-01.',
  })
  expect(
    estimateOf(price('openai', 'whisper-1'), 'whisper-1', {
      inputTokens: [0, 0],
      outputTokens: [0, 0],
      audioSeconds: 3_960,
    }),
  ).toEqual({
    lowMicroUsd: 396_000,
    highMicroUsd: 396_000,
    reason: '1 h 6 min of sound, at the price of 2026-11-01.',
  })
  // The tokens of the sound itself are added to a plan that counts words only.
  expect(
    estimateOf(price('gemini', 'sound-1'), 'sound-1', {
      inputTokens: [100, 100],
      outputTokens: [0, 0],
      audioSeconds: 3_600,
    }).highMicroUsd,
  ).toBe(115_230)
  expect(estimateOf(null, 'new-model', { inputTokens: [1, 2], outputTokens: [1, 2], audioSeconds: null })).toEqual({
    lowMicroUsd: null,
    highMicroUsd: null,
    reason: 'No price is known for new-model.',
  })
  for (const bad of [Number.NaN, -1, 1e12])
    expect(
      estimateOf(price('claude', 'model-1'), 'm', { inputTokens: [0, bad], outputTokens: [0, 0], audioSeconds: null })
        .highMicroUsd,
    ).toBeNull()
})

test('the cache saves what its tokens would have cost more', () => {
  const usage = { inputTokens: 5, outputTokens: 5, cachedInputTokens: 1_000, cacheWriteTokens: 0, audioSeconds: null }
  expect(savedOf(price('claude', 'model-1'), usage)).toBe(900)
  expect(savedOf(null, usage)).toBe(0)
  expect(savedOf(price('claude', 'model-1'), { ...usage, cachedInputTokens: -9 })).toBe(0)
})

test('free work is known to be free whatever the server says of it', () => {
  const planned = { ...none, input: 10 }
  const usage = {
    inputTokens: null,
    outputTokens: -1,
    cachedInputTokens: null,
    cacheWriteTokens: null,
    audioSeconds: null,
  }
  expect(chargeOf(table.find('offline', 'anything', day), usage, planned)).toEqual({
    costMicroUsd: 0,
    amountKind: 'known',
  })
  expect(chargeOf(null, usage, planned)).toEqual({ costMicroUsd: null, amountKind: 'unknown' })
})

test('a model is found by its id, its alias and without the mark of a release, and by nothing looser', () => {
  const own = readPriceTable(`
free: []
providers:
  gemini:
    - { model: flash-3, aliases: [flash-3-preview], input: '1', as_of: 2026-11-01, source: 'https://a.example' }
    - { model: flash-3, from: 2027-01-01, input: '2', as_of: 2026-11-01, source: 'https://a.example' }
`)
  const found = (model: string, on = day): number | null => own.find('gemini', model, on)?.rates.input ?? null
  for (const model of [
    'flash-3',
    'models/flash-3',
    'flash-3-preview',
    'flash-3-20261001',
    'flash-3-2026-10-01',
    'flash-3@20261001',
    'flash-3-001',
    'flash-3-latest',
  ])
    expect(found(model), model).toBe(1_000_000)
  for (const model of ['flash', 'flash-31', 'flash-3-lite', 'flash-3-lite-001', 'Flash-3', '', 'flash-3-20261001-x'])
    expect(found(model), model).toBeNull()
  expect(own.find('claude', 'flash-3', day)).toBeNull()
  expect([found('flash-3', '2026-12-31'), found('flash-3', '2027-01-01')]).toEqual([1_000_000, 2_000_000])
})

test('a price list with a slip is refused', () => {
  const entry = (fields: string): string => `free: []\nproviders:\n  a:\n    - { ${fields} }\n`
  const good = "model: m, input: '1.25', as_of: 2026-11-01, source: 'https://a.example'"
  expect(readPriceTable(entry(good)).entries(day)[0]!.rates.input).toBe(1_250_000)
  for (const bad of ["'-1'", "'1.2345678'", "'1e3'", "''", "'NaN'"])
    expect(() => readPriceTable(entry(good.replace("'1.25'", bad))), bad).toThrow()
  expect(() => readPriceTable(entry(good.replace('as_of: 2026-11-01, ', '')))).toThrow()
  expect(() => readPriceTable(`${entry(good)}    - { ${good} }\n`)).toThrow(/twice/)
})

test('the list that comes with Inkwell reads, and every price has its day and source', () => {
  const shipped = readPriceFile(new URL('../../../assets/', import.meta.url))
  const entries = shipped.entries(day)
  expect(entries.length).toBeGreaterThan(30)
  for (const entry of entries) {
    expect(entry.source).toMatch(/^https:\/\//)
    expect(entry.asOf <= day, entry.model).toBe(true)
    const { input, output, cachedInput, audioPerHour } = entry.rates
    expect(audioPerHour !== null || (input !== null && output !== null && output >= input), entry.model).toBe(true)
    if (cachedInput !== null) expect(cachedInput).toBeLessThan(input!)
  }
  expect(shipped.find('gemini', 'gemini-3.8-flash', '2027-01-01')!.rates.input).toBe(1_500_000)
})
