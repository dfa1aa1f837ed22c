import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runIn } from './testing.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-headless-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const inkwell = (stdin: string, ...args: string[]) => runIn(folder, args, stdin)

it('kit: asks for what is missing, takes words from standard input only', async () => {
  expect((await inkwell('', 'kit', 'words')).out.trim().split(' ')).toHaveLength(12)
  expect(await inkwell('', 'kit', 'sing')).toMatchObject({
    code: 2,
    err: expect.stringContaining('status, words, make'),
  })
  expect(await inkwell('', 'kit', 'make')).toMatchObject({ code: 2, err: expect.stringContaining('--out FILE') })
  expect(await inkwell('', 'kit', 'test')).toMatchObject({ code: 2 })
  expect(await inkwell('', 'kit', 'make', 'x')).toMatchObject({ code: 2 })
  expect(await inkwell('w', 'kit', 'test', 'kit.age')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--words-stdin'),
  })
  expect(await inkwell('', 'kit', 'test', 'kit.age', '--words-stdin')).toMatchObject({ code: 2 })
  writeFileSync(join(folder, 'kit.age'), 'no kit')
  const words = 'abandon ability able about above absent absorb abstract absurd abuse access accident'
  const tested = await inkwell(`${words}\n`, 'kit', 'test', 'kit.age', '--words-stdin', '--json')
  expect(tested.code).toBe(1)
  expect(JSON.parse(tested.out)).toMatchObject({ ok: false, error: { code: 'not-a-kit' } })
})

it('logs and diagnostics: the line of the command before is there, without its text', async () => {
  await inkwell('', 'feeds', 'add', 'https://user:c4n4ryUs3r@127.0.0.1:9/private/c4n4ryP4th')
  const logged = await inkwell('', 'logs', '--limit', '5', '--json')
  const { lines } = (JSON.parse(logged.out) as { data: { lines: Record<string, unknown>[] } }).data
  expect(lines).toContainEqual(
    expect.objectContaining({ operation: 'headless.feeds add', durationMs: expect.any(Number), level: 'warn' }),
  )
  expect(await inkwell('', 'logs', '--level', 'loud')).toMatchObject({ code: 2 })
  const shown = await inkwell('', 'diagnostics')
  expect(shown.out).toContain('===== database.json =====')
  expect(await inkwell('', 'diagnostics', '--out', 'given.txt')).toMatchObject({ code: 0 })
  const given = readFileSync(join(folder, 'given.txt'), 'utf8')
  expect(given).toContain('headless.feeds add')
  for (const text of [logged.out, shown.out, given]) expect(text).not.toContain('c4n4ry')
})
