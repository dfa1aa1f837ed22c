import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Job } from '#shared/contract/jobs.ts'
import { fail, ok } from '#shared/result.ts'
import type { Stage } from './stage.ts'
import { ids, openJobs, traceLines, tracingStages } from './testing.ts'

let folder: string
let trace: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-jobs-'))
  trace = join(folder, 'trace')
})
afterEach(() => rmSync(folder, { recursive: true }))

const started = (house: ReturnType<typeof openJobs>, count = 1, templates?: string[]) => {
  const result = house.jobs.start({ episodeIds: Array.from({ length: count }, () => ids.next()), templates })
  if (!result.ok) throw new Error(result.error.message)
  return result.value.jobIds
}
const stageThat = (run: Stage['run']): Stage => ({ id: 'extraction', words: 'Working.', run })

describe('start', () => {
  it('runs every stage once and ends as done with its last words', async () => {
    const house = openJobs(':memory:', tracingStages(trace))
    house.jobs.begin()
    const [id] = started(house)
    await house.jobs.idle()
    const job = house.jobs.get(id!)
    expect(job).toMatchObject({ ok: true, value: { state: 'done', fraction: 1, words: 'extraction:b is done.' } })
    if (job.ok) Job.parse(job.value)
    expect(traceLines(trace)).toEqual(['source:a', 'source:b', 'extraction:a', 'extraction:b'].map((s) => `${id} ${s}`))
  })

  it('skips an episode that is under way', () => {
    const house = openJobs(':memory:', [])
    const episode = ids.next()
    expect(house.jobs.start({ episodeIds: [episode, episode] })).toMatchObject({ ok: true, value: { skipped: 0 } })
    expect(house.jobs.start({ episodeIds: [episode] })).toMatchObject({ ok: true, value: { jobIds: [], skipped: 1 } })
    expect(house.jobs.list()).toHaveLength(1)
  })

  it('starts nothing without a notes folder, an episode or a template', () => {
    const vault = { vaultPath: () => null }
    const code = (result: { ok: boolean; error?: { code: string } }) => result.error?.code
    const episodeIds = [ids.next()]
    expect(code(openJobs(':memory:', [], { vault }).jobs.start({ episodeIds }) as never)).toBe('no-vault')
    const gone = openJobs(':memory:', [], { episodes: { get: () => null } })
    expect(code(gone.jobs.start({ episodeIds }) as never)).toBe('no-such-episode')
    const house = openJobs(':memory:', [])
    expect(code(house.jobs.start({ episodeIds, templates: ['summary', 'nope'] }) as never)).toBe('no-such-template')
    expect(house.jobs.list()).toEqual([])
  })

  it('takes 1,000 at once, runs two at a time and tells the windows at a pace they can follow', async () => {
    let now = 0
    let most = 0
    const house = openJobs(':memory:', [
      stageThat(async ({ progress }) => {
        most = Math.max(most, ++now)
        await new Promise(setImmediate)
        for (let step = 0; step < 20; step++) progress(step / 20, 'Working.')
        now--
        return ok(null)
      }),
    ])
    let told = 0
    house.events.on('jobs.changed', () => told++)
    house.jobs.begin()
    started(house, 1_000)
    await house.jobs.idle()
    expect(most).toBe(2)
    expect(told).toBeLessThan(200)
    expect(house.jobs.list().filter(({ state }) => state === 'done')).toHaveLength(1_000)
  })

  it('sends the last progress of a job', async () => {
    const house = openJobs(':memory:', [
      stageThat(async ({ progress }) => {
        for (let step = 0; step <= 100; step++) progress(step / 100, `${step} %`)
        return ok(null)
      }),
    ])
    const seen: string[] = []
    house.events.on('jobs.progress', ({ words }) => seen.push(words))
    house.jobs.begin()
    started(house)
    await house.jobs.idle()
    expect(seen.at(-1)).toBe('100 %')
    expect(seen.length).toBeLessThan(10)
  })
})

