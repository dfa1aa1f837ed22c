import { createHash } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { incomingName, sweepIncoming } from './incoming.ts'
import { reserveBytes, storeMedia } from './media-store.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-media-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const bytes = Buffer.alloc(3_000_001, 'sound')
const source = (): string => {
  writeFileSync(join(folder, 'talk.mp3'), bytes)
  return join(folder, 'talk.mp3')
}

test('is kept under its content, once', async () => {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const first = await storeMedia(folder, source(), 'mp3')
  expect(first).toEqual({ ok: true, value: { sha256, path: `media/${sha256}.mp3`, bytes: bytes.length, known: false } })
  expect(readFileSync(join(folder, 'media', `${sha256}.mp3`)).equals(bytes)).toBe(true)
  expect(await storeMedia(folder, source(), 'mp3')).toMatchObject({ ok: true, value: { known: true } })
  expect(readdirSync(join(folder, 'media'))).toEqual([`${sha256}.mp3`])
})

test('a torn copy of the same name is replaced', async () => {
  const first = await storeMedia(folder, source(), 'mp3')
  if (!first.ok) throw new Error(first.error.message)
  writeFileSync(join(folder, first.value.path), bytes.subarray(0, 1000))
  expect(await storeMedia(folder, source(), 'mp3')).toMatchObject({ ok: true, value: { known: false } })
  expect(readFileSync(join(folder, first.value.path)).equals(bytes)).toBe(true)
})

test('half a gigabyte stays free', async () => {
  const free = (room: number) => async () => reserveBytes + room
  expect(await storeMedia(folder, source(), 'mp3', free(bytes.length - 1))).toMatchObject({
    ok: false,
    error: { code: 'no-space', message: expect.stringContaining('Nothing was copied') },
  })
  expect(await storeMedia(folder, source(), 'mp3', free(bytes.length))).toMatchObject({ ok: true })
})

test.skipIf(process.platform === 'win32')('a link put in the file’s place is not followed', async () => {
  symlinkSync('/etc/passwd', join(folder, 'talk.mp3'))
  expect(await storeMedia(folder, join(folder, 'talk.mp3'), 'mp3')).toMatchObject({
    ok: false,
    error: { code: 'media-unreadable' },
  })
  expect(readdirSync(join(folder, 'media'))).toEqual([])
})

test('half copies of the dead are swept, those under way and files of others are not', async () => {
  const media = join(folder, 'media')
  mkdirSync(join(media, `.incoming-${process.pid}-${'c'.repeat(16)}`), { recursive: true })
  const [mine, dead, old, foreign] = [
    incomingName(),
    `.incoming-999999-${'a'.repeat(16)}`,
    `.incoming-${'b'.repeat(16)}`,
    '.incoming-notes.md',
  ]
  for (const name of [mine, dead, old, foreign]) writeFileSync(join(media, name), 'half')
  utimesSync(join(media, old), 0, 0)
  utimesSync(join(media, foreign), 0, 0)
  const alive = (pid: number) => pid === process.pid
  expect(await sweepIncoming(folder, { nowMs: Date.now(), alive })).toBe(2)
  expect(readdirSync(media).sort()).toEqual([mine, foreign, `.incoming-${process.pid}-${'c'.repeat(16)}`].sort())
  expect(await sweepIncoming(folder, { nowMs: Date.now() + 86_400_001, alive })).toBe(1)
  expect(await sweepIncoming(join(folder, 'nowhere'), { nowMs: Date.now(), alive })).toBe(0)
})
