import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lastWrite, userTexts } from './kill-scenario.ts'
import { allWays, callsOf, openScenario, type Scenario, withoutKept } from './kill-testing.ts'
import { house, systemError, watchedFs } from './notes-testing.ts'

describe.each(allWays)('by %s', (way) => {
  let scenario: Scenario
  beforeAll(async () => {
    scenario = await openScenario(way)
  })
  afterAll(() => scenario.close())

  test.each([
    ['ENOSPC', 3],
    ['EPERM', 5],
    ['EIO', 7],
    ['EROFS', 7],
  ])('%s from a change on: said, kept, and done when it is over', async (code, step) => {
    for (let n = 1; n <= scenario.points.length; n += step) {
      const root = await scenario.copy()
      let calls = 0
      const before = (): void => {
        calls += 1
        if (calls >= n) throw systemError(code)
      }
      const home = await house(callsOf(way, watchedFs(before), before), root)
      const result = await lastWrite(home)
      const texts = Object.values(await scenario.vaultOf(root))
      for (const text of Object.values(userTexts)) expect(texts, `${code} ${n}`).toContain(text)
      if (!result.ok) {
        expect(result.error.retryable).toBe(true)
        expect(result.error.message).toMatch(/\.$/)
      }
      home.leave()
      await scenario.expectWhole(root, `${code} ${n} ${scenario.points[n - 1]}`)
    }
  })

  test('each change may fail once by another program, and all is written', async () => {
    for (let n = 1; n <= scenario.points.length; n += 1) {
      if (!/^(?:rename|swap|move)/.test(scenario.points[n - 1]!)) continue
      const root = await scenario.copy()
      let calls = 0
      const before = (): void => {
        calls += 1
        if (calls === n) throw systemError('EBUSY')
      }
      const home = await house(callsOf(way, watchedFs(before), before), root)
      expect(await lastWrite(home), scenario.points[n - 1]).toMatchObject({ ok: true })
      expect(withoutKept(await scenario.vaultOf(root)), scenario.points[n - 1]).toEqual(scenario.expected)
      await home.notes.settled()
      expect(await scenario.vaultOf(root), scenario.points[n - 1]).toEqual(scenario.expected)
      home.leave()
      await rm(root, { recursive: true })
    }
  })
})
