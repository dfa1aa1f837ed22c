import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { canary, type ModelsHouse, openModelsHouse, type ProviderName, providerNames } from './testing/models-house.ts'
import type { FakeReply } from './testing/scripted-server.ts'

let house: ModelsHouse
beforeEach(async () => {
  house = await openModelsHouse({ limits: { idleMs: 400, ownIdleMs: 400, bodyBytes: 300_000 } })
})
afterEach(() => house.close())

interface Expected {
  readonly code: string
  readonly words: RegExp
  readonly retryable: boolean
  /** Rows in the ledger. */
  readonly attempts: number
  readonly amounts: 'nothing' | 'estimated' | 'known'
}
const titles: Record<ProviderName, string> = { claude: 'Claude', gemini: 'Gemini', local: 'Ollama' }

/** Asks once and looks at everything a failure has to leave behind. */
async function expectFailure(name: ProviderName, replies: FakeReply[], expected: Expected): Promise<void> {
  const result = await house.ask(name, replies)
  expect(result, name).toMatchObject({ ok: false, error: { code: expected.code, retryable: expected.retryable } })
  const message = result.ok ? '' : result.error.message
  expect(message).toContain(titles[name])
  expect(message).toMatch(expected.words)
  expect(message, 'what was kept is said').toMatch(/kept/)
  expect(message.length).toBeLessThan(700)
  const rows = house.ledger()
  expect(rows.map(({ outcome }) => outcome)).toEqual(Array(expected.attempts).fill('failed'))
  for (const row of rows) {
    // A server on the own network is free whatever happens.
    if (expected.amounts === 'nothing' || name === 'local')
      expect(row).toMatchObject({ amount_kind: 'known', cost_micro_usd: 0 })
    else expect(row.amount_kind).toBe(expected.amounts)
    if (expected.amounts !== 'nothing' && name !== 'local') expect(row.cost_micro_usd).toBeGreaterThan(0)
  }
  expect(house.held(), 'what was held is given back').toBe(0)
  expect(JSON.stringify(result)).not.toContain(canary)
}

