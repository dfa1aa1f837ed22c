import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fail, ok } from '#shared/result.ts'
import { createLog, timed } from './log.ts'

const canary = 'canary-5ecret-9f3a'
let profile: string
beforeEach(() => {
  profile = mkdtempSync(join(tmpdir(), 'inkwell-log-'))
})
afterEach(() => rmSync(profile, { recursive: true }))
const text = (): string => readFileSync(join(profile, 'logs', 'inkwell.log'), 'utf8')
const lines = (): Record<string, unknown>[] =>
  text()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>)

it('keeps secrets out of the file, wherever they stand', () => {
  const log = createLog(profile)
  log.info('feeds.add', { url: `https://x.example/?token=${canary}`, password: canary, nested: { token: canary } })
  log.error('feeds.refresh', { error: new Error(`GET https://u:${canary}@x.example failed`) })
  log.warn(`GET https://u:${canary}@x.example`, { level: 'silent', time: `token=${canary}`, pid: `token=${canary}` })
  log.hide('a plain word')
  log.info('said', { words: 1, text: 'it was a plain word', operation: 'a plain word' })
  expect(text()).toContain('feeds.refresh')
  expect(lines()).toHaveLength(4)
  expect(text()).not.toMatch(/canary|plain/)
})

it('says operation, subject, duration and outcome', async () => {
  const log = createLog(profile)
  await timed(log, 'feeds.refresh', 'feed/1', async () => ok(1))
  await timed(log, 'backup.create', null, () => fail('disk-full', 'There is no room.'))
  await expect(
    timed(log, 'notes.write', 'episode/1', () => {
      throw new Error('broken')
    }),
  ).rejects.toThrow('broken')
  const durationMs = expect.any(Number)
  expect(lines()).toMatchObject([
    { level: 'info', operation: 'feeds.refresh', subject: 'feed/1', outcome: 'ok', durationMs },
    { level: 'warn', operation: 'backup.create', subject: null, outcome: 'disk-full', durationMs },
    { level: 'warn', operation: 'notes.write', subject: 'episode/1', outcome: 'threw', durationMs },
  ])
})

it('a folder that cannot be written to stops nothing', () => {
  writeFileSync(join(profile, 'logs'), 'a file stands where the folder should be')
  const log = createLog(profile)
  log.info('house.start')
  log.info('house.start')
  expect(log.problem()).toMatchObject({ lostLines: 2, code: expect.stringMatching(/^E/) })
})
