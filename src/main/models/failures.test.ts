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

describe('in the words of one provider', () => {
  const cases: [ProviderName, string, FakeReply, string][] = [
    [
      'gemini',
      'a wrong key as 400',
      {
        status: 400,
        error: {
          error: {
            code: 400,
            message: 'API key not valid. Please pass a valid API key.',
            status: 'INVALID_ARGUMENT',
            details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
          },
        },
      },
      'key-refused',
    ],
    [
      'gemini',
      'a text that is too long',
      {
        status: 400,
        error: {
          error: {
            code: 400,
            message: 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
            status: 'INVALID_ARGUMENT',
          },
        },
      },
      'too-long',
    ],
    [
      'gemini',
      'today’s requests used up',
      {
        status: 429,
        error: {
          error: {
            code: 429,
            message: 'You exceeded your current quota',
            status: 'RESOURCE_EXHAUSTED',
            details: [
              { violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }] },
              { retryDelay: '34s' },
            ],
          },
        },
      },
      'rate-limited',
    ],
    [
      'claude',
      'credit that is used up as 400',
      {
        status: 400,
        error: {
          type: 'error',
          error: {
            type: 'invalid_request_error',
            message: 'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.',
          },
        },
      },
      'credit-used-up',
    ],
    [
      'claude',
      'a text that is too long',
      {
        status: 400,
        error: {
          type: 'error',
          error: { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' },
        },
      },
      'too-long',
    ],
    [
      'claude',
      'an overload amid the stream',
      { chunks: [], errorEvent: { error: { type: 'overloaded_error', message: 'Overloaded' } } },
      'provider-down',
    ],
    [
      'local',
      'used-up credit as 429',
      {
        status: 429,
        error: {
          error: {
            message: 'You exceeded your current quota, please check your plan and billing details.',
            type: 'insufficient_quota',
            param: null,
            code: 'insufficient_quota',
          },
        },
      },
      'credit-used-up',
    ],
    [
      'local',
      'a text that is too long',
      {
        status: 400,
        error: {
          error: {
            message: "This model's maximum context length is 8192 tokens.",
            type: 'invalid_request_error',
            code: 'context_length_exceeded',
          },
        },
      },
      'too-long',
    ],
    [
      'local',
      'a model that is not installed',
      {
        status: 404,
        error: { error: { message: 'model "qwen3:14b" not found, try pulling it first', type: 'api_error' } },
      },
      'model-retired',
    ],
    ['local', 'a page that is not there', { status: 404, error: 'nothing here' }, 'provider-unreachable'],
    [
      'local',
      'an error amid the stream',
      { chunks: [], errorEvent: { error: { code: 402, message: 'Insufficient credits' } } },
      'credit-used-up',
    ],
    [
      'local',
      'an error in place of a stream',
      { raw: '{"error":{"message":"Incorrect API key provided","code":401}}' },
      'key-refused',
    ],
  ]
  it.each(cases)('%s says %s', async (name, _, reply, code) => {
    house.servers[name].standing(reply)
    expect(await house.ask(name, [])).toMatchObject({ ok: false, error: { code } })
  })

  it('Gemini says in the body how long to wait', async () => {
    const error = {
      error: { code: 429, message: 'Quota', status: 'RESOURCE_EXHAUSTED', details: [{ retryDelay: '34.07s' }] },
    }
    expect((await house.ask('gemini', [{ status: 429, error }, {}])).ok).toBe(true)
    expect(Math.max(...house.waits)).toBe(34_070)
  })

  it('a model that takes no temperature, or less room, is asked again without', async () => {
    const refused = (message: string) => ({ status: 400, error: { error: { message, type: 'invalid_request_error' } } })
    expect((await house.ask('claude', [refused('`temperature` is deprecated for this model.'), {}])).ok).toBe(true)
    expect((await house.ask('claude', [{}])).ok).toBe(true)
    const bodies = house.servers.claude.seen
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => Object.keys(body as object).includes('temperature'))
    expect(bodies).toEqual([true, false, false])
    expect(
      (
        await house.ask('local', [
          refused("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
          {},
        ])
      ).ok,
    ).toBe(true)
    expect(house.servers.local.seen.at(-1)!.body).toMatchObject({ max_completion_tokens: 1_000 })
  })

  it('a provider’s words are quoted short, in one line, and without the key it sends back', async () => {
    const message = `Bad request for key ${canary}\u202e\n\u001b[31m${'x'.repeat(900)}`
    const result = await house.ask('claude', [{ status: 400, error: { error: { message } } }])
    const words = result.ok ? '' : result.error.message
    expect(words).toMatch(/Bad request for key \[/)
    expect(words).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(words).not.toContain(canary)
    expect(words.length).toBeLessThan(500)
  })
})

it('the key is in no file, message, event or answer, whatever a server does with it', async () => {
  const events: unknown[] = []
  house.events.onAny((event, payload) => events.push([event, payload]))
  const told: unknown[] = []
  let streamed = ''
  const halves = [canary.slice(0, 20), canary.slice(20)]
  for (const name of providerNames) {
    const onText = (delta: string) => (streamed += delta)
    told.push(await house.ask(name, [{ chunks: ['Your key is ', ...halves, ', is it not?'] }], { onText }))
    for (const reply of [
      { status: 500, error: { error: { message: canary } } },
      { status: 401, error: { error: { message: canary, type: canary, code: canary } } },
      { raw: canary },
      { chunks: [canary, 'more'], cutAfter: 1 },
    ]) {
      house.servers[name].standing(reply)
      told.push(await house.models.generate(house.request(name)))
    }
    house.servers[name].standing({})
    house.servers[name].lists({ status: 403, error: { error: { message: canary } } })
    told.push(await house.models.check(name), house.models.providers(), house.models.list(), house.models.assignments())
    told.push(await house.models.setKey({ id: name, key: canary, where: 'keychain' }))
    house.servers[name].lists({ raw: `{"data":[{"id":"${canary}"}],"models":[{"name":"models/${canary}"}]}` })
    told.push(await house.models.check(name))
  }
  expect(streamed).toContain('Your key is [key], is it not?')
  for (const part of [canary, Buffer.from(canary).toString('base64').replace(/=+$/, '')]) {
    expect(JSON.stringify([told, events, streamed])).not.toContain(part)
    expect(house.filesWith(part)).toEqual([])
  }
  // The search finds what is there.
  house.storage.writeUnaudited((tx) => tx.run('CREATE TABLE planted AS SELECT ? AS it', [canary]))
  expect(house.filesWith(canary)).not.toEqual([])
})
