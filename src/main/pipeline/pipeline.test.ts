import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Transcript } from '#shared/contract/transcripts.ts'
import { fail, ok } from '#shared/result.ts'
import { createCostsService } from '../costs/service.ts'
import { clock, episodeNamed, ids, openJobs } from '../jobs/testing.ts'
import type { Extraction, NoteDraft, Notes, TranscriptLadder, WriteNotesInput } from '../services.ts'
import { mendedBy, type PipelineDeps, pipelineStages } from './stages.ts'

let vault: string
beforeEach(() => {
  vault = mkdtempSync(join(tmpdir(), 'inkwell-pipeline-'))
})
afterEach(() => rmSync(vault, { recursive: true, force: true }))

const transcript: Transcript = {
  id: ids.next(),
  episodeId: '',
  source: 'publisher',
  format: 'vtt',
  language: null,
  segments: [{ startSeconds: 0, endSeconds: 2, speaker: 'Ada', text: 'A lamp.' }],
  wordCount: 2,
  hasTimes: true,
  model: null,
  hasSpeakers: true,
  warnings: ['One cue had no text.'],
}
const nothingSpent = { entries: 0, costMicroUsd: 0, unknown: 0, estimated: 0 }
const modelNotes: PipelineDeps['modelNotes'] = {
  make: async () => fail('no-such-provider', 'No model.'),
  estimate: () => fail('invalid-template', 'No model.'),
  estimateByLength: () => fail('invalid-template', 'No model.'),
  spentOn: () => nothingSpent,
}
const draftOf = (name: string): NoteDraft => ({
  templateName: name,
  templateVersion: '1',
  title: name,
  markdown: `About ${name}`,
  itemCount: 1,
  provider: 'offline',
  model: 'extractive',
  costMicroUsd: 0,
  coveredFromSeconds: 0,
  coveredToSeconds: 2,
})

/** Fakes that record what they were asked; `failing` names templates that cannot be made. */
function world(change: { words?: boolean; failing?: string[]; write?: Notes['write'] } = {}) {
  const seen = { obtained: 0, extracted: [] as string[][], written: [] as WriteNotesInput[], processed: [] as string[] }
  const state = { words: change.words ?? true, failing: new Set(change.failing ?? []) }
  const stored = (episodeId: string) => (state.words ? { ...transcript, episodeId } : null)
  const ladder: TranscriptLadder = {
    stored,
    obtain: async (episodeId) => {
      seen.obtained++
      return state.words ? ok(stored(episodeId)!) : fail('needs-speech-recognition', 'It comes without a transcript.')
    },
    store: async () => fail('transcript-unreadable', ''),
  }
  const extraction: Extraction = {
    extract: async ({ templates }) => {
      seen.extracted.push(templates.map(({ name }) => name))
      return ok(
        templates.map(({ name }) => ({
          template: name,
          result: state.failing.has(name)
            ? fail('needs-model', 'It needs a model.', { retryable: true })
            : ok(draftOf(name)),
        })),
      )
    },
  }
  const write: Notes['write'] =
    change.write ??
    (async (input) => {
      seen.written.push(input)
      const files = input.drafts.map(({ templateName }) => ({
        templateName,
        fileName: `${templateName}.md`,
        outcome: 'written' as const,
      }))
      return ok({ folder: join(input.vaultPath, 'folder'), files })
    })
  const episodes: PipelineDeps['episodes'] = {
    get: (id) => ({ ...episodeNamed(id), descriptionHtml: '<p>Show notes</p>', language: 'de' }),
    addLocal: () => episodeNamed('x'),
    setChapters: () => {},
    markProcessed: (id) => void seen.processed.push(id),
  }
  const stages = pipelineStages({
    episodes,
    ladder,
    extraction,
    modelNotes,
    notes: { write },
    costs: { appendIn: (tx, entry) => createCostsService({ storage: house.storage }).appendIn(tx, entry) },
    clock,
    ids,
    toText: (html) => html.length.toString(),
  })
  const house = openJobs(':memory:', stages, { vault: { vaultPath: () => vault }, mended: mendedBy(ladder) })
  house.jobs.begin()
  const run = async (templates = ['summary', 'quotes', 'key-concepts', 'plan']) => {
    const started = house.jobs.start({ episodeIds: [ids.next()], templates })
    if (!started.ok) throw new Error(started.error.message)
    await house.jobs.idle()
    return job(started.value.jobIds[0]!)
  }
  const job = (id: string) => {
    const got = house.jobs.get(id)
    if (!got.ok) throw new Error(got.error.message)
    return got.value
  }
  const retry = async (id: string) => {
    const again = house.jobs.retry(id)
    await house.jobs.idle()
    return again.ok ? job(id) : again
  }
  return { seen, state, house, run, retry }
}

