import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ModelsHouse, modelOf, must, openModelsHouse, providerNames } from './testing/models-house.ts'

let house: ModelsHouse
beforeEach(async () => {
  house = await openModelsHouse()
})
afterEach(() => house.close())

describe('an answer', () => {
  it.each(providerNames)('of %s comes whole, as it streams, with its use and price', async (name) => {
    let streamed = ''
    const answer = must(
      await house.ask(name, [{ chunks: ['The tide ', 'is ', 'noted.'] }], { onText: (delta) => (streamed += delta) }),
    )
    expect(answer).toMatchObject({ text: 'The tide is noted.', finish: 'stop', amountKind: 'known' })
    expect(streamed).toBe('The tide is noted.')
    expect(answer.usage).toMatchObject({ inputTokens: 1_200, outputTokens: 90 })
    const cost = name === 'local' ? 0 : 1_200 + 900
    expect(answer.costMicroUsd).toBe(cost)
    expect(house.ledger()).toMatchObject([
      { provider: name, model: modelOf[name], outcome: 'succeeded', amount_kind: 'known', cost_micro_usd: cost },
    ])
    expect(house.held()).toBe(0)
  })

  it('is kept in the transaction of its charge', async () => {
    const kept: unknown[] = []
    must(
      await house.ask('claude', [{}], {
        keep: (tx, answer) => {
          const rows = tx.all('SELECT cost_micro_usd FROM cost_entries')
          kept.push(rows.length, answer.text, answer.costMicroUsd)
        },
      }),
    )
    expect(kept).toEqual([1, 'Well answered.', 2_100])
  })

  it('keeps what the system says apart from what is read, and passes no tools', async () => {
    await house.ask('claude', [{}])
    await house.ask('gemini', [{}])
    await house.ask('local', [{}])
    const bodies = providerNames.map((name) => house.servers[name].seen.at(-1)!.body as Record<string, unknown>)
    for (const body of bodies) {
      expect(body).not.toHaveProperty('tools')
      expect(body).not.toHaveProperty('toolConfig')
    }
    expect(bodies[0]).toMatchObject({ system: [{ text: 'Be brief.' }], max_tokens: 1_000, temperature: 0.3 })
    expect(bodies[1]).toMatchObject({ systemInstruction: { parts: [{ text: 'Be brief.' }] } })
    expect(bodies[2]).toMatchObject({ messages: [{ role: 'system' }, { role: 'user' }] })
  })

  it.each([
    ['claude', 'max_tokens'],
    ['gemini', 'MAX_TOKENS'],
    ['local', 'length'],
  ] as const)('of %s that ran out of room says so', async (name, finish) => {
    expect(must(await house.ask(name, [{ finish }])).finish).toBe('length')
  })

  it.each([
    ['claude', 'refusal'],
    ['gemini', 'SAFETY'],
    ['local', 'content_filter'],
  ] as const)('that %s refuses is told as refused, and is charged', async (name, finish) => {
    expect(must(await house.ask(name, [{ chunks: [], finish }])).finish).toBe('refused')
    expect(house.ledger()).toMatchObject([{ outcome: 'succeeded', amount_kind: 'known' }])
  })

  it('that Gemini blocks before its first word is refused too', async () => {
    const raw =
      'data: {"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":0}}\n\n'
    expect(must(await house.ask('gemini', [{ raw }]))).toMatchObject({ finish: 'refused', text: '' })
  })

  it('of a server leaves out what the model thought aloud', async () => {
    const chunks = ['<think>hm, the tide', '</think>', 'It is noted.']
    expect(must(await house.ask('local', [{ chunks }])).text.trim()).toBe('It is noted.')
  })
})

