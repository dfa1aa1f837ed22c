import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openProfileLock } from './profile-lock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('is had alone by one, or shared by many', () => {
  const [one, two, three] = [openProfileLock(folder), openProfileLock(folder), openProfileLock(folder)]
  expect(one.takeAlone()).toBe(true)
  expect(two.takeAlone()).toBe(false)
  one.share()
  two.share()
  expect(three.takeAlone()).toBe(false)
  one.release()
  expect(three.takeAlone()).toBe(false)
  two.release()
  expect(three.takeAlone()).toBe(true)
  three.release()
})

it('is made anew when its file holds anything', () => {
  const path = join(folder, 'inkwell.lock')
  writeFileSync(path, 'garbage '.repeat(100))
  const one = openProfileLock(folder)
  expect(one.takeAlone()).toBe(true)
  one.share()
  one.release()
  expect(statSync(path).size).toBe(0)
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a)')
  database.close()
  const [two, three] = [openProfileLock(folder), openProfileLock(folder)]
  two.share()
  expect(three.takeAlone()).toBe(false)
  two.release()
  expect(three.takeAlone()).toBe(true)
  three.release()
})
