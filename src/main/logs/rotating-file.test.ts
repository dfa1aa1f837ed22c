import { execFile } from 'node:child_process'
import * as nodeFs from 'node:fs'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createRotatingFile, type LogFs, logFiles } from './rotating-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-log-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const linesIn = (where: string): string[] =>
  logFiles(where).flatMap((name) => readFileSync(join(where, name), 'utf8').split('\n').slice(0, -1))

const child = fileURLToPath(new URL('./fixtures/write-lines.ts', import.meta.url))
const perProcess = 500
interface Read {
  written: number
  torn: number
  files: number
}
/** Lines of both processes that are in the log, once `names` have come to their end; the one with the fault may run the other. */
async function written(fault: string, names: readonly string[] = ['a', 'b']): Promise<Read> {
  const env = { ...process.env, NODE_NO_WARNINGS: '1' }
  await Promise.all(
    names.map((name) =>
      promisify(execFile)(process.execPath, [child, folder, name, String(perProcess), fault], {
        env,
        timeout: 150_000,
        killSignal: 'SIGKILL',
      }),
    ),
  )
  const found = new Set<string>()
  let torn = 0
  for (const line of linesIn(join(folder, 'logs')))
    try {
      const { name, line: number } = JSON.parse(line) as { name: string; line: number }
      found.add(`${name} ${number}`)
    } catch {
      torn += 1
    }
  return { written: found.size, torn, files: logFiles(join(folder, 'logs')).length }
}

it('two processes that rotate all the time lose no line and tear none', async () => {
  const read = await written('')
  expect(read).toMatchObject({ written: 2 * perProcess, torn: 0 })
  expect(read.files).toBeGreaterThan(30)
})

it.each([
  ['truncates', ['a']],
  ['one name', ['a', 'b']],
  ['deletes', ['a', 'b']],
] as const)('a rotation that %s is noticed', async (fault, names) => {
  expect((await written(fault, names)).written).toBeLessThan(2 * perProcess)
})

it('keeps the newest lines within its allowance', () => {
  const file = createRotatingFile(folder, { maxBytes: 1_000, maxFiles: 3 })
  for (let line = 0; line < 1_000; line += 1) file.write(`${String(line).padStart(9, '0')}\n`)
  const lines = linesIn(folder).map(Number)
  expect(lines.at(-1)).toBe(999)
  expect(lines).toEqual(Array.from({ length: lines.length }, (_, at) => 1_000 - lines.length + at))
  const bytes = logFiles(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
  expect(bytes).toBeLessThanOrEqual(3_000)
  expect(bytes).toBeGreaterThan(2_000)
})

it('a line longer than a file may be is written whole', () => {
  const file = createRotatingFile(folder, { maxBytes: 100 })
  file.write('short\n')
  file.write(`${'x'.repeat(500)}\n`)
  file.write('after\n')
  expect(linesIn(folder)).toEqual(['x'.repeat(500), 'after'])
})

it('goes on in a new file when somebody took the old one away', () => {
  const file = createRotatingFile(folder)
  file.write('one\n')
  rmSync(join(folder, 'inkwell.log'))
  file.write('two\n')
  rmSync(folder, { recursive: true })
  file.write('three\n')
  expect(linesIn(folder)).toEqual(['three'])
  expect(file.problem()).toBeNull()
})

it('goes on in a new folder when that was taken away, but does not make its profile anew', () => {
  const [profile, logs] = [join(folder, 'profile'), join(folder, 'profile', 'logs')]
  const log = createRotatingFile(logs)
  log.write('one\n')
  rmSync(logs, { recursive: true })
  log.write('two\n')
  expect(linesIn(logs)).toEqual(['two'])
  rmSync(profile, { recursive: true })
  log.write('three\n')
  expect(log.problem()).toMatchObject({ code: 'ENOENT', lostLines: 1 })
  expect(nodeFs.existsSync(profile)).toBe(false)
  log.close()
})

it('a write that takes only a part goes on with the rest', () => {
  const fs = { ...nodeFs, writeSync: (file: number, bytes: Buffer, at = 0) => nodeFs.writeSync(file, bytes, at, 1) }
  createRotatingFile(folder, { fs: fs as unknown as LogFs }).write('whole line\n')
  expect(linesIn(folder)).toEqual(['whole line'])
})

it.each(['openSync', 'writeSync', 'fstatSync', 'statSync', 'mkdirSync'] as const)(
  'a disk that refuses at %s stops nothing, is told, and is over when it is over',
  (call) => {
    let refuses = true
    const real: LogFs = nodeFs
    const refusing = (...args: unknown[]): unknown => {
      if (refuses) throw Object.assign(new Error('refused'), { code: 'ENOSPC' })
      return (real[call] as (...all: unknown[]) => unknown)(...args)
    }
    const file = createRotatingFile(folder, { now: () => 5, fs: { ...nodeFs, [call]: refusing } as LogFs })
    file.write('one\n')
    file.write('two\n')
    expect(file.problem()).toEqual({ code: 'ENOSPC', sinceMs: 5, lostLines: 2 })
    refuses = false
    file.write('three\n')
    expect(file.problem()).toBeNull()
    expect(linesIn(folder)).toEqual(['three'])
  },
)

it('a rotation that is refused lets the file grow and loses no line', () => {
  const renameSync = () => {
    throw Object.assign(new Error('held'), { code: 'EPERM' })
  }
  const file = createRotatingFile(folder, { maxBytes: 50, fs: { ...nodeFs, renameSync } })
  for (let line = 0; line < 20; line += 1) file.write(`line ${line}\n`)
  expect(linesIn(folder)).toHaveLength(20)
})
