import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createJobRoom } from './room.ts'
import { ids, openJobs, traceLines, tracingStages } from './testing.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-room-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const megabyte = 1_048_576
const disks = (free: Record<string, number>, totalBytes = 500_000 * megabyte) =>
  createJobRoom('/profile', (path) =>
    free[path] === undefined ? null : { freeBytes: free[path] * megabyte, totalBytes },
  )

it('asks for 64 MB on both disks, less on a small one, and nothing of a folder that is away', () => {
  expect(disks({ '/profile': 12, '/vault': 900 })('/vault')).toBe(
    'Waits for room on the disk: 12 MB free, 64 MB needed.',
  )
  expect(disks({ '/profile': 64, '/vault': 1.5 })('/vault')).toBe(
    'Waits for room on the disk of the notes folder: 1.5 MB free, 64 MB needed.',
  )
  expect(disks({ '/profile': 64, '/vault': 64 })('/vault')).toBeNull()
  expect(disks({ '/profile': 3, '/vault': 3 }, 50 * megabyte)('/vault')).toBeNull()
  expect(disks({ '/profile': 64 })('/away')).toBeNull()
})

it('lets jobs wait, says so, passes over a full vault, and starts by itself', async () => {
  const trace = join(folder, 'trace')
  let free = 12
  const { jobs, storage } = openJobs(join(folder, 'inkwell.db'), tracingStages(trace), {
    room: (vaultPath) => (vaultPath === '/full' && free < 64 ? `Waits for room on the disk: ${free} MB free.` : null),
    heartbeatMs: 20,
  })
  const full = jobs.start({ episodeIds: [ids.next(), ids.next()], vaultPath: '/full' })
  const other = jobs.start({ episodeIds: [ids.next()], vaultPath: '/other' })
  if (!full.ok || !other.ok) throw new Error('not started')
  jobs.begin()
  await jobs.idle()
  const [first, second] = full.value.jobIds
  expect(jobs.get(other.value.jobIds[0]!)).toMatchObject({ value: { state: 'done' } })
  expect(jobs.get(first!)).toMatchObject({
    value: { state: 'queued', words: 'Waits for room on the disk: 12 MB free.' },
  })
  expect(jobs.get(second!)).toMatchObject({ value: { state: 'queued', words: 'Waits for its turn.' } })
  free = 70
  await expect.poll(() => jobs.list().map(({ state }) => state)).toEqual(['done', 'done', 'done'])
  await jobs.stop()
  storage.close()
})

it('works through many jobs on a disk that is full now and then, each once', async () => {
  const trace = join(folder, 'trace')
  let asked = 0
  const { jobs, storage } = openJobs(join(folder, 'inkwell.db'), tracingStages(trace), {
    // Now and then the disk is full, and has room again.
    room: () => (++asked % 9 === 0 ? 'Waits for room on the disk.' : null),
    heartbeatMs: 10,
  })
  const started = jobs.start({ episodeIds: Array.from({ length: 200 }, () => ids.next()), templates: ['summary'] })
  if (!started.ok) throw new Error(started.error.message)
  jobs.begin()
  const left = () => storage.get<{ n: number }>("SELECT count(*) AS n FROM jobs WHERE state <> 'done'")!.n
  await expect.poll(left, { timeout: 60_000, interval: 50 }).toBe(0)
  expect(new Set(traceLines(trace)).size).toBe(800)
  expect(traceLines(trace)).toHaveLength(800)
  await jobs.stop()
  storage.close()
})
