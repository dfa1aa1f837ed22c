import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ModelChoice } from '#shared/contract/models.ts'
import type { Transcript } from '#shared/contract/transcripts.ts'
import { ok } from '#shared/result.ts'
import { createCostsService } from '../costs/service.ts'
import { createModelNotes } from '../extraction/with-models/service.ts'
import { claude, fakeModels, type Script, spending, talk } from '../extraction/with-models/testing.ts'
import type { JobsDeps } from '../jobs/service.ts'
import { clock, episodeNamed, ids, openJobs } from '../jobs/testing.ts'
import type { NoteDraft, WriteNotesInput } from '../services.ts'
import type { Models } from '../services-models.ts'
import { createJobEstimator } from './estimate.ts'
import { mendedBy, type PipelineDeps, pipelineStages } from './stages.ts'

let vault: string
beforeEach(() => {
  vault = mkdtempSync(join(tmpdir(), 'inkwell-model-notes-'))
})
afterEach(() => rmSync(vault, { recursive: true, force: true }))

const gemini: ModelChoice = { providerId: 'gemini', model: 'gemini-test' }
const offline: ModelChoice = { providerId: 'offline', model: 'offline-1' }
const transcript: Transcript = {
  id: ids.next(),
  episodeId: '',
  source: 'publisher',
  format: 'vtt',
  language: 'en',
  segments: talk(4),
  wordCount: 600,
  hasTimes: true,
  hasSpeakers: true,
  warnings: [],
} as unknown as Transcript
const prose = 'The speakers explain how tide tables are made, from gauges to harmonic constants.'

function world(script: Script, assigned: ReturnType<Models['choiceFor']> = { choice: claude, fallback: null }) {
  const written: WriteNotesInput[] = []
  const offlineMade: string[] = []
  const ladder: PipelineDeps['ladder'] = {
    stored: (episodeId) => ({ ...transcript, episodeId }),
    obtain: async (episodeId) => ok({ ...transcript, episodeId }),
    store: async () => ok(transcript),
  }
  const episodes: PipelineDeps['episodes'] = {
    get: (id) => episodeNamed(id),
    addLocal: () => episodeNamed('x'),
    setChapters: () => {},
    markProcessed: () => {},
  }
  const draft = (name: string): NoteDraft => ({
    templateName: name,
    templateVersion: '1',
    title: name,
    markdown: 'Offline.',
    itemCount: null,
    provider: 'offline',
    model: 'offline-1',
    costMicroUsd: 0,
    coveredFromSeconds: 0,
    coveredToSeconds: 240,
  })
  const extraction: PipelineDeps['extraction'] = {
    extract: async ({ templates }) => {
      offlineMade.push(...templates.map(({ name }) => name))
      return ok(templates.map(({ name }) => ({ template: name, result: ok(draft(name)) })))
    },
  }
  const notes: PipelineDeps['notes'] = {
    write: async (input) => {
      written.push(input)
      const files = input.drafts.map(({ templateName }) => ({
        templateName,
        fileName: `${templateName}.md`,
        outcome: 'written' as const,
      }))
      return ok({ folder: vault, files })
    },
  }
  // The house opens the database; the stages need it.
  const opened = openJobs(':memory:', [], {})
  const { storage } = opened
  const fake = fakeModels(storage, script)
  const costs = createCostsService({ storage })
  const models = { ...fake.models, choiceFor: () => assigned }
  const modelNotes = createModelNotes({ storage, clock, ids, spending, costs, models })
  const stages = pipelineStages({
    episodes,
    ladder,
    extraction,
    modelNotes,
    notes,
    costs,
    clock,
    ids,
    toText: (html) => html,
  })
  const estimating = (deps: Pick<JobsDeps, 'templates'>) =>
    createJobEstimator({ episodes, ladder, templates: deps.templates, models, modelNotes, toText: (html) => html })
  const house = openJobs(storage, stages, (base) => ({
    vault: { vaultPath: () => vault },
    mended: mendedBy(ladder),
    models,
    charges: modelNotes.spentOn,
    estimator: estimating(base),
  }))
  house.jobs.begin()
  const job = (id: string) => {
    const got = house.jobs.get(id)
    if (!got.ok) throw new Error(got.error.message)
    return got.value
  }
  const run = async (templates = ['summary', 'quotes'], more: object = {}) => {
    const started = house.jobs.start({ episodeIds: [ids.next()], templates, ...more })
    if (!started.ok) throw new Error(started.error.message)
    await house.jobs.idle()
    return job(started.value.jobIds[0]!)
  }
  const retry = async (id: string, approved?: number) => {
    const again = house.jobs.retry(id, approved)
    if (!again.ok) throw new Error(again.error.message)
    await house.jobs.idle()
    return job(id)
  }
  return { house, storage, requests: fake.requests, written, offlineMade, run, retry }
}