describe('what a provider says of its use', () => {
  it('is priced with its cache apart, as Claude and the others each count it', async () => {
    await house.ask('claude', [
      {
        usage: { input_tokens: 50, cache_read_input_tokens: 1_000, cache_creation_input_tokens: 200, output_tokens: 9 },
      },
    ])
    await house.ask('gemini', [
      {
        usage: {
          promptTokenCount: 1_250,
          cachedContentTokenCount: 1_000,
          candidatesTokenCount: 9,
          thoughtsTokenCount: 5,
        },
      },
    ])
    await house.ask('local', [
      { usage: { prompt_tokens: 1_250, completion_tokens: 9, prompt_tokens_details: { cached_tokens: 1_000 } } },
    ])
    expect(house.ledger().map((row) => [row.input_tokens, row.cached_tokens, row.output_tokens])).toEqual([
      [50, 1_000, 9],
      [250, 1_000, 14],
      [250, 1_000, 9],
    ])
  })

  const broken: [string, unknown, unknown, unknown][] = [
    ['missing', null, null, null],
    [
      'negative',
      { input_tokens: -5, output_tokens: -1 },
      { promptTokenCount: -5, candidatesTokenCount: -1 },
      { prompt_tokens: -5, completion_tokens: -1 },
    ],
    [
      'absurd',
      { input_tokens: 1e18, output_tokens: 1e18 },
      { promptTokenCount: 1e18, candidatesTokenCount: 1e18 },
      { prompt_tokens: 1e18, completion_tokens: 1e18 },
    ],
    [
      'broken',
      { input_tokens: 12.5, output_tokens: 0.1 },
      { promptTokenCount: 12.5, candidatesTokenCount: 0.1 },
      { prompt_tokens: 12.5, completion_tokens: 0.1 },
    ],
    [
      'words',
      { input_tokens: 'many', output_tokens: {} },
      { promptTokenCount: 'many', candidatesTokenCount: [] },
      { prompt_tokens: 'many', completion_tokens: null },
    ],
    ['not even an object', 'none', [], 7],
  ]
  it.each(broken)('when it is %s, loses no answer and is never taken for nothing', async (_, claude, gemini, local) => {
    for (const [name, usage] of [
      ['claude', claude],
      ['gemini', gemini],
      ['local', local],
    ] as const) {
      const answer = must(await house.ask(name, [{ usage }]))
      expect(answer.text).toBe('Well answered.')
      if (name === 'local') continue
      expect(answer.amountKind).toBe('estimated')
      expect(answer.costMicroUsd).toBeGreaterThan(0)
      expect(answer.costMicroUsd).toBeLessThan(1_000_000)
    }
    for (const row of house.ledger().filter(({ provider }) => provider !== 'local'))
      expect(row).toMatchObject({ outcome: 'succeeded', amount_kind: 'estimated' })
  })
})

describe('before anything is sent', () => {
  it('a limit that stops holds the request back', async () => {
    must(house.limits.set({ scope: 'day', kind: 'stops', feedId: null, limitMicroUsd: 10 }))
    expect(await house.ask('claude', [])).toMatchObject({ ok: false, error: { code: 'over-limit' } })
    expect(house.servers.claude.seen.filter(({ method }) => method === 'POST')).toEqual([])
    expect(house.ledger()).toEqual([])
    expect((await house.ask('local', [{}])).ok).toBe(true)
  })

  it('a price that nobody knows asks first, unless the server is on the own network', async () => {
    house.prices.remove('claude', '*')
    const request = { choice: { providerId: 'claude', model: 'claude-haiku-4-5' } }
    expect(await house.ask('claude', [], request)).toMatchObject({ error: { code: 'asks-first' } })
    expect((await house.ask('claude', [{}], { ...request, approvedMicroUsd: 1_000_000 })).ok).toBe(true)
    expect((await house.ask('local', [{}])).ok).toBe(true)
  })

  it('a key that is missing, locked away or lost is named with its mend', async () => {
    house.lockKeychain(true)
    const locked = await house.ask('claude', [])
    expect(locked).toMatchObject({ error: { code: 'keychain-unavailable', retryable: true } })
    house.lockKeychain(false)
    await house.credentials.delete('model/claude')
    expect(await house.ask('claude', [])).toMatchObject({ error: { code: 'key-missing' } })
    must(await house.models.removeKey('gemini'))
    expect(await house.ask('gemini', [])).toMatchObject({ error: { code: 'key-missing' } })
    expect(house.models.providers().map(({ key }) => key)).toEqual(['set', 'missing', 'set'])
    expect(house.ledger()).toEqual([])
  })

  it('one that is cancelled already costs nothing', async () => {
    const result = await house.ask('claude', [], { signal: AbortSignal.abort() })
    expect(result).toMatchObject({ error: { code: 'cancelled' } })
    expect(house.ledger()).toEqual([])
  })
})
