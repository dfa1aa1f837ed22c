import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ClosableWorkerRunner, createWorkerRunner } from './runner.ts'

/** A worker that does as it is told, in place of the parser of feeds. */
const obedient = `
import { parentPort, threadId } from 'node:worker_threads'
import { serve } from ${JSON.stringify(new URL('./serve.ts', import.meta.url).href)}
serve(async (order) => {
  if (order === 'throw') throw new Error('thrown')
  if (order === 'exit') process.exit(3)
  if (order === 'spin') for (;;) {}
  if (order === 'fill') { const all = []; for (;;) all.push(new Array(100_000).fill(Math.random())) }
  if (order === 'later') setTimeout(() => process.exit(4), 1)
  return threadId
})
`
let folder: string
let workers: ClosableWorkerRunner
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-workers-'))
  mkdirSync(join(folder, 'workers'))
  writeFileSync(join(folder, 'workers/feed-parser.worker.ts'), obedient)
  workers = createWorkerRunner(pathToFileURL(join(folder, 'main.ts')))
})
afterEach(() => {
  workers.close()
  rmSync(folder, { recursive: true, force: true })
})
const run = (order: string, options: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
  workers.run<string, number>('feed-parser', order, { timeoutMs: 120_000, ...options })
const thread = async (): Promise<number> => {
  const answer = await run('say')
  return answer.ok ? answer.value : -1
}

describe('workers', () => {
  it('take one task after another, and at once each its own', async () => {
    const first = await thread()
    expect(await thread()).toBe(first)
    const both = await Promise.all([thread(), thread(), thread()])
    expect(new Set(both).size).toBe(3)
  })
  it.each([
    ['throw', 'worker-failed'],
    ['exit', 'worker-failed'],
    ['fill', 'worker-failed'],
  ])('one that does not do well (%s) takes no other task', async (order, code) => {
    const first = await thread()
    expect(await run(order)).toMatchObject({ ok: false, error: { code } })
    expect(await thread()).not.toBe(first)
  })
  it('one that runs away is ended, and so is one that is cancelled', async () => {
    const first = await thread()
    expect(await run('spin', { timeoutMs: 200 })).toMatchObject({ ok: false, error: { code: 'worker-timed-out' } })
    const second = await thread()
    expect(second).not.toBe(first)
    const controller = new AbortController()
    const spinning = run('spin', { signal: controller.signal })
    controller.abort()
    expect(await spinning).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(await thread()).not.toBe(second)
    expect(await run('say', { signal: AbortSignal.abort() })).toMatchObject({ error: { code: 'cancelled' } })
  })
  it('one that ends while it waits is not asked again', async () => {
    await run('later')
    await new Promise((done) => setTimeout(done, 1_000))
    expect(await thread()).toBeGreaterThan(0)
  })
})
