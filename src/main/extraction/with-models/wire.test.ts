import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Transcript } from '#shared/contract/transcripts.ts'
import { episodeNamed, ids } from '../../jobs/testing.ts'
import { type ModelsHouse, modelOf, must, openModelsHouse, providerNames } from '../../models/testing/models-house.ts'
import { createTemplatePreviews } from './preview.ts'
import { createModelNotes, type ModelNotes } from './service.ts'
import { order, talk } from './testing.ts'

let house: ModelsHouse
let notes: ModelNotes
beforeEach(async () => {
  house = await openModelsHouse()
  const { storage, clock, models, spending, costs } = house
  notes = createModelNotes({ storage, clock, ids, models, spending, costs })
})
afterEach(() => house.close())

const prose = 'The speakers explain how tide tables are made, from gauges to harmonic constants.'
const by = (name: (typeof providerNames)[number]) => ({ providerId: name, model: modelOf[name] })
const make = (name: (typeof providerNames)[number], change: Parameters<typeof order>[0] = {}) =>
  notes.make(order(change), by(name))

it.each(providerNames)('a note by %s is charged once, and made again for nothing', async (name) => {
  house.servers[name].standing({ chunks: [prose] })
  const draft = must(await make(name)).draft
  expect(draft).toMatchObject({ markdown: prose, provider: name, costMicroUsd: name === 'local' ? 0 : 2_100 })
  const sent = house.servers[name].seen.length
  must(await make(name))
  expect(house.servers[name].seen).toHaveLength(sent)
  expect(house.ledger().map(({ cost_micro_usd }) => cost_micro_usd)).toEqual([draft.costMicroUsd, 0])
  expect(house.storage.get('SELECT sum(saved_micro_usd) AS saved FROM cost_details')).toEqual({
    saved: draft.costMicroUsd,
  })
})

it('an answer that was cut off at its limit is asked to go on, each request with its row', async () => {
  house.servers.claude.next({ chunks: ['The tide table begins with'], finish: 'max_tokens' }, { chunks: [' a gauge.'] })
  expect(must(await make('claude')).draft.markdown).toBe('The tide table begins with a gauge.')
  expect(house.ledger()).toHaveLength(2)
})

it.each([
  [{ status: 401 }, 'key-refused'],
  [{ status: 402 }, 'credit-used-up'],
  [{ status: 404 }, 'model-retired'],
  [{ chunks: [''] }, 'answer-unreadable'],
] as const)('%j makes no note and leaves the house in order', async (reply, code) => {
  house.servers.claude.standing(reply)
  expect(await make('claude')).toMatchObject({ ok: false, error: { code } })
  expect(house.held()).toBe(0)
})

it('a stream that breaks in the third part costs that part alone when it is tried again', async () => {
  const segments = talk(600)
  house.servers.claude.standing({ chunks: [prose] })
  house.servers.claude.next(
    { chunks: [prose] },
    ...Array.from({ length: 12 }, () => ({ chunks: ['Cut'], cutAfter: 1 })),
  )
  const broken = await make('claude', { segments })
  expect(broken.ok).toBe(false)
  house.servers.claude.standing({ chunks: [prose] })
  let made = await make('claude', { segments })
  for (let tries = 0; !made.ok && tries < 6; tries++) made = await make('claude', { segments })
  const { requests, keptAnswers, draft } = must(made)
  expect(requests).toBeGreaterThan(2)
  expect(keptAnswers).toBeGreaterThan(0)
  expect(draft.coveredSpans).toEqual([{ fromSeconds: 0, toSeconds: 36_000 }])
  expect(house.held()).toBe(0)
})

it('previews for nothing and tries a template for its price', async () => {
  house.servers.claude.standing({ chunks: ['> quarter number 3.\n\n“nobody ever said these five words here”'] })
  const previews = createTemplatePreviews({
    episodes: { get: (id) => episodeNamed(id) },
    ladder: { stored: (episodeId) => ({ episodeId, segments: talk(4), language: 'en' }) as unknown as Transcript },
    models: house.models,
    modelNotes: notes,
    toText: (html) => html,
  })
  const yaml =
    'name: mine\nsystem_prompt: Be brief.\nuser_prompt_template: |\n  {{ transcript }}\n\n  {{ nothing_known }}\n'
  const input = { yaml, episodeId: ids.next(), choice: by('claude') }
  const preview = must(previews.preview(input))
  expect(preview.user).toContain('[0:00] Ada: word0')
  expect(preview.system).toContain('Be brief.')
  expect(preview.warnings).toEqual([
    { line: 6, message: '“nothing_known” is not known here and leaves nothing in its place.' },
  ])
  expect(preview.estimate.highMicroUsd).toBeGreaterThan(0)
  expect(house.ledger()).toEqual([])
  expect(previews.preview({ ...input, yaml: yaml.replace('{{ nothing_known }}', '{% include "x" %}') })).toMatchObject({
    ok: false,
    error: { code: 'invalid-template', message: expect.stringContaining('Line 6: “include”') },
  })
  const tried = must(await previews.testRun(input))
  expect(tried).toMatchObject({ costMicroUsd: 2_100, requests: 1, keptAnswers: 0 })
  expect(tried.quotes.map(({ found }) => found?.startSeconds ?? null)).toEqual([45, null])
  expect(house.ledger()).toMatchObject([{ operation: 'test', cost_micro_usd: 2_100 }])
})