it('makes each note by the model that is assigned, and shows estimate and charge', async () => {
  const { run, written, storage } = world(() => prose)
  const done = await run()
  expect(done).toMatchObject({
    state: 'done',
    costKind: 'known',
    unknownCharges: 0,
    doneTemplates: ['summary', 'quotes'],
  })
  const sum = storage.get<{ sum: number }>('SELECT sum(cost_micro_usd) AS sum FROM cost_entries')!.sum
  expect(done.costMicroUsd).toBe(sum)
  expect(done.estimate!.lowMicroUsd).toBeGreaterThan(0)
  expect(done.costMicroUsd).toBeLessThanOrEqual(done.estimate!.highMicroUsd!)
  expect(written[0]!.drafts.map(({ provider }) => provider)).toEqual(['claude', 'claude'])
  expect(written[0]!.reviewTemplates).toEqual(['summary', 'quotes'])
})

it('stops for money with the sum to say yes to, keeps the rest, and goes on when told', async () => {
  const { run, retry, written, requests } = world(({ approvedMicroUsd, purpose }) =>
    purpose.templateName === 'quotes' && approvedMicroUsd === null
      ? { failure: 'asks-first', message: 'This goes over your budget.' }
      : prose,
  )
  const stopped = await run()
  expect(stopped).toMatchObject({
    state: 'failed',
    doneTemplates: ['summary'],
    failedTemplates: ['quotes'],
    error: { code: 'asks-first', retryable: true },
  })
  const sum = stopped.error!.approveMicroUsd!
  expect(sum).toBeGreaterThan(stopped.costMicroUsd)
  expect(written).toHaveLength(1)
  const done = await retry(stopped.id, sum)
  expect(done).toMatchObject({ state: 'done', error: null })
  expect(requests.filter(({ purpose }) => purpose.templateName === 'summary')).toHaveLength(1)
  expect(requests.at(-1)!.approvedMicroUsd).toBe(sum)
})

it('lets the fallback take over for a fault of the provider, never for money', async () => {
  const down = world(({ choice }) => (choice.providerId === 'claude' ? { failure: 'credit-used-up' } : prose), {
    choice: claude,
    fallback: gemini,
  })
  await down.run(['summary'])
  expect(down.written[0]!.drafts[0]).toMatchObject({ provider: 'gemini', model: 'gemini-test' })
  const poor = world(() => ({ failure: 'over-limit' }), { choice: claude, fallback: gemini })
  expect(await poor.run(['summary'])).toMatchObject({ state: 'failed', error: { code: 'over-limit' } })
  expect(poor.requests).toHaveLength(1)
  const home = world(() => ({ failure: 'provider-unreachable' }), { choice: claude, fallback: offline })
  expect(await home.run(['summary'])).toMatchObject({ state: 'done' })
  expect(home.offlineMade).toEqual(['summary'])
})

it('writes nothing for a template without an answer, and a retry makes that one alone', async () => {
  let empty = true
  const { run, retry, written, requests } = world(({ purpose }) =>
    purpose.templateName === 'quotes' && empty ? '   ' : prose,
  )
  const failed = await run()
  expect(failed).toMatchObject({ state: 'failed', failedTemplates: ['quotes'], error: { code: 'templates-failed' } })
  expect(written[0]!.drafts.map(({ templateName }) => templateName)).toEqual(['summary'])
  empty = false
  expect(await retry(failed.id)).toMatchObject({ state: 'done' })
  expect(requests.map(({ purpose }) => purpose.templateName)).toEqual(['summary', 'quotes', 'quotes'])
})

it('says what it would cost and sends nothing', async () => {
  const { house, requests } = world(() => prose)
  const said = await house.jobs.estimate({
    episodeIds: [ids.next(), ids.next()],
    templates: ['summary', 'quotes'],
    choices: [{ template: 'quotes', choice: offline }],
  })
  if (!said.ok) throw new Error(said.error.message)
  expect(said.value.words).toMatch(
    /^2 notes each of 2 episodes, by claude claude-test and this computer: about \$[\d.]+/,
  )
  expect(said.value.episodes[0]!.templates.map(({ estimate }) => estimate.highMicroUsd === 0)).toEqual([false, true])
  expect(said.value.unknownCount).toBe(0)
  expect(requests).toEqual([])
})

it('reads jobs of earlier versions as offline ones', async () => {
  const { house, storage, offlineMade, requests } = world(() => prose)
  const id = ids.next()
  const params = {
    episodeId: ids.next(),
    templates: [{ name: 'summary', title: 'Summary', version: '1.0', offlineRecipe: 'summary' }],
    provider: 'offline',
    vaultPath: vault,
    vaultIsFromSettings: true,
    episodeTitle: 'Old',
    feedTitle: 'Old',
  }
  storage.writeUnaudited((tx) =>
    tx.run(
      "INSERT INTO jobs (id, episode_id, params_json, state, stage, words, created_at_ms) VALUES (?, ?, ?, 'queued', 'source', '', 1)",
      [id, params.episodeId, JSON.stringify(params)],
    ),
  )
  await house.jobs.idle()
  expect(house.jobs.get(id)).toMatchObject({ ok: true, value: { state: 'done', estimate: null } })
  expect(offlineMade).toEqual(['summary'])
  expect(requests).toEqual([])
})
