import { afterEach, beforeEach, expect, it } from 'vitest'
import { type ModelsHouse, must, openModelsHouse } from './testing/models-house.ts'

let house: ModelsHouse
beforeEach(async () => {
  house = await openModelsHouse()
})
afterEach(() => house.close())

/** The most requests of a provider that were under way at once. */
async function atOnce(name: 'claude' | 'local', requests: number): Promise<number> {
  let now = 0
  let most = 0
  house.servers[name].standing({ delayMs: 40 })
  const begin = house.spending.reserve
  house.spending.reserve = (request) => {
    const reserved = begin(request)
    if (!reserved.ok) return reserved
    const purchase = reserved.value
    return {
      ok: true,
      value: {
        ...purchase,
        begin: () => {
          most = Math.max(most, ++now)
          return purchase.begin()
        },
        settle: (...args) => {
          now--
          return purchase.settle(...args)
        },
      },
    }
  }
  const all = await Promise.all(Array.from({ length: requests }, () => house.models.generate(house.request(name))))
  expect(all.every(({ ok }) => ok)).toBe(true)
  return most
}

it('four requests at a time go to a provider, two to a server of the user’s', async () => {
  expect(await atOnce('claude', 12)).toBe(4)
  expect(await atOnce('local', 6)).toBe(2)
})

it('who is cancelled leaves the queue without a row, and the others are served', async () => {
  house.servers.local.standing({ delayMs: 700 })
  const stop = new AbortController()
  const busy = [1, 2].map(() => house.models.generate(house.request('local')))
  const waiting = house.models.generate(house.request('local', { signal: stop.signal }))
  const after = house.models.generate(house.request('local'))
  const sent = () => house.servers.local.seen.filter(({ method }) => method === 'POST').length
  while (sent() < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  stop.abort()
  expect(await waiting).toMatchObject({ error: { code: 'cancelled' } })
  for (const one of [...busy, after]) expect((await one).ok).toBe(true)
  expect(house.ledger()).toHaveLength(3)
  expect(house.held()).toBe(0)
})

it('a limit that is full after the first try lets no second one pass, and says both', async () => {
  must(house.limits.set({ scope: 'day', kind: 'stops', feedId: null, limitMicroUsd: 12_000 }))
  const cut = { chunks: ['The tide '], cutAfter: 1 }
  const result = await house.ask('claude', [cut, {}])
  expect(result).toMatchObject({ error: { code: 'answer-cut-off', message: expect.stringContaining('limit') } })
  expect(house.ledger()).toHaveLength(1)
  expect(house.held()).toBe(0)
})

it('a provider that asks for a pause holds back requests that come meanwhile', async () => {
  house.servers.claude.next({ status: 429, headers: { 'retry-after': '20' } })
  expect((await house.models.generate(house.request('claude'))).ok).toBe(true)
  const before = house.waits.length
  expect((await house.models.generate(house.request('claude'))).ok).toBe(true)
  expect(house.waits.slice(before)).toEqual([20_000])
  house.setNow(house.clock.now() + 21_000)
  expect((await house.models.generate(house.request('claude'))).ok).toBe(true)
  expect(house.waits.slice(before)).toHaveLength(1)
})

it('a server that dropped most of a long prompt is not believed', async () => {
  const messages = [{ role: 'user' as const, text: 'The keepers wrote down the tide. '.repeat(4_000) }]
  const usage = { prompt_tokens: 4_096, completion_tokens: 90 }
  const result = await house.ask('local', [{ usage }], { messages })
  expect(result).toMatchObject({
    error: { code: 'too-long', message: expect.stringMatching(/read only 4,096 of about 27,5\d\d tokens/) },
  })
  expect((await house.ask('local', [{ usage: { ...usage, prompt_tokens: 28_000 } }], { messages })).ok).toBe(true)
})
