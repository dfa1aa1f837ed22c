import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
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
