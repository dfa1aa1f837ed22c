import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../log.ts'
import { createBallast } from './ballast.ts'
import { openStorage, type Storage, type StorageOptions, type StorageTrouble } from './storage.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-faults-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (path: string, more: Partial<StorageOptions> = {}): Storage => {
  const opened = openStorage(path, { clock: { now: () => 1 }, origin: 'test', ...more })
  if (!opened.ok) throw new Error(opened.error.message)
  return opened.value
}
const put = (storage: Storage, name: string, bytes: number): void =>
  storage.write('settings.set', (tx) => {
    tx.run('INSERT INTO settings (name, value_json, updated_at_ms) VALUES (?, ?, 1)', [name, `"${'x'.repeat(bytes)}"`])
    tx.audit(name, null, { bytes })
  })
const names = (storage: Storage): string[] =>
  storage.all<{ name: string }>("SELECT name FROM settings WHERE name LIKE 's%' ORDER BY name").map(({ name }) => name)

const canMount = ((): boolean => {
  const place = mkdtempSync(join(tmpdir(), 'inkwell-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' })
    execFileSync('umount', [place])
    return true
  } catch {
    return false
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
})()

describe.skipIf(!canMount)('a full disk (skipped where a tmpfs may not be mounted)', () => {
  let disk: string
  beforeEach(() => {
    disk = join(folder, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk])
  })
  afterEach(() => execFileSync('umount', ['-l', disk]))

  /** Stops at each 4 KB of free space. */
  it.each([0, 4, 8, 12, 16, 24, 40, 100])(
    'with %i KB left: every write that was acknowledged is there',
    async (left) => {
      const path = join(disk, 'inkwell.db')
      const ballast = createBallast({ profilePath: disk, log: silentLog, bytes: 512 * 1_024 })
      const troubles: StorageTrouble[] = []
      const storage = open(path, { makeRoom: () => ballast.free(), onTrouble: (trouble) => troubles.push(trouble) })
      await ballast.make()
      expect(statSync(join(disk, 'ballast')).blocks * 512).toBeGreaterThanOrEqual(512 * 1_024)
      const filler = join(disk, 'filler')
      const { stdout } = spawnSync('df', ['--output=avail', '-k', disk], { encoding: 'utf8' })
      writeFileSync(filler, Buffer.alloc(Math.max(0, Number(stdout.split('\n')[1]) - left) * 1_024))
      const kept: string[] = []
      let refused: unknown
      for (let n = 0; n < 400 && !refused; n += 1)
        try {
          put(storage, `s${String(n).padStart(4, '0')}`, 6_000)
          kept.push(`s${String(n).padStart(4, '0')}`)
        } catch (error) {
          refused = error
        }
      expect(refused).toMatchObject({ name: 'StorageError', code: 'disk-full' })
      expect(existsSync(join(disk, 'ballast'))).toBe(false)
      // The ballast alone let it go on for a good while, without the change noticing.
      expect(kept.length).toBeGreaterThan(10)
      expect(names(storage)).toEqual(kept)
      expect(troubles.filter(({ kind }) => kind === 'disk-full').length).toBeGreaterThan(0)
      // Space again: it goes on by itself, and the ballast comes back.
      rmSync(filler)
      put(storage, 's9999', 6_000)
      await ballast.make()
      storage.close()
      const again = open(path)
      expect(names(again)).toEqual([...kept, 's9999'])
      expect(again.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
      again.close()
    },
  )

  it('lets rows be deleted after the ballast went, so that what is old can make room', async () => {
    const ballast = createBallast({ profilePath: disk, log: silentLog, bytes: 256 * 1_024 })
    const storage = open(join(disk, 'inkwell.db'), { makeRoom: () => ballast.free() })
    for (let n = 0; n < 60; n += 1) put(storage, `s${n}`, 6_000)
    await ballast.make()
    const { stdout } = spawnSync('df', ['--output=avail', '-k', disk], { encoding: 'utf8' })
    writeFileSync(join(disk, 'filler'), Buffer.alloc(Number(stdout.split('\n')[1]) * 1_024))
    expect(storage.writeUnaudited((tx) => tx.run("DELETE FROM settings WHERE name LIKE 's%'"))).toBe(60)
    storage.close()
  })

  it('runs a change once only, whatever is done again', async () => {
    const ballast = createBallast({ profilePath: disk, log: silentLog, bytes: 512 * 1_024 })
    const storage = open(join(disk, 'inkwell.db'), { makeRoom: () => ballast.free() })
    await ballast.make()
    const { stdout } = spawnSync('df', ['--output=avail', '-k', disk], { encoding: 'utf8' })
    writeFileSync(join(disk, 'filler'), Buffer.alloc(Number(stdout.split('\n')[1]) * 1_024))
    let runs = 0
    storage.write('settings.set', (tx) => {
      runs += 1
      // More than the page cache holds, so that it also fails before the commit.
      for (let n = 0; n < 60; n += 1)
        tx.run('INSERT INTO settings (name, value_json, updated_at_ms) VALUES (?, ?, 1)', [
          `s${n}`,
          `"${'y'.repeat(5_000)}"`,
        ])
      tx.audit('many', null, { n: 60 })
    })
    expect([runs, names(storage).length, existsSync(join(disk, 'ballast'))]).toEqual([1, 60, false])
    storage.close()
  })
})

