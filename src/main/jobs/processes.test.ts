import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ok } from '#shared/result.ts'
import { leaseMs } from './lease.ts'
import type { Stage } from './stage.ts'
import { clock, ids, openJobs, traceLines, tracingStages } from './testing.ts'

let folder: string
let database: string
let trace: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-jobs-'))
  database = join(folder, 'inkwell.db')
  trace = join(folder, 'trace')
})
afterEach(() => rmSync(folder, { recursive: true }))

const child = fileURLToPath(new URL('./test-child.ts', import.meta.url))
const runChild = (...args: string[]): Promise<{ code: number | null; signal: string | null; stderr: string }> =>
  new Promise((resolve) => {
    const started = spawn(process.execPath, [child, database, trace, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    let stderr = ''
    started.stderr.on('data', (part) => {
      stderr += String(part)
    })
    started.on('exit', (code, signal) => resolve({ code, signal, stderr }))
  })
const steps = ['source:a', 'source:b', 'extraction:a', 'extraction:b']

describe('a process killed in the middle of a job', () => {
  // `before`: the step was made but not stored, and is made again. `after`: it is stored, and is not.
  const points = steps.flatMap((step) => (['before', 'after'] as const).map((when) => [step, when] as const))
  it.each(points)('is resumed by the next one: %s, %s it is stored', async (step, when) => {
    const first = openJobs(database, [])
    const begun = first.jobs.start({ episodeIds: [ids.next()] })
    const id = begun.ok ? begun.value.jobIds[0]! : ''
    first.storage.close()
    expect(await runChild(step, when)).toMatchObject({ signal: 'SIGKILL' })

    const next = openJobs(database, tracingStages(trace))
    expect(next.jobs.get(id)).toMatchObject({ value: { state: 'running' } })
    next.jobs.begin()
    await next.jobs.idle()
    expect(next.jobs.get(id)).toMatchObject({ value: { state: 'done' } })
    next.storage.close()
    const again = when === 'before' ? [step] : []
    expect(traceLines(trace).map((line) => line.split(' ')[1])).toEqual([...steps, ...again].sort(inOrder))
  })

  it('is not tried for ever by a job that ends the program', async () => {
    const first = openJobs(database, [])
    const begun = first.jobs.start({ episodeIds: [ids.next()] })
    const id = begun.ok ? begun.value.jobIds[0]! : ''
    first.storage.close()
    for (let death = 0; death < 4; death++)
      expect(await runChild('source:b', 'before')).toMatchObject({ signal: 'SIGKILL' })
    expect(await runChild('source:b', 'before')).toMatchObject({ code: 0 })
    const next = openJobs(database, tracingStages(trace))
    expect(next.jobs.get(id)).toMatchObject({ value: { state: 'failed', error: { code: 'ends-the-program' } } })
    next.storage.close()
  })
})

const inOrder = (a: string, b: string): number => steps.indexOf(a) - steps.indexOf(b)

describe('two processes', () => {
  it('run each of 200 jobs once', async () => {
    const house = openJobs(database, [])
    house.jobs.start({ episodeIds: Array.from({ length: 200 }, () => ids.next()) })
    const ended = await Promise.all([runChild('never', 'before'), runChild('never', 'before')])
    expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual(Array(2).fill({ code: 0, stderr: '' }))
    expect(house.jobs.list().filter(({ state }) => state === 'done')).toHaveLength(200)
    const lines = traceLines(trace)
    expect(lines).toHaveLength(800)
    expect(new Set(lines).size).toBe(800)
    house.storage.close()
  })
})

describe('a second engine on the same database', () => {
  /** Says when it has begun, and ends when it is let go or aborted. */
  function gate() {
    let letGo = (): void => {}
    let begun = (): void => {}
    const opened = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve
    })
    const stage: Stage = {
      id: 'source',
      words: 'Waiting at the gate.',
      async run({ signal, checkpoint }) {
        begun()
        await Promise.race([opened, new Promise((resolve) => signal.addEventListener('abort', resolve))])
        const made = await checkpoint('gate', async () => ok({ through: true }))
        return made.ok ? ok(null) : made
      },
    }
    return { stage, letGo: () => letGo(), hasBegun }
  }

  it('cancels a job of the first', async () => {
    const { stage, hasBegun } = gate()
    const first = openJobs(database, [stage], { heartbeatMs: 10 })
    const second = openJobs(database, [])
    first.jobs.begin()
    const begun = first.jobs.start({ episodeIds: [ids.next()] })
    const id = begun.ok ? begun.value.jobIds[0]! : ''
    await hasBegun
    expect(second.jobs.cancel(id)).toMatchObject({ value: { state: 'running' } })
    await first.jobs.idle()
    expect(second.jobs.get(id)).toMatchObject({ value: { state: 'cancelled' } })
    await first.jobs.stop()
    for (const { storage } of [first, second]) storage.close()
  })

  it('takes a job whose lease ran out, and the first one writes nothing more', async () => {
    const held = gate()
    const first = openJobs(database, [held.stage])
    first.jobs.begin()
    const begun = first.jobs.start({ episodeIds: [ids.next()] })
    const id = begun.ok ? begun.value.jobIds[0]! : ''
    await held.hasBegun

    const later = { now: () => clock.now() + leaseMs + 1 }
    const second = openJobs(database, tracingStages(trace), { clock: later })
    second.jobs.begin()
    await second.jobs.idle()
    expect(second.jobs.get(id)).toMatchObject({ value: { state: 'done' } })
    held.letGo()
    await first.jobs.idle()
    expect(second.jobs.get(id)).toMatchObject({ value: { state: 'done', words: 'extraction:b is done.' } })
    expect(second.storage.all("SELECT * FROM job_steps WHERE key = 'gate'")).toEqual([])
    for (const { storage } of [first, second]) storage.close()
  })

  it('goes on with what the first gave back when it was closed', async () => {
    const held = gate()
    const first = openJobs(database, [held.stage])
    first.jobs.begin()
    const begun = first.jobs.start({ episodeIds: [ids.next()] })
    const id = begun.ok ? begun.value.jobIds[0]! : ''
    await held.hasBegun
    await first.jobs.stop()
    first.storage.close()
    const second = openJobs(database, tracingStages(trace))
    expect(second.jobs.get(id)).toMatchObject({ value: { state: 'queued', words: 'Waits to go on where it stopped.' } })
    second.jobs.begin()
    await second.jobs.idle()
    expect(second.jobs.get(id)).toMatchObject({ value: { state: 'done' } })
    second.storage.close()
  })

  it('that may only run its own jobs leaves the queue to the app', async () => {
    const house = openJobs(database, [])
    house.jobs.start({ episodeIds: [ids.next(), ids.next()] })
    const headless = openJobs(database, tracingStages(trace), { claim: 'own' })
    headless.jobs.begin()
    headless.jobs.start({ episodeIds: [ids.next()] })
    await headless.jobs.idle()
    expect(house.jobs.list().map(({ state }) => state)).toEqual(['done', 'queued', 'queued'])
    await headless.jobs.stop()
    for (const { storage } of [house, headless]) storage.close()
  })
})
