import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOfferedFiles } from './offered-files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-offer-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, content = 'x'): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

test('a file, a link to a file, and a folder one level deep', async () => {
  const files = createOfferedFiles()
  const path = file('talk.mp3', 'abc')
  symlinkSync(path, join(folder, 'link.mp3'))
  mkdirSync(join(folder, 'inner/deeper'), { recursive: true })
  file('inner/one.srt')
  file('inner/.hidden')
  file('inner/deeper/two.srt')
  const offered = await files.offer([path, join(folder, 'link.mp3'), join(folder, 'inner')])
  if (!offered.ok) throw new Error(offered.error.message)
  expect(offered.value.map(({ name, bytes }) => [name, bytes])).toEqual([
    ['talk.mp3', 3],
    ['talk.mp3', 3],
    ['one.srt', 1],
  ])
  expect(files.pathOf(offered.value[1]!.token)).toBe(path)
  expect(files.pathOf('made up')).toBeNull()
})

test.skipIf(process.platform === 'win32')('pipes and devices are refused without waiting on them', async () => {
  const files = createOfferedFiles()
  execFileSync('mkfifo', [join(folder, 'pipe')])
  symlinkSync('/dev/zero', join(folder, 'zero'))
  symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'))
  for (const name of ['pipe', 'zero', 'dangling', 'missing'])
    expect(await files.offer([join(folder, name)])).toMatchObject({ ok: false, error: { code: 'no-files' } })
  // In a folder they are passed over.
  file('a.srt')
  const offered = await files.offer([folder])
  expect(offered.ok && offered.value.map(({ name }) => name)).toEqual(['a.srt'])
})

test('only so many tokens are remembered', async () => {
  const files = createOfferedFiles({ maxTokens: 2 })
  const tokens: string[] = []
  for (const name of ['a', 'b', 'c']) {
    const offered = await files.offer([file(name)])
    if (offered.ok) tokens.push(offered.value[0]!.token)
  }
  expect(tokens.map((token) => files.pathOf(token) !== null)).toEqual([false, true, true])
  expect(new Set(tokens).size).toBe(3)
})
