import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMoveIfFree } from './move-if-free.ts'
import { temporaryFolder } from './notes-testing.ts'
import { createNameCalls, type NameWay } from './take-name.ts'

let folder: string
let from: string
let to: string
beforeEach(() => {
  folder = mkdtempSync(join(temporaryFolder(), 'inkwell-names-'))
  from = join(folder, 'from')
  to = join(folder, 'to')
  writeFileSync(from, 'Text.')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const text = (path: string): string => readFileSync(path, 'utf8')

describe.each<[NameWay, string[]]>([
  ['link', ['from', 'to']],
  ['move', ['to']],
  ['copy', ['from', 'to']],
])('a free name taken by %s', (way, left) => {
  test.each([
    ['at once', nodeFs],
    ['through a port', { ...nodeFs }],
  ])('has the text, and a taken one is never replaced (%s)', async (_how, fs) => {
    const { take } = await createNameCalls(fs, { ways: [way] })()
    let told = 0
    const taken = await take(from, to, () => {
      told += 1
    })
    expect(text(to)).toBe('Text.')
    expect(readdirSync(folder)).toEqual(left)
    expect(told).toBe(way === 'copy' ? 1 : 0)
    if (typeof taken !== 'string') {
      const { size, mtimeNs } = statSync(to, { bigint: true })
      expect(taken.copied).toBe(`${size}@${mtimeNs}`)
    }
    rmSync(from, { force: true })
    writeFileSync(from, 'Other.')
    await expect(take(from, to)).rejects.toMatchObject({ code: 'EEXIST' })
    expect([text(from), text(to)]).toEqual(['Other.', 'Text.'])
    rmSync(from)
    rmSync(to)
    await expect(take(from, to)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(readdirSync(folder)).toEqual([])
  })
})

test('the system’s call moves to a free name only, and systems without one say so', async () => {
  for (const platform of [process.platform, 'aix', 'win32', 'darwin'] as const) {
    writeFileSync(from, 'Text.')
    const move = await createMoveIfFree(platform)()
    // Another system's library or call is not found here.
    if (platform !== process.platform) expect(await move(from, to)).toBe('not-offered')
    else {
      expect(await move(from, to)).toBe('done')
      writeFileSync(from, 'Other.')
      expect(() => move(from, to)).toThrow(expect.objectContaining({ code: 'EEXIST' }))
      rmSync(to)
    }
    expect(readdirSync(folder)).toEqual(['from'])
  }
})