describe('failure and retry', () => {
  it('keeps the checkpoints of a failed job and goes on after them', async () => {
    let broken = true
    const failing = stageThat(async ({ checkpoint, run }) => {
      await checkpoint('first', async () => {
        started.push(run)
        return ok({ made: run })
      })
      return broken ? fail('no-luck', 'It did not work.', { retryable: true }) : ok(null)
    })
    const started: number[] = []
    const house = openJobs(':memory:', [failing])
    house.jobs.begin()
    const begun = house.jobs.start({ episodeIds: [ids.next()] })
    const id = begun.ok ? begun.value.jobIds[0]! : ''
    await house.jobs.idle()
    expect(house.jobs.get(id)).toMatchObject({
      value: { state: 'failed', words: 'It did not work.', error: { code: 'no-luck', retryable: true } },
    })
    broken = false
    house.jobs.retry(id)
    await house.jobs.idle()
    expect(house.jobs.get(id)).toMatchObject({ value: { state: 'done', error: null } })
    expect(started).toEqual([1])
  })

  it('gives a reference for a defect and survives it', async () => {
    const logged: unknown[] = []
    const log = { info: () => {}, warn: () => {}, error: (_: string, fields?: object) => void logged.push(fields) }
    const house = openJobs(
      ':memory:',
      [
        stageThat(async () => {
          throw new Error('secret detail')
        }),
      ],
      { log },
    )
    house.jobs.begin()
    const [id] = started(house)
    await house.jobs.idle()
    const job = house.jobs.get(id!)
    expect(job).toMatchObject({ value: { state: 'failed', error: { code: 'defect' } } })
    expect(JSON.stringify(job)).not.toContain('secret detail')
    expect(JSON.stringify(job)).toContain((logged[0] as { reference: string }).reference)
  })

  it('makes a new run of a done job, with the templates it had', async () => {
    const house = openJobs(':memory:', tracingStages(trace))
    house.jobs.begin()
    const [id] = started(house, 1, ['plan'])
    await house.jobs.idle()
    const again = house.jobs.retry(id!)
    expect(again).toMatchObject({ ok: true, value: { templates: ['plan'], state: 'running' } })
    await house.jobs.idle()
    expect(traceLines(trace)).toHaveLength(8)
    expect(house.jobs.list()).toHaveLength(2)
  })

  it('refuses to retry what cannot work, until it is mended', async () => {
    let mended = false
    const stage = stageThat(async () => fail('needs-speech-recognition', 'This recording has no transcript.'))
    const house = openJobs(':memory:', [stage], { mended: () => mended })
    house.jobs.begin()
    const [id] = started(house)
    await house.jobs.idle()
    expect(house.jobs.retry(id!)).toMatchObject({ error: { code: 'not-retryable' } })
    mended = true
    expect(house.jobs.retry(id!)).toMatchObject({ value: { state: 'running' } })
    await house.jobs.idle()
  })

  it('retries into the folder chosen since, except for a folder given for the job', async () => {
    let vaultPath = '/old'
    const seen: string[] = []
    const stage = stageThat(async ({ params }) => {
      seen.push(params.vaultPath)
      return fail('vault-missing', 'Not there.', { retryable: true })
    })
    const house = openJobs(':memory:', [stage], { vault: { vaultPath: () => vaultPath } })
    house.jobs.begin()
    const [fromSettings] = started(house)
    const given = house.jobs.start({ episodeIds: [ids.next()], vaultPath: '/given' })
    await house.jobs.idle()
    vaultPath = '/new'
    house.jobs.retry(fromSettings!)
    if (given.ok) house.jobs.retry(given.value.jobIds[0]!)
    await house.jobs.idle()
    expect(seen).toEqual(['/old', '/given', '/new', '/given'])
  })
})

describe('cancel', () => {
  it('ends a waiting job at once', () => {
    const house = openJobs(':memory:', tracingStages(trace))
    const [id] = started(house)
    expect(house.jobs.cancel(id!)).toMatchObject({ value: { state: 'cancelled' } })
    expect(traceLines(trace)).toEqual([])
  })

  it('counts when the program ended before it took effect', async () => {
    const house = openJobs(':memory:', tracingStages(trace))
    const [id] = started(house)
    house.storage.writeUnaudited((tx) => tx.run('UPDATE jobs SET cancel_requested = 1'))
    house.jobs.begin()
    await house.jobs.idle()
    expect(house.jobs.get(id!)).toMatchObject({ value: { state: 'cancelled' } })
    expect(traceLines(trace)).toEqual([])
  })

  it('stops a running one at the next checkpoint, keeps what is done, and retry goes on from there', async () => {
    let id = ''
    const stages = tracingStages(trace, (step, when) => {
      if (step === 'source:b' && when === 'before') house.jobs.cancel(id)
    })
    const house = openJobs(':memory:', stages)
    house.jobs.begin()
    id = started(house)[0]!
    await house.jobs.idle()
    expect(house.jobs.get(id)).toMatchObject({ value: { state: 'cancelled' } })
    expect(traceLines(trace)).toHaveLength(2)
    house.jobs.retry(id)
    await house.jobs.idle()
    expect(house.jobs.get(id)).toMatchObject({ value: { state: 'done' } })
    expect(traceLines(trace).map((line) => line.split(' ')[1])).toEqual([
      'source:a',
      'source:b',
      'extraction:a',
      'extraction:b',
    ])
  })
})

describe('log and list', () => {
  it('keeps the last 500 lines of a job', async () => {
    const house = openJobs(':memory:', [
      stageThat(async ({ log }) => {
        for (let line = 0; line < 700; line++) log(`line ${line}`)
        return ok(null)
      }),
    ])
    house.jobs.begin()
    const [id] = started(house)
    await house.jobs.idle()
    const log = house.jobs.log(id!)
    expect(log.ok && log.value.length).toBe(500)
    expect(log.ok && log.value[0]?.words).toBe('line 201')
  })

  it('takes finished jobs off the list and leaves the others', async () => {
    const house = openJobs(':memory:', tracingStages(trace))
    const [waiting] = started(house)
    const [cancelled] = started(house)
    house.jobs.cancel(cancelled!)
    expect(house.jobs.clearFinished()).toBe(1)
    expect(house.jobs.list().map(({ id }) => id)).toEqual([waiting])
    expect(house.jobs.get(cancelled!)).toMatchObject({ ok: true })
  })

  it('tells episode rows which job is under way and how many templates failed', async () => {
    const stage = stageThat(async ({ store }) => {
      store({ x: 1 }, { doneTemplates: ['summary'], failedTemplates: ['quotes'], costMicroUsd: 0 })
      return fail('templates-failed', '1 of 2 notes are made.', { retryable: true })
    })
    const house = openJobs(':memory:', [stage])
    const episode = ids.next()
    house.jobs.start({ episodeIds: [episode] })
    expect(house.jobs.jobFacts([episode]).get(episode)?.activeJobId).not.toBeNull()
    house.jobs.begin()
    await house.jobs.idle()
    expect(house.jobs.jobFacts([episode, ids.next()])).toEqual(
      new Map([[episode, { activeJobId: null, failedTemplates: 1 }]]),
    )
  })
})
