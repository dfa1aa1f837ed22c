import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as nodeFs from 'node:fs/promises'
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FileSystem } from '../storage/write-file.ts'
import { lastWrite, userTexts } from './kill-scenario.ts'
import { allWays, callsOf, openScenario, type Scenario, type Way } from './kill-testing.ts'
import { type House, house, watchedFs } from './notes-testing.ts'

/** As a kill leaves it: from the n-th change on, nothing happens any more. */
async function freezeAt(way: Way, n: number, root: string, work: (home: House) => Promise<unknown>): Promise<void> {
  let calls = 0
  let home: House | undefined
  let stop = (): void => {}
  const before = (): Promise<void> | undefined => {
    calls += 1
    if (calls < n) return undefined
    stop()
    return new Promise(() => {})
  }
  const fs = watchedFs(before)
  await new Promise<void>((resolve, reject) => {
    stop = resolve
    const owner = { id: `dead-${n}`, host: hostname(), pid: 999_999_999 }
    house({ ...callsOf(way, fs, before), owner }, root)
      .then((opened) => {
        home = opened
        return work(opened)
      })
      .then(() => resolve(), reject)
  })
  await fs.closeAll()
  home?.leave()
}

describe.each(allWays)('by %s', (way) => {
  let scenario: Scenario
  beforeAll(async () => {
    scenario = await openScenario(way)
  })
  afterAll(() => scenario.close())

  test('the scenario is what it should be', () => {
    const inFolder = Object.fromEntries(
      Object.entries(scenario.expected).map(([path, text]) => [path.split('/').at(-1), text]),
    )
    expect(inFolder).toMatchObject(userTexts)
    expect(Object.keys(inFolder).toSorted()).toEqual([
      '.metadata.yaml',
      '_transcript.md',
      'argued (new 2026-11-23).md',
      'argued.md',
      'current.md',
      'diary.md',
      'edited (new 2026-11-23).md',
      'edited.md',
      'missing.md',
    ])
    expect(inFolder['argued (new 2026-11-23).md']).toContain('Last argued.')
    expect(scenario.points.length).toBeGreaterThan(50)
  })

  test('stopped at each change of the write, it ends the same', async () => {
    for (let n = 1; n <= scenario.points.length; n += way === 'exchange' ? 1 : 2) {
      const root = await scenario.copy()
      await freezeAt(way, n, root, lastWrite)
      await scenario.expectWhole(root, `${n} ${scenario.points[n - 1]}`)
    }
  })

  test('stopped again in recovery, it ends the same', async () => {
    const half = scenario.points.findIndex((point) => /missing\.md/.test(point))
    for (let n = 1; n <= 25; n += 3) {
      const root = await scenario.copy()
      await freezeAt(way, half - 12, root, lastWrite)
      await freezeAt(way, n, root, ({ notes }) => notes.recover())
      await freezeAt(way, n + 4, root, ({ notes }) => notes.recover())
      await scenario.expectWhole(root, `recovery ${n}`)
    }
  })
})

test('killed with SIGKILL in a process of its own, it ends the same', async () => {
  const scenario = await openScenario('exchange')
  const child = fileURLToPath(new URL('./kill-child.ts', import.meta.url))
  const step = process.env.INKWELL_ALL_KILL_POINTS ? 1 : 9
  for (let n = 2; n <= scenario.points.length; n += step) {
    const root = await scenario.copy()
    const killed = spawn(process.execPath, [child, root, String(n)], { stdio: ['ignore', 'ignore', 'inherit'] })
    const [, signal] = await once(killed, 'exit')
    expect(signal, `${n} ${scenario.points[n - 1]}`).toBe('SIGKILL')
    await scenario.expectWhole(root, `${n} ${scenario.points[n - 1]}`)
  }
  await scenario.close()
})

test('a planted fault is found: an exchange that writes in place and dies half-way', async () => {
  const scenario = await openScenario('links')
  const root = await scenario.copy()
  let stop = (): void => {}
  const fs: FileSystem = {
    ...nodeFs,
    link: async (from, to) => {
      if (!String(to).endsWith('current.md')) return nodeFs.link(from, to)
      await nodeFs.writeFile(to, (await nodeFs.readFile(from)).subarray(0, 100))
      stop()
      await new Promise(() => {})
    },
  }
  const owner = { id: 'dead', host: hostname(), pid: 999_999_999 }
  const home = await house({ ...callsOf('links', fs), owner }, root)
  await new Promise<void>((resolve) => {
    stop = resolve
    void lastWrite(home)
  })
  home.leave()
  await expect(scenario.expectWhole(root, 'planted')).rejects.toThrow('planted')
  await scenario.close()
})
