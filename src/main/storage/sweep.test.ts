import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sweepTemporaries } from './sweep.ts'
import { temporaryName } from './write-file.ts'

let profile: string
beforeEach(() => {
  profile = mkdtempSync(join(tmpdir(), 'inkwell-sweep-'))
})
afterEach(() => rmSync(profile, { recursive: true, force: true }))

const nowMs = Date.now()
function put(folder: string, name: string, ageMs: number): void {
  mkdirSync(join(profile, folder), { recursive: true })
  writeFileSync(join(profile, folder, name), 'x')
  utimesSync(join(profile, folder, name), (nowMs - ageMs) / 1_000, (nowMs - ageMs) / 1_000)
}

it('takes what a kill left half written, of our own names and an hour old, and nothing else', async () => {
  const old = 7_200_000
  for (const folder of ['', 'templates', 'blobs/ab', 'keep']) {
    put(folder, temporaryName('file'), old)
    put(folder, temporaryName('file'), 60_000)
    put(folder, 'notes.tmp', old)
    put(folder, '.~theirs-0123456789ab.tmp', old)
  }
  put('', 'inkwell.db.before-v7.4711.tmp', old)
  put('', 'inkwell.db.before-v7', old)
  put('vault', temporaryName('file'), old)
  expect(await sweepTemporaries(profile, { nowMs })).toBe(5)
  for (const folder of ['templates', 'blobs/ab', 'keep']) expect(readdirSync(join(profile, folder))).toHaveLength(3)
  expect(readdirSync(join(profile, 'vault'))).toHaveLength(1)
  expect(readdirSync(profile)).toContain('inkwell.db.before-v7')
})
