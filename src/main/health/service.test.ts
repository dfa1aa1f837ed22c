import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ok } from '#shared/result.ts'
import { createEvents } from '../events.ts'
import { silentLog } from '../log.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { ChangedMeanwhile, type Check, type Found, found, type Pass } from './check.ts'
import { createHealthSchedule } from './schedule.ts'
import { createHealthService, type HealthService } from './service.ts'

let folder: string
let storage: Storage
let nowMs: number
const clock = { now: () => nowMs }
const open = (): Storage => {
  const opened = openStorage(join(folder, 'inkwell.db'), { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  return opened.value
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-health-service-'))
  nowMs = Date.UTC(2026, 10, 23)
  storage = open()
})
afterEach(() => {
  storage.close()
  rmSync(folder, { recursive: true, force: true })
})

const heard: string[] = []
function service(checks: readonly Check[]): HealthService {
  const events = createEvents((error) => {
    throw error
  })
  heard.length = 0
  events.onAny((event) => heard.push(event))
  return createHealthService({ storage, events, clock, log: silentLog, checks })
}
const checkOf = (
  run: (pass: Pass) => readonly Found[] | Promise<readonly Found[]>,
  name: Check['name'] = 'disk',
): Check => ({
  name,
  words: `Looking at ${name}`,
  run: async (pass) => ({ title: name, facts: 'looked at', findings: await run(pass) }),
})
const trouble = (change: Partial<Parameters<typeof found>[0]> = {}) =>
  found({ id: 'disk/x', severity: 'error', title: 'Something.', subjects: ['a'], ...change })
const ids = (health: HealthService): string[] =>
  health.report()!.checks.flatMap(({ findings }) => findings.map(({ id }) => id))

describe('a report', () => {
  it('is there at once after a start, with how it was made', async () => {
    expect(service([]).report()).toBeNull()
    await service([checkOf(() => [trouble()])]).check(true)
    storage.close()
    storage = open()
    expect(service([]).report()).toMatchObject({ full: true, atMs: nowMs, findingCount: 1, errorCount: 1 })
  })

  it('keeps what only a full check sees until a full check has looked again', async () => {
    let wrong = true
    const health = service([checkOf((pass) => (pass.full && wrong ? [trouble({ deep: true })] : []))])
    await health.check(true)
    await health.check(false)
    expect(ids(health)).toEqual(['disk/x'])
    wrong = false
    await health.check(false)
    expect(ids(health)).toEqual(['disk/x'])
    await health.check(true)
    expect(ids(health)).toEqual([])
  })

  it('says of a check that broke that it was not done, and goes on with the others', async () => {
    const broken = checkOf(() => {
      throw new Error('broken')
    })
    const health = service([broken, checkOf(() => [], 'backups')])
    await health.check(false)
    expect(health.report()).toMatchObject({
      checks: [
        { check: 'disk', state: 'not-checked', findings: [{ id: 'disk/not-checked', severity: 'warning' }] },
        { check: 'backups', state: 'ok' },
      ],
      errorCount: 0,
    })
  })
})

describe('a check', () => {
  it('tells how far it is, one event after another, and is not running afterwards', async () => {
    const health = service([checkOf(() => []), checkOf(() => [], 'backups')])
    const running = health.check(false)
    await running
    expect(heard).toEqual(['health.progress', 'health.progress', 'health.changed', 'health.changed'])
    expect(health.running()).toBeNull()
  })

  it('is stopped when asked, and the last report stays', async () => {
    let runs = 0
    const health = service([
      checkOf(async (pass) => {
        runs += 1
        if (runs > 1) for (;;) await pass.breathe()
        return []
      }),
    ])
    await health.check(false)
    nowMs += 1_000
    const stopped = health.check(true)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(health.running()).toMatchObject({ words: 'Looking at disk' })
    health.cancel()
    expect(await stopped).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(health.report()).toMatchObject({ atMs: nowMs - 1_000, full: false })
  })

  it('asked for twice runs once, but a full one is not answered with a quick one', async () => {
    const seen: boolean[] = []
    const health = service([
      checkOf((pass) => {
        seen.push(pass.full)
        return []
      }),
    ])
    await Promise.all([health.check(false), health.check(false), health.check(true), health.check(true)])
    expect(seen).toEqual([false, true])
  })

  it('lets the window have its turn', async () => {
    let turns = 0
    const timer = setInterval(() => (turns += 1), 1)
    const health = service([
      checkOf(async (pass) => {
        // So long that a busy computer lets the timer come too; a check that keeps all to itself comes to the end.
        const end = performance.now() + 10_000
        while (turns < 4 && performance.now() < end) {
          for (let sum = 0; sum < 10_000; sum++) Math.sqrt(sum)
          await pass.breathe()
        }
        return []
      }),
    ])
    await health.check(false)
    clearInterval(timer)
    expect(turns).toBeGreaterThan(3)
  })
})

describe('what is left as it is', () => {
  it('is not shown, also after a start, until it looks otherwise', async () => {
    let subjects = ['a']
    const check = checkOf(() => [trouble({ subjects })])
    const health = service([check])
    await health.check(false)
    expect(health.leave('disk/x')).toMatchObject({ ok: true, value: { findingCount: 0, errorCount: 0 } })
    expect(health.report()!.checks[0]).toMatchObject({ state: 'ok', facts: 'looked at, 1 left as it is' })
    storage.close()
    storage = open()
    const later = service([check])
    await later.check(true)
    expect(ids(later)).toEqual([])
    subjects = ['a', 'b']
    await later.check(false)
    expect(ids(later)).toEqual(['disk/x'])
    expect(storage.all('SELECT action FROM audit')).toEqual([{ action: 'health.leave' }])
  })

  it('stands by itself, and counts again when it is to be looked at again', async () => {
    const health = service([checkOf(() => [trouble(), trouble({ id: 'disk/y' })])])
    await health.check(false)
    health.leave('disk/x')
    expect(health.report()).toMatchObject({ findingCount: 1, left: [{ id: 'disk/x', title: 'Something.' }] })
    expect(health.lookAgain('disk/x')).toMatchObject({ ok: true, value: { findingCount: 2, errorCount: 2, left: [] } })
    expect(ids(health)).toEqual(['disk/x', 'disk/y'])
    expect(health.lookAgain('disk/x')).toMatchObject({ ok: false, error: { code: 'not-left' } })
    expect(storage.all('SELECT action FROM audit')).toEqual([
      { action: 'health.leave' },
      { action: 'health.lookAgain' },
    ])
  })

  it('refuses to leave what is not there', () => {
    expect(service([]).leave('disk/x')).toMatchObject({ ok: false, error: { code: 'not-looked-at' } })
  })
})

describe('a mend', () => {
  let world: string
  let done: string[]
  const mendable = (): Check =>
    checkOf(() =>
      world === 'well'
        ? []
        : [
            trouble({
              subjects: [world],
              mend: {
                label: 'Mend it',
                prepare: () => ({
                  scope: 'Only this.',
                  rows: [{ before: world, after: 'well', remark: '' }],
                  perform: () => {
                    done.push(world)
                    world = 'well'
                    return ok('It is well.')
                  },
                }),
              },
            }),
          ],
    )
  beforeEach(() => {
    world = 'ill'
    done = []
  })

  it('does what was shown, and the report is without the finding', async () => {
    const health = service([mendable()])
    await health.check(false)
    const preview = await health.previewMend('disk/x')
    if (!preview.ok) throw new Error()
    expect(preview.value).toMatchObject({ label: 'Mend it', scope: 'Only this.', rowCount: 1 })
    expect(done).toEqual([])
    expect(await health.mend('disk/x', preview.value.token)).toMatchObject({
      value: { message: 'It is well.', report: { findingCount: 0 } },
    })
    expect(done).toEqual(['ill'])
  })

  it('is refused when the world is not as it was shown, or well by itself', async () => {
    const health = service([mendable()])
    await health.check(false)
    const preview = await health.previewMend('disk/x')
    if (!preview.ok) throw new Error()
    for (const now of ['worse', 'well']) {
      world = now
      expect(await health.mend('disk/x', preview.value.token)).toMatchObject({ error: { code: 'changed-meanwhile' } })
    }
    expect(done).toEqual([])
    expect(await health.previewMend('disk/x')).toMatchObject({ error: { code: 'finding-gone' } })
  })

  it('that finds a change inside its transaction rolls all of it back', async () => {
    const health = service([
      checkOf(() => [
        trouble({
          mend: {
            label: 'Mend it',
            prepare: () => ({
              scope: '',
              rows: [],
              perform: () => {
                storage.write('health.mend.test', (tx) => {
                  tx.audit('half', null, null)
                  throw new ChangedMeanwhile()
                })
                return ok('never')
              },
            }),
          },
        }),
      ]),
    ])
    await health.check(false)
    const preview = await health.previewMend('disk/x')
    if (!preview.ok) throw new Error()
    expect(await health.mend('disk/x', preview.value.token)).toMatchObject({ error: { code: 'changed-meanwhile' } })
    expect(storage.all('SELECT * FROM audit')).toEqual([])
  })
})

describe('by itself', () => {
  it('everything is read once a day, when nothing else runs', async () => {
    const seen: boolean[] = []
    const health = service([
      checkOf((pass) => {
        seen.push(pass.full)
        return []
      }),
    ])
    let idle = false
    const schedule = createHealthSchedule({ health, clock, log: silentLog, isIdle: () => idle })
    await schedule.begin()
    await schedule.tick()
    expect(seen).toEqual([false])
    idle = true
    await schedule.tick()
    await schedule.tick()
    expect(seen).toEqual([false, true])
    nowMs += 25 * 3_600_000
    await schedule.tick()
    // A clock set back must not put it off for ever.
    nowMs -= 400 * 86_400_000
    await schedule.tick()
    schedule.close()
    expect(seen).toEqual([false, true, true, true])
  })
})
