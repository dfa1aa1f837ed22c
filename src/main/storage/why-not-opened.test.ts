import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openProfile } from './open-profile.ts'
import { databaseOf, openTestProfile, testOptions } from './recovery/recovery-testing.ts'

const root = mkdtempSync(join(tmpdir(), 'inkwell-why-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(root, 'folder-'))
})
const why = async (path: string): Promise<string> => {
  const opened = await openProfile(testOptions(path))
  if (opened.ok) throw new Error('it was opened')
  expect(opened.error).toMatchObject({ code: 'database-unreadable', retryable: true })
  return opened.error.message
}

it('a folder in the place of the database is named, and left', async () => {
  const { storage } = await openTestProfile(folder)
  storage.close()
  rmSync(databaseOf(folder))
  mkdirSync(databaseOf(folder))
  const names = readdirSync(folder)
  expect(await why(folder)).toMatch(
    /^There is a folder where the database should be: .*inkwell\.db\. Nothing was changed\. Move it away/,
  )
  expect(readdirSync(folder)).toEqual(names)
})

it('a file in the place of the profile, or on the way to it, is named', async () => {
  const file = join(folder, 'profile')
  writeFileSync(file, '')
  for (const path of [file, join(file, 'below')])
    expect(await why(path)).toBe(
      `There is a file where the profile’s folder should be: ${file}. Nothing was changed. Move it away, or choose another profile, then open Inkwell again.`,
    )
})

const mount = (...options: string[]): void => void execFileSync('mount', [...options, folder], { stdio: 'ignore' })
const canMount = ((): boolean => {
  const place = mkdtempSync(join(root, 'mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', place], { stdio: 'ignore' })
    execFileSync('umount', [place])
    return true
  } catch {
    return false
  }
})()

describe.skipIf(!canMount)('a disk that can only be read (skipped where a tmpfs may not be mounted)', () => {
  it.each<[string, (profile: string) => void]>([
    ['an empty lock', () => {}],
    ['a lock that holds something', (profile) => writeFileSync(join(profile, 'inkwell.lock'), 'x')],
    ['no lock', (profile) => rmSync(join(profile, 'inkwell.lock'))],
    ['no profile', (profile) => rmSync(profile, { recursive: true })],
  ])('is named, with %s', async (_, change) => {
    mount('-t', 'tmpfs', 'tmpfs')
    try {
      const profile = join(folder, 'profile')
      const { storage } = await openTestProfile(profile)
      storage.close()
      change(profile)
      mount('-o', 'remount,ro')
      expect(await why(profile)).toMatch(
        /^The disk with the profile can only be read: .*Nothing was changed.*Make the disk writable/,
      )
    } finally {
      execFileSync('umount', ['-l', folder])
    }
  })
})