const hasStrace = spawnSync('strace', ['-f', 'true'], { stdio: 'ignore' }).status === 0

describe.skipIf(!hasStrace)('a failed flush (skipped where strace may not be used)', () => {
  interface Told {
    steps: { name: string; ok: boolean; code?: string; words?: string }[]
    found: string[]
    later: string[]
    troubles: string[]
  }
  /** The child writes 12 settings, one a commit, and prints what happened to each, what it finds, and again after opening anew. */
  const run = (...rules: string[]): Told => {
    rmSync(join(folder, 'inkwell.db'), { force: true })
    open(join(folder, 'inkwell.db')).close()
    const child = fileURLToPath(new URL('flush-child.ts', import.meta.url))
    const log = join(folder, 'calls')
    const options = ['-f', '-qq', '-o', log, '-e', 'trace=fsync,fdatasync', ...rules.flatMap((rule) => ['-e', rule])]
    const done = spawnSync('strace', [...options, process.execPath, child, folder], { encoding: 'utf8' })
    if (done.status !== 0) throw new Error(done.stderr)
    return JSON.parse(done.stdout) as Told
  }
  const calls = (): string[] => readFileSync(join(folder, 'calls'), 'utf8').match(/\b(fsync|fdatasync)\(/g) ?? []
  /** The flushes of the 12 commits are the last but the few of closing and opening anew. */
  const flushOf = (commit: number): { rule: string; total: number } => {
    run()
    const total = calls().length
    const name = calls()[0]!.slice(0, -1)
    const closing = 4
    return { rule: `inject=${name}:error=EIO:when=${total - closing - 12 + commit}`, total }
  }

  it.each([1, 3, 6, 10])(
    'at about commit %i: what was acknowledged is there, what failed says whether it is',
    (commit) => {
      const { steps, found, later, troubles } = run(flushOf(commit).rule)
      const failed = steps.filter(({ ok }) => !ok)
      expect(failed).toHaveLength(1)
      for (const { name, ok, words } of steps) {
        if (ok) expect(found).toContain(name)
        else expect(found.includes(name)).toBe(words!.includes('is kept too'))
      }
      expect(later).toEqual(found)
      expect(troubles).toEqual(['write-failed'])
    },
  )

  it('for good: it stops, says so, and loses nothing', () => {
    const { steps, found } = run(`${flushOf(4).rule}+`)
    const failed = steps.filter(({ ok }) => !ok)
    expect(failed.length).toBeGreaterThan(5)
    for (const { words } of failed) expect(words).toMatch(/kept|trusted/)
    for (const { name, ok } of steps) if (ok) expect(found).toContain(name)
  })
})