it('writes one charge for each draft, in the ledger and once', async () => {
  const { run, retry, state, house } = world({ failing: ['quotes'] })
  const failed = await run(['summary', 'quotes'])
  state.failing.clear()
  await retry(failed.id)
  const rows = house.storage.all<{ template_name: string }>(
    'SELECT template_name, job_id FROM cost_entries ORDER BY id',
  )
  expect(rows).toEqual(['summary', 'quotes'].map((template_name) => ({ template_name, job_id: failed.id })))
})

describe('the pipeline', () => {
  it('makes notes of an episode and says what it did', async () => {
    const { run, seen, house } = world()
    const job = await run()
    expect(job).toMatchObject({ state: 'done', stage: 'notes', words: '4 notes are made.', costMicroUsd: 0 })
    expect(job.doneTemplates).toEqual(['summary', 'quotes', 'key-concepts', 'plan'])
    expect(seen).toMatchObject({ obtained: 1, processed: [job.episodeId] })
    expect(seen.written[0]).toMatchObject({ runId: job.id, vaultPath: vault, transcript: { wordCount: 2 } })
    const log = house.jobs.log(job.id)
    expect(log.ok && log.value.map(({ words }) => words)).toEqual([
      'The publisher’s transcript: 2 words.',
      'One cue had no text.',
      `Notes are in ${join(vault, 'folder')}.`,
      ...['summary', 'quotes', 'key-concepts', 'plan'].map((name) => `${name}.md: written.`),
      '4 notes are made.',
    ])
  })

  it('writes the notes that were made, names the missing one, and a retry makes only that', async () => {
    const { run, retry, seen, state } = world({ failing: ['key-concepts'] })
    const job = await run()
    expect(job).toMatchObject({
      state: 'failed',
      words: '3 of 4 notes are made. Only key-concepts is missing: It needs a model.',
      failedTemplates: ['key-concepts'],
      error: { code: 'templates-failed', retryable: true },
    })
    expect(seen.written[0]?.drafts).toHaveLength(3)
    state.failing.clear()
    expect(await retry(job.id)).toMatchObject({ state: 'done', failedTemplates: [], error: null })
    expect(seen.extracted).toEqual([['summary', 'quotes', 'key-concepts', 'plan'], ['key-concepts']])
    expect(seen.obtained).toBe(1)
    expect(seen.written).toHaveLength(2)
    expect(seen.written[1]?.drafts.map(({ templateName }) => templateName)).toEqual(job.templates)
    expect(seen.written[1]?.runId).not.toBe(seen.written[0]?.runId)
  })

  it('writes nothing when no note could be made', async () => {
    const { run, seen } = world({ failing: ['summary', 'quotes'] })
    expect(await run(['summary', 'quotes'])).toMatchObject({ state: 'failed', error: { code: 'needs-model' } })
    expect(seen.written).toEqual([])
    expect(seen.processed).toEqual([])
  })

  it('stops at an episode without words, until it has some', async () => {
    const { run, retry, seen, state } = world({ words: false })
    const job = await run()
    expect(job).toMatchObject({ state: 'failed', error: { code: 'needs-speech-recognition', retryable: false } })
    expect(await retry(job.id)).toMatchObject({ ok: false, error: { code: 'not-retryable' } })
    state.words = true
    expect(await retry(job.id)).toMatchObject({ state: 'done' })
    expect(seen.obtained).toBe(2)
  })

  it('says before any work that the notes folder is gone, and does not make it', async () => {
    const { run, retry, seen } = world()
    rmSync(vault, { recursive: true })
    const job = await run()
    expect(job).toMatchObject({ state: 'failed', error: { code: 'vault-missing', retryable: true } })
    expect(seen.obtained).toBe(0)
    mkdirSync(vault)
    expect(await retry(job.id)).toMatchObject({ state: 'done' })
  })

  it('says that a file stands where the folder should be', async () => {
    const { run } = world()
    rmSync(vault, { recursive: true })
    writeFileSync(vault, '')
    expect(await run()).toMatchObject({ error: { code: 'path-refused' } })
  })

  it('keeps the drafts when the write fails, and a retry only writes', async () => {
    let full = true
    const written: WriteNotesInput[] = []
    const { run, retry, seen } = world({
      write: async (input) => {
        written.push(input)
        return full ? fail('vault-full', 'The disk is full.') : ok({ folder: '/f', files: [] })
      },
    })
    const job = await run(['summary'])
    expect(job).toMatchObject({
      state: 'failed',
      doneTemplates: ['summary'],
      error: { code: 'vault-full', retryable: true },
    })
    full = false
    expect(await retry(job.id)).toMatchObject({ state: 'done' })
    expect(seen.extracted).toHaveLength(1)
    expect(written).toHaveLength(2)
  })
})
