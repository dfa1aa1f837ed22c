/** What the tests of jobs build on: a real database, fake stages that leave a trace of each thing they do. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { fail, ok } from '#shared/result.ts'
import { createEvents } from '../events.ts'
import { createIds } from '../ids.ts'
import { silentLog } from '../log.ts'
import type { Events } from '../ports.ts'
import type { EpisodeRecord, TemplatePrompt } from '../services.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { leaseOwner } from './lease.ts'
import { createJobsService, type JobsDeps, type JobsService } from './service.ts'
import type { Stage } from './stage.ts'

export const clock = { now: () => Date.now() }
export const ids = createIds(clock)

export const episodeNamed = (id: string): EpisodeRecord => ({
  id,
  feedId: '00000000-0000-7000-8000-00000000feed',
  feedTitle: 'The Feed',
  feedKind: 'rss',
  language: 'en',
  guid: id,
  title: `Episode ${id.slice(-4)}`,
  number: null,
  season: null,
  publishedAtMs: 0,
  durationSeconds: 60,
  descriptionHtml: null,
  link: null,
  mediaUrl: null,
  mediaType: null,
  mediaPath: null,
  transcriptRefs: [],
  chaptersUrl: null,
  chapters: [],
  persons: [],
})

export const promptSaying = (userPromptTemplate: string): TemplatePrompt => ({
  systemPrompt: 'You write notes.',
  userPromptTemplate,
  systemLine: 1,
  userLine: 1,
  expectedFormat: 'markdown',
  maxTokens: 2_000,
  temperature: 0.3,
  variables: [],
  examples: [],
  modelPreference: 'auto',
})

const knownTemplates = ['summary', 'quotes', 'key-concepts', 'plan'] as const

/** Two stages of two steps each; every step that is really made adds a line `<job> <step>` to the trace file. */
export function tracingStages(
  trace: string,
  onStep: (step: string, when: 'before' | 'after') => void = () => {},
): Stage[] {
  const stage = (id: Stage['id']): Stage => ({
    id,
    words: `Doing ${id}.`,
    async run({ jobId, checkpoint, progress }) {
      for (const key of ['a', 'b']) {
        const step = `${id}:${key}`
        const made = await checkpoint(key, async () => {
          appendFileSync(trace, `${jobId} ${step}\n`)
          onStep(step, 'before')
          await new Promise(setImmediate)
          return ok({ step })
        })
        if (!made.ok) return made
        onStep(step, 'after')
        progress(key === 'a' ? 0.5 : 1, `${step} is done.`)
      }
      return ok(null)
    },
  })
  return [stage('source'), stage('extraction')]
}

export const traceLines = (trace: string): string[] =>
  existsSync(trace) ? readFileSync(trace, 'utf8').split('\n').filter(Boolean) : []

export interface JobsHouse {
  readonly jobs: JobsService
  readonly storage: Storage
  readonly events: Events
}

/** @param more may be made from what every house has */
export function openJobs(
  database: string | Storage,
  stages: readonly Stage[],
  more: Partial<JobsDeps> | ((base: JobsDeps) => Partial<JobsDeps>) = {},
): JobsHouse {
  const storage = typeof database === 'string' ? openAt(database) : database
  const events = createEvents((error) => {
    throw error
  })
  const base: JobsDeps = {
    storage,
    events,
    clock,
    ids,
    log: silentLog,
    stages,
    owner: leaseOwner(ids.next()),
    episodes: { get: (id) => episodeNamed(id) },
    templates: {
      get: (name) =>
        (knownTemplates as readonly string[]).includes(name)
          ? ok({
              name,
              title: name,
              version: '1',
              description: '',
              category: '',
              offlineRecipe: 'quotes',
              builtIn: true,
              prompt: promptSaying(`Make ${name}.\n\n{{ transcript }}`),
            })
          : fail('no-such-template', `There is no template ${name}.`),
      defaults: () => ['summary', 'quotes'],
    },
    vault: { vaultPath: () => '/vault' },
    label: () => null,
  }
  const jobs = createJobsService({ ...base, ...(typeof more === 'function' ? more(base) : more) })
  return { jobs, storage, events }
}

function openAt(path: string): Storage {
  const opened = openStorage(path, { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  return opened.value
}
