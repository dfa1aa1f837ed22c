import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { canary, type ModelsHouse, openModelsHouse, type ProviderName, providerNames } from './testing/models-house.ts'
import type { FakeReply } from './testing/scripted-server.ts'

let house: ModelsHouse
beforeEach(async () => {
  house = await openModelsHouse()
})
afterEach(() => house.close())

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
