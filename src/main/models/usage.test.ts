import fc from 'fast-check'
import { expect, test } from 'vitest'
import { estimateTokens } from './tokens.ts'
import { boundsOf, type RawUsage, readUsage } from './usage.ts'
import { retryAfterMs } from './wait.ts'

const bounds = boundsOf('x'.repeat(1_000), 500)
const counts = [
  ['claude', 'input_tokens', 'output_tokens'],
  ['gemini', 'promptTokenCount', 'candidatesTokenCount'],
  ['openai-compatible', 'prompt_tokens', 'completion_tokens'],
] as const

test.each(counts)('%s: a count is a whole number within what can be true, or unknown', (kind, input, output) => {
  expect(readUsage(kind, {}, bounds)).toBeNull()
  expect(readUsage(kind, { [input]: 10, [output]: 5 }, bounds)).toMatchObject({ inputTokens: 10, outputTokens: 5 })
  for (const odd of [-1, 1e18, 1.5, Number.NaN, '10', null, {}, [], true, 22_000])
    expect(readUsage(kind, { [input]: odd, [output]: 5 }, bounds), String(odd)).toMatchObject({ inputTokens: null })
  for (const odd of [-1, 1e18, 1.5, '5', 101_000])
    expect(readUsage(kind, { [input]: 10, [output]: odd }, bounds), String(odd)).toMatchObject({ outputTokens: null })
})

test('a cache larger than the whole is not believed', () => {
  const raw = { prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 11 } }
  expect(readUsage('openai-compatible', raw, bounds)).toMatchObject({ inputTokens: null })
  expect(readUsage('gemini', { promptTokenCount: 10, cachedContentTokenCount: 11 }, bounds)).toMatchObject({
    inputTokens: null,
  })
})

test('whatever is said, no count is negative, broken or beyond its bounds', () => {
  const value = fc.oneof(fc.integer(), fc.double(), fc.bigInt().map(Number), fc.jsonValue())
  const names = fc.constantFrom(
    ...counts.flatMap(([, input, output]) => [input, output]),
    ...['cache_read_input_tokens', 'cache_creation_input_tokens', 'cachedContentTokenCount', 'thoughtsTokenCount'],
    'prompt_tokens_details',
  )
  fc.assert(
    fc.property(fc.constantFrom(...counts.map(([kind]) => kind)), fc.dictionary(names, value), (kind, raw) => {
      const usage = readUsage(kind, raw as RawUsage, bounds)
      for (const count of Object.values(usage ?? {}))
        expect(count === null || (Number.isSafeInteger(count) && count >= 0 && count <= 300_000)).toBe(true)
    }),
  )
})

test('what a text may come to lies around the rules of thumb, wider where languages take more', () => {
  const rules: [string, number][] = [
    ['The quick brown fox jumps over the lazy dog. '.repeat(100), 4_500 / 4],
    ['Der Gezeitenschreiber notiert den Wasserstand zu jeder vollen Stunde. '.repeat(50), 3_500 / 3],
    ['今天天气很好，我们去公园散步吧。'.repeat(50), 800],
    ['Быстрая коричневая лиса прыгает через ленивую собаку. '.repeat(50), 2_700 / 2.5],
  ]
  for (const [text, about] of rules) {
    const [low, high] = estimateTokens(text)
    expect(low, text.slice(0, 20)).toBeLessThan(about * 0.95)
    expect(high, text.slice(0, 20)).toBeGreaterThan(about * 1.1)
    expect(high / low).toBeLessThan(3)
  }
  expect(estimateTokens('')[0]).toBe(0)
})

test.each([
  ['7', 7_000],
  ['0', 0],
  ['1.5', 1_500],
  ['Mon, 23 Nov 2026 12:00:30 GMT', 30_000],
  ['Mon, 23 Nov 2020 12:00:30 GMT', 0],
  ['999999999999999999', 366 * 86_400_000],
  ['-5', null],
  ['soon', null],
  ['', null],
])('Retry-After %j is %s ms', (text, ms) => {
  expect(retryAfterMs({ 'retry-after': text }, Date.UTC(2026, 10, 23, 12))).toBe(ms)
})
