import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runIn } from './testing.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-headless-backup-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function inkwell(args: readonly string[], stdin = '') {
  const run = await runIn(folder, args, stdin)
  return { ...run, data: () => JSON.parse(run.out).data }
}
const notes = (name: string): Promise<{ code: number }> => {
  writeFileSync(join(folder, `${name}.txt`), `${name}. The keepers wrote down the weather of each day. `.repeat(20))
  return inkwell(['process', `${name}.txt`, '--out', 'notes', '--templates', 'summary'])
}
const jobs = async (): Promise<number> => (await inkwell(['jobs', '--json'])).data().length

it('makes, verifies, restores and goes back', async () => {
  expect(await notes('One')).toMatchObject({ code: 0 })
  const made = await inkwell(['backup', 'create', '--json'])
  expect(made).toMatchObject({ code: 0 })
  const { fileName, counts } = made.data()
  expect(counts).toMatchObject({ jobs: 1, episodes: 1, transcripts: 1, notes: 1 })
  expect((await inkwell(['backup', 'list'])).out).toContain(`${fileName}  `)
  expect(await inkwell(['backup', 'verify', fileName])).toMatchObject({
    code: 0,
    out: expect.stringContaining('Every byte is as it was written.'),
  })

  expect(await notes('Two')).toMatchObject({ code: 0 })
  const dry = await inkwell(['backup', 'restore', fileName, '--dry-run'])
  expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('Nothing was changed.') })
  expect(dry.out).toMatch(/Jobs +1 +2/)
  expect(await jobs()).toBe(2)
  expect(await inkwell(['backup', 'restore', fileName])).toMatchObject({ code: 0 })
  expect(await jobs()).toBe(1)
  expect(await inkwell(['backup', 'switch-back'])).toMatchObject({ code: 0 })
  expect(await jobs()).toBe(2)
})

it('encrypts to any file, and refuses a damaged one', async () => {
  const created = await inkwell(
    ['backup', 'create', '--out', 'mine.inkwell-backup', '--passphrase-stdin'],
    'eight words to keep\n',
  )
  expect(created).toMatchObject({ code: 0, out: expect.stringContaining('encrypted') })
  expect(
    await inkwell(['backup', 'create', '--out', 'weak.inkwell-backup', '--passphrase-stdin'], 'eight'),
  ).toMatchObject({ code: 1, err: expect.stringContaining('could guess these words') })
  expect(existsSync(join(folder, 'weak.inkwell-backup'))).toBe(false)
  const verify = ['backup', 'verify', 'mine.inkwell-backup', '--passphrase-stdin']
  expect(await inkwell(verify, 'eight words to keep\n')).toMatchObject({ code: 0 })
  expect(await inkwell(verify, 'other words')).toMatchObject({ code: 1, err: expect.stringContaining('not the words') })
  expect(await inkwell(verify.slice(0, 3))).toMatchObject({ code: 1, err: expect.stringContaining('is encrypted') })
  const path = join(folder, 'mine.inkwell-backup')
  const bytes = readFileSync(path)
  bytes[1_000]! ^= 1
  writeFileSync(path, bytes)
  expect(
    await inkwell(['backup', 'restore', 'mine.inkwell-backup', '--passphrase-stdin'], 'eight words to keep'),
  ).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('damaged: bytes 512 to'),
  })
  expect(readdirSync(join(folder, 'profile'))).not.toContain('current-profile.json')
})

it.each([
  [['backup']],
  [['backup', 'eat']],
  [['backup', 'verify']],
  [['backup', 'list', 'more']],
  [['backup', 'create', '--dry-run']],
])('does not understand %s', async (args) => {
  expect(await inkwell(args)).toMatchObject({ code: 2, out: '' })
})

it('tells how far a large one is, and when it is stopped leaves nothing behind', async () => {
  expect(await notes('One')).toMatchObject({ code: 0 })
  const profile = join(folder, 'profile')
  const recording = join(profile, 'media', `${'a'.repeat(64)}.mp3`)
  mkdirSync(join(profile, 'media'), { recursive: true })
  for (let megabyte = 0; megabyte < 120; megabyte++) writeFileSync(recording, randomBytes(1_000_000), { flag: 'a' })
  const stop = new AbortController()
  const told: string[] = []
  const run = await runIn(folder, ['backup', 'create', '--media'], '', {
    interrupted: stop.signal,
    onErr: (words) => {
      told.push(words)
      if (words.startsWith('Writing the backup')) stop.abort()
    },
  })
  expect(run).toMatchObject({ code: 130, out: '', err: expect.stringContaining('Stopped. Nothing was changed.') })
  expect(told.some((words) => words.startsWith('Reading what goes into it'))).toBe(true)
  expect(told.some((words) => words.startsWith('Reading it back'))).toBe(false)
  const passing = (where: string): string[] => readdirSync(where).filter((name) => name.startsWith('.~'))
  expect([...passing(profile), ...passing(join(profile, 'backups'))]).toEqual([])
  expect((await inkwell(['backup', 'list', '--json'])).data().backups).toEqual([])
  expect(await inkwell(['backup', 'create', '--media'])).toMatchObject({ code: 0 })
})
