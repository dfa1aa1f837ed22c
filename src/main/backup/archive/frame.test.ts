import { readFileSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeBackupFile, temporaryRoot } from '../backup-testing.ts'
import { BackupError } from './failures.ts'
import type { BackupFs } from './files.ts'
import { fileBytes, headerBytes, readHeader } from './format.ts'
import { checkFrame } from './frame.ts'

type Check = (bytes: Buffer) => Promise<unknown>
const real: Check = (bytes) => checkFrame('memory', heldFs(bytes))
/** A file that is held in memory: tens of thousands of damaged ones are read. */
const heldFs = (bytes: Buffer): BackupFs =>
  ({
    lstat: async () => ({ isFile: () => true }),
    open: async () => ({
      stat: async () => ({ size: bytes.length }),
      read: async (to: Buffer, offset: number, length: number, position: number) => ({
        bytesRead: bytes.copy(to, offset, position, position + length),
      }),
      close: async () => {},
    }),
  }) as unknown as BackupFs
/** Trusts the header and the length: what a format without the last line would do. */
const withoutTrailer: Check = async (bytes) => {
  const reading = readHeader(bytes.subarray(0, headerBytes))
  if (reading.kind !== 'header' || bytes.length !== fileBytes(reading.header.payload))
    throw new BackupError('damaged', 'damaged')
}

const roots: string[] = []
const forms: Record<string, Buffer> = {}
beforeAll(async () => {
  for (const [form, passphrase] of [
    ['plain', null],
    ['encrypted', 'eight words'],
  ] as const) {
    const root = temporaryRoot()
    roots.push(root)
    forms[form] = readFileSync(await makeBackupFile(root, { passphrase }))
  }
})
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true })
})

/** Why it is refused; null when it is not. */
async function refusal(check: Check, bytes: Buffer): Promise<string | null> {
  try {
    await check(bytes)
    return null
  } catch (error) {
    if (!(error instanceof BackupError)) throw error
    expect(['damaged', 'not-a-backup']).toContain(error.failure.code)
    return error.failure.message
  }
}

/** All of the header and of what comes after the payload, and each seventh of the payload's bytes: `npm run torture` tries every one. */
function placesIn(bytes: Buffer, step = 7): number[] {
  const end = bytes.length - 200
  return Array.from(bytes.keys()).filter((at) => at < headerBytes || at >= end || at % step === 0)
}

/** Offsets at which one changed byte goes unnoticed. */
async function unnoticedFlips(bytes: Buffer, check: Check): Promise<number[]> {
  const changed = Buffer.from(bytes)
  const unnoticed: number[] = []
  for (const at of placesIn(bytes)) {
    changed[at]! ^= 1 << (at % 8)
    if ((await refusal(check, changed)) === null) unnoticed.push(at)
    changed[at] = bytes[at]!
  }
  return unnoticed
}

describe.each(['plain', 'encrypted'])('the %s form', (form) => {
  it('refuses flipped bytes', async () => {
    expect(await unnoticedFlips(forms[form]!, real)).toEqual([])
  })

  it('refuses lengths it is cut to', async () => {
    const bytes = forms[form]!
    const kept: number[] = []
    for (const length of placesIn(bytes))
      if ((await refusal(real, bytes.subarray(0, length))) === null) kept.push(length)
    expect(kept).toEqual([])
  })

  it('refuses bytes that were added, taken out or swapped', async () => {
    const bytes = forms[form]!
    const middle = bytes.length >> 1
    const changes: [string, Buffer][] = [
      ['one at the end', Buffer.concat([bytes, Buffer.from([0])])],
      ['a second backup at the end', Buffer.concat([bytes, bytes])],
      ['one at the beginning', Buffer.concat([Buffer.from([0]), bytes])],
      ['one in the middle', Buffer.concat([bytes.subarray(0, middle), Buffer.from([7]), bytes.subarray(middle)])],
      ['one taken out', Buffer.concat([bytes.subarray(0, middle), bytes.subarray(middle + 1)])],
      ['a hole of zeros', Buffer.concat([bytes.subarray(0, middle), Buffer.alloc(100), bytes.subarray(middle + 100)])],
      ['nothing but zeros', Buffer.alloc(bytes.length)],
    ]
    for (const [name, changed] of changes) expect(await refusal(real, changed), name).not.toBeNull()
  })
})

it('says where', async () => {
  const bytes = forms.plain!
  const why = (changed: Buffer): Promise<string | null> => refusal(real, changed)
  const flipped = (at: number): Buffer => {
    const copy = Buffer.from(bytes)
    copy[at]! ^= 1
    return copy
  }
  expect(await why(flipped(100))).toContain('its header, bytes 0 to 511 are not as they were written')
  expect(await why(flipped(600))).toContain(`bytes 512 to`)
  expect(await why(flipped(bytes.length - 30))).toContain('to ')
  expect(await why(bytes.subarray(0, -12))).toContain('cut short by 12 bytes of ')
  expect(await why(bytes.subarray(0, -1))).toContain('cut short by 1 byte of ')
  expect(await why(Buffer.concat([bytes, Buffer.alloc(3)]))).toContain('3 bytes were added')
  expect(await why(Buffer.alloc(0))).toContain('empty')
  expect(await why(Buffer.from('a letter to a friend '.repeat(100)))).toContain('not a backup')
})

it('a planted fault, no last line, is found by the same search', async () => {
  expect((await unnoticedFlips(forms.plain!, withoutTrailer)).length).toBeGreaterThan(100)
})