const refusals: [number, FakeReply, Omit<Expected, 'attempts' | 'amounts'>][] = [
  [400, {}, { code: 'request-refused', words: /refuses the request \(400\).*says: “/, retryable: false }],
  [401, {}, { code: 'key-refused', words: /does not take the key \(401\).*enter it in Settings/, retryable: false }],
  [402, {}, { code: 'credit-used-up', words: /credit is used up \(402\).*choose another/, retryable: false }],
  [403, {}, { code: 'key-refused', words: /may not use .* \(403\).*another/, retryable: false }],
  [404, {}, { code: 'model-retired', words: /does not offer .* any more/, retryable: false }],
  [413, {}, { code: 'too-long', words: /longer than .* takes \(413\)/, retryable: false }],
]
describe.each(providerNames)('%s', (name) => {
  it.each(refusals)('refuses with %s: told at once, nothing charged', async (status, reply, expected) => {
    await expectFailure(name, [{ ...reply, status }], { ...expected, attempts: 1, amounts: 'nothing' })
    expect(house.waits).toEqual([])
  })

  it.each([
    [500, /trouble of its own \(500\)/],
    [502, /trouble of its own \(502\)/],
    [503, /\(503\)/],
    [529, /overloaded|of its own/],
  ])('%s is tried four times, further and further apart', async (status, words) => {
    await expectFailure(name, Array(4).fill({ status }), {
      code: 'provider-down',
      words,
      retryable: true,
      attempts: 4,
      amounts: 'nothing',
    })
    expect(house.waits).toEqual([1_000, 2_000, 4_000])
  })

  it('has a moment of trouble: the answer comes at the second try, and both have a row', async () => {
    const result = await house.ask(name, [{ status: 529 }, {}])
    expect(result.ok).toBe(true)
    expect(house.ledger().map(({ outcome }) => outcome)).toEqual(['failed', 'succeeded'])
  })

  it('says when to come back, in seconds or as a date, and is not asked before', async () => {
    const date = new Date(house.clock.now() + 90_000).toUTCString()
    const replies = [
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 429, headers: { 'retry-after': date } },
      {},
    ]
    expect((await house.ask(name, replies)).ok).toBe(true)
    expect(house.waits.filter((ms) => ms >= 7_000)).toEqual(expect.arrayContaining([7_000]))
    expect(Math.max(...house.waits)).toBeGreaterThan(88_000)
    expect(house.ledger().map(({ cost_micro_usd }) => cost_micro_usd === 0)).toEqual([true, true, name === 'local'])
  })

  it('wants more patience than five minutes: told with the time, and others do not ask meanwhile', async () => {
    await expectFailure(name, [{ status: 429, headers: { 'retry-after': '3600' } }], {
      code: 'rate-limited',
      words: /for 60 minutes, until 2026-11-23 13:00 UTC \(429\)/,
      retryable: true,
      attempts: 1,
      amounts: 'nothing',
    })
    const asked = house.servers[name].seen.length
    expect(await house.ask(name, [])).toMatchObject({ error: { code: 'rate-limited' } })
    expect(house.servers[name].seen).toHaveLength(asked)
    house.setNow(house.clock.now() + 3_601_000)
    expect((await house.ask(name, [{}])).ok).toBe(true)
  })

  it('is cut in the middle: tried once more, both estimated, and what came is kept', async () => {
    const cut = { chunks: ['The tide ', 'is noted ', 'each hour.'], cutAfter: 2 }
    await expectFailure(name, [cut, cut], {
      code: 'answer-cut-off',
      words: /broke in the middle of the answer\..*\(4 words\) is kept/,
      retryable: true,
      attempts: 2,
      amounts: 'estimated',
    })
    house.servers[name].next(cut, cut)
    const result = await house.models.generate(house.request(name))
    expect(result).toMatchObject({ error: { details: { text: 'The tide is noted ' } } })
  })

  it('is cut after something was shown: not begun anew before the reader’s eyes', async () => {
    let shown = ''
    const result = await house.ask(name, [{ chunks: ['The tide ', 'is'], cutAfter: 1 }, {}], {
      onText: (delta) => (shown += delta),
    })
    expect(result).toMatchObject({ error: { code: 'answer-cut-off' } })
    expect(shown).toBe('The tide ')
    expect(house.ledger()).toHaveLength(1)
  })

  it('falls silent in the middle', async () => {
    const silent = { chunks: ['The tide '], silentAfter: true }
    await expectFailure(name, [silent, silent], {
      code: 'answer-cut-off',
      words: /fell silent/,
      retryable: true,
      attempts: 2,
      amounts: 'estimated',
    })
  })

  it('never ends: stopped at the limit', async () => {
    await expectFailure(name, [{ endless: true }], {
      code: 'answer-unreadable',
      words: /more than an answer can be/,
      retryable: true,
      attempts: 1,
      amounts: 'estimated',
    })
  })

  it('closes the connection before any answer', async () => {
    await expectFailure(name, [{ refuse: true }, { refuse: true }], {
      code: 'provider-unreachable',
      words: /be reached|does not answer/,
      retryable: true,
      attempts: 2,
      amounts: 'estimated',
    })
  })

  it.each([
    ['a page', '<!doctype html><title>Sign in to the network</title>', /something that is no answer/],
    ['nothing', '', /something that is no answer/],
    ['broken JSON', 'data: {"candidates": [{\n\n', /something that is no answer/],
  ])('sends %s in place of an answer', async (_, raw, words) => {
    await expectFailure(name, [{ raw }], {
      code: 'answer-unreadable',
      words,
      retryable: true,
      attempts: 1,
      amounts: 'estimated',
    })
  })

  it('answers without a word, or thinks until there is no room left', async () => {
    const length = { claude: 'max_tokens', gemini: 'MAX_TOKENS', local: 'length' }[name]
    await expectFailure(name, [{ chunks: [] }], {
      code: 'answer-unreadable',
      words: /without a word/,
      retryable: true,
      attempts: 1,
      amounts: 'known',
    })
    expect(await house.ask(name, [{ chunks: [], finish: length }])).toMatchObject({
      error: { code: 'answer-unreadable', retryable: false, message: expect.stringContaining('before its first word') },
    })
  })

  it('sends on to another place, which never sees the key', async () => {
    const other = house.servers[name === 'claude' ? 'gemini' : 'claude']
    const before = other.seen.length
    await expectFailure(name, [{ status: 307, headers: { location: `${other.origin}/v1/messages` } }], {
      code: 'provider-unreachable',
      words: /sends on to another address/,
      retryable: false,
      attempts: 1,
      amounts: 'nothing',
    })
    expect(other.seen).toHaveLength(before)
  })

  it('is left at once when it is cancelled, in an answer or in a wait', async () => {
    const stop = new AbortController()
    house.servers[name].next({ chunks: ['The tide '], silentAfter: true })
    const asked = house.models.generate(house.request(name, { signal: stop.signal, onText: () => stop.abort() }))
    expect(await asked).toMatchObject({ error: { code: 'cancelled', message: expect.stringContaining('may charge') } })
    expect(house.ledger()).toMatchObject([{ outcome: 'failed', amount_kind: name === 'local' ? 'known' : 'estimated' }])
    expect(house.held()).toBe(0)
  })
})
