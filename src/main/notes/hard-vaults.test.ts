import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FileSystem } from '../storage/write-file.ts'
import { hasExfat, mountExfat } from './exfat-testing.ts'
import { isKeptName } from './kept-files.ts'
import { swapOf, ways } from './kill-testing.ts'
import { draft, episode, episodeId, filesUnder, type House, house, systemError, watchedFs } from './notes-testing.ts'

let home: House
beforeEach(async () => {
  home = await house()
})
afterEach(() => home.close())

const isRoot = process.getuid?.() === 0
const has = (command: string): boolean =>
  ['/usr/bin', '/bin', '/usr/sbin', '/sbin'].some((folder) => existsSync(join(folder, command)))
const write = (of: House, body: string, runId: string, name = 'summary') =>
  of.notes.write(of.input([draft(name, body)], runId))
const outcomes = async (result: ReturnType<typeof write>): Promise<string[]> => {
  const written = await result
  if (!written.ok) throw new Error(written.error.message)
  return written.value.files.map(({ fileName, outcome }) => `${fileName}: ${outcome}`)
}
/** Written, edited, displaced and deleted, as on every other disk. */
async function tryEverything(of: House): Promise<void> {
  expect(await outcomes(write(of, 'One.', 'run-1'))).toEqual(['summary.md: written'])
  expect(await outcomes(write(of, 'Two.', 'run-2'))).toEqual(['summary.md: written'])
  const [podcast] = await readdir(of.vault)
  const [name] = await readdir(join(of.vault, podcast!))
  const note = join(of.vault, podcast!, name!, 'summary.md')
  expect(await readFile(note, 'utf8')).toContain('Two.')
  await writeFile(note, 'Mine.')
  expect(await outcomes(write(of, 'Three.', 'run-3'))).toEqual(['summary (new 2026-11-23).md: beside-edited'])
  expect(await readFile(note, 'utf8')).toBe('Mine.')
  await of.notes.settled()
  // On another disk than the profile a displaced file stays beside, out of sight.
  expect((await readdir(dirname(note))).filter((name) => !isKeptName(name)).toSorted()).toEqual([
    '.metadata.yaml',
    '_transcript.md',
    'summary (new 2026-11-23).md',
    'summary.md',
  ])
  const listed = await of.notes.list(episodeId)
  expect(listed.ok && listed.value.map(({ state }) => state)).toEqual(['edited'])
}

test.skipIf(!isRoot || !has('lowntfs-3g') || !has('mkntfs') || !existsSync('/dev/fuse'))(
  'a vault on NTFS that knows no case and only the names of Windows',
  async () => {
    const image = join(home.root, 'ntfs.img')
    execFileSync('truncate', ['-s', '8M', image])
    execFileSync('mkntfs', ['-F', '-Q', '-q', image], { stdio: 'ignore' })
    execFileSync('lowntfs-3g', ['-o', 'ignore_case,windows_names', image, home.vault])
    try {
      const hostile = episode({ title: 'CON: aux? <nul>*| "LPT1". ', feedTitle: 'COM1' })
      const other = await house({ episodes: { get: () => hostile } }, home.root)
      await tryEverything(other)
      other.leave()
      // In another case it is the same folder.
      const [podcast] = await readdir(home.vault)
      expect(existsSync(join(home.vault, podcast!.toLowerCase()))).toBe(true)
      const twin = await house(
        { episodes: { get: (id) => ({ ...hostile, id, feedTitle: 'com1', guid: 'other' }) } },
        home.root,
      )
      await write(
        {
          ...twin,
          input: (...given) => ({ ...twin.input(...given), episodeId: '01900000-0000-7000-8000-0000000000b2' }),
        },
        'One.',
        'run-1',
      )
      expect(await readdir(home.vault)).toEqual([podcast])
      expect(await readdir(join(home.vault, podcast!))).toHaveLength(2)
      twin.leave()
    } finally {
      execFileSync('umount', [home.vault])
    }
  },
)

test.skipIf(!hasExfat)('a vault on exFAT, which has neither an exchange of names nor hard links', async () => {
  const unmount = mountExfat(join(home.root, 'exfat.img'), home.vault)
  try {
    await tryEverything(home)
    const listed = await home.notes.list(episodeId)
    expect(await home.notes.takeNew(listed.ok ? listed.value[0]!.id : '')).toMatchObject({ ok: true })
    const files = Object.values(await filesUnder(home.vault))
    expect(files.filter((text) => text.includes('Three.'))).toHaveLength(2)
    expect(files.filter((text) => text === 'Mine.')).toHaveLength(1)
    await home.notes.settled()
    await home.notes.recover()
    for await (const { kind } of home.notes.upkeep.inspect(new AbortController().signal)) expect(kind).toBe('ok')
  } finally {
    unmount()
  }
})

/** Stores every name decomposed, as HFS+ does, and finds it in either form. */
function decomposing(root: string): FileSystem {
  const stored = <Path>(path: Path): Path =>
    (typeof path === 'string' && path.startsWith(root) ? root + path.slice(root.length).normalize('NFD') : path) as Path
  return {
    ...nodeFs,
    open: (path, ...rest) => nodeFs.open(stored(path), ...rest),
    rename: (from, to) => nodeFs.rename(stored(from), stored(to)),
    link: (from, to) => nodeFs.link(stored(from), stored(to)),
    unlink: (path) => nodeFs.unlink(stored(path)),
    mkdir: ((path: string, options: object) => nodeFs.mkdir(stored(path), options)) as typeof nodeFs.mkdir,
    lstat: ((path: string, options: object) => nodeFs.lstat(stored(path), options)) as typeof nodeFs.lstat,
    readdir: ((path: string, options: object) => nodeFs.readdir(stored(path), options)) as typeof nodeFs.readdir,
    realpath: (async (path: string) => {
      const real = await nodeFs.realpath(stored(path))
      // The form that was asked for is what such a system answers.
      return real === stored(path) ? path : real
    }) as typeof nodeFs.realpath,
  }
}

test.each(ways)('a vault that stores names decomposed (%s)', async (way) => {
  const swap = swapOf(way)
  const nfd = (path: string): string => home.vault + path.slice(home.vault.length).normalize('NFD')
  const other = await house(
    {
      fs: decomposing(home.vault),
      swapNames: (one, to) => swap(nfd(one), nfd(to)),
      episodes: { get: () => episode({ title: 'Über Äpfel é', feedTitle: 'Café München' }) },
    },
    home.root,
  )
  await tryEverything(other)
  expect(await readdir(home.vault)).toEqual(['Café München'.normalize('NFD')])
  for await (const { kind } of other.notes.upkeep.inspect(new AbortController().signal))
    expect(['ok', 'edited']).toContain(kind)
  other.leave()
})

test.skipIf(!isRoot)('a vault that may only be read: said, kept, and written when it may be', async () => {
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', home.vault])
  try {
    expect(await outcomes(write(home, 'One.', 'run-1'))).toEqual(['summary.md: written'])
    execFileSync('mount', ['-o', 'remount,ro', home.vault])
    const before = await filesUnder(home.vault)
    expect(await write(home, 'Two.', 'run-2')).toMatchObject({
      ok: false,
      error: { code: 'vault-read-only', retryable: true, message: expect.stringContaining('are made and kept') },
    })
    expect(await filesUnder(home.vault)).toEqual(before)
    execFileSync('mount', ['-o', 'remount,rw', home.vault])
    await home.notes.recover()
    expect(Object.values(await filesUnder(home.vault)).some((text) => text.includes('Two.'))).toBe(true)
  } finally {
    execFileSync('umount', [home.vault])
  }
})

test.skipIf(!isRoot)('a disk that is pulled out and comes back', async () => {
  const disk = join(home.root, 'disk')
  await mkdir(disk)
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', disk])
  execFileSync('mount', ['--bind', disk, home.vault])
  try {
    await write(home, 'One.', 'run-1')
    execFileSync('umount', ['-l', home.vault])
    // The folder it was mounted on is empty: not a vault whose notes were all deleted.
    expect(await write(home, 'Two.', 'run-2')).toMatchObject({ ok: false, error: { code: 'vault-missing' } })
    execFileSync('mount', ['--bind', disk, home.vault])
    await home.notes.recover()
    expect(Object.values(await filesUnder(home.vault)).some((text) => text.includes('Two.'))).toBe(true)
  } finally {
    execFileSync('umount', [home.vault])
    execFileSync('umount', [disk])
  }
})

test.each(ways)('a vault that vanishes at each change of a write, and comes back (%s)', async (way) => {
  const away = `${home.vault}-away`
  await write(home, 'One.', 'run-1')
  await home.notes.settled()
  for (let n = 1; ; n++) {
    let calls = 0
    const vanish = async (_: string, path: string): Promise<void> => {
      if (!path.startsWith(home.vault)) return
      calls += 1
      if (calls === n) await rename(home.vault, away)
    }
    const other = await house({ fs: watchedFs(vanish), swapNames: swapOf(way, vanish) }, home.root)
    const result = await write(other, `Body ${n}.`, `run-${n + 1}`)
    if (calls < n) {
      other.leave()
      expect(n).toBeGreaterThan(5)
      break
    }
    if (!result.ok) expect(result.error).toMatchObject({ retryable: true, message: expect.stringMatching(/kept/) })
    await rename(away, home.vault)
    await other.notes.recover()
    await other.notes.settled()
    const files = await filesUnder(home.vault)
    expect(
      Object.keys(files)
        .map((path) => basename(path))
        .toSorted(),
      `${n}`,
    ).toEqual(['.metadata.yaml', '_transcript.md', 'summary.md'])
    expect(files[Object.keys(files).find((path) => path.endsWith('summary.md'))!], `${n}`).toContain(`Body ${n}.`)
    other.leave()
  }
})

test.each(['ENXIO', 'EIO', 'ESTALE', 'ENOTCONN', 'ENODEV'])('a disk that answers %s from a change on', async (code) => {
  await write(home, 'One.', 'run-1')
  await home.notes.settled()
  const before = await filesUnder(home.vault)
  for (let n = 1; n <= 12; n += 1) {
    let calls = 0
    let gone = true
    const fail = (_: string, path: string): void => {
      calls += path.startsWith(home.vault) ? 1 : 0
      if (gone && calls >= n && path.startsWith(home.vault)) throw systemError(code)
    }
    const other = await house({ fs: watchedFs(fail), swapNames: swapOf('exchange', fail) }, home.root)
    await write(other, `Body ${n}.`, `run-${n + 1}`)
    gone = false
    await other.notes.recover()
    await other.notes.settled()
    const files = await filesUnder(home.vault)
    expect(Object.keys(files).toSorted(), `${code} ${n}`).toEqual(Object.keys(before).toSorted())
    expect(
      Object.values(files).some((text) => text.includes(`Body ${n}.`)),
      `${code} ${n}`,
    ).toBe(true)
    other.leave()
  }
})

/** A file that a sync program has taken off this computer: there, with a size, and not to be read. */
const dataless = (how: string): Partial<FileSystem> => ({
  open: async (path, flags, mode) => {
    const file = await nodeFs.open(path, flags, mode)
    if (!String(path).endsWith('summary.md')) return file
    if (how !== 'empty') {
      await file.close()
      throw systemError(how)
    }
    return new Proxy(file, {
      get: (real, name) => {
        if (name === 'readFile') return async () => Buffer.alloc(0)
        const value = Reflect.get(real, name)
        return typeof value === 'function' ? value.bind(real) : value
      },
    })
  },
})

test.each(['empty', 'EDEADLK', 'ETIMEDOUT'])(
  'a placeholder (%s) is neither empty nor deleted: written when it is here',
  async (how) => {
    await write(home, 'One.', 'run-1')
    const before = await filesUnder(home.vault)
    const other = await house({ fs: { ...nodeFs, ...dataless(how) } }, home.root)
    expect(await outcomes(write(other, 'Two.', 'run-2'))).toEqual(['summary.md: waiting'])
    const path = Object.keys(before).find((name) => name.endsWith('summary.md'))!
    expect((await filesUnder(home.vault))[path]).toBe(before[path])
    const kinds = []
    for await (const { kind, path } of other.notes.upkeep.inspect(new AbortController().signal))
      if (path.endsWith('summary.md')) kinds.push(kind)
    expect(kinds).toEqual(['waiting'])
    other.leave()
    await home.notes.recover()
    expect((await filesUnder(home.vault))[path]).toContain('Two.')
  },
)

test('iCloud\u2019s stub is a placeholder too', async () => {
  await write(home, 'One.', 'run-1')
  const path = Object.keys(await filesUnder(home.vault)).find((name) => name.endsWith('summary.md'))!
  const [file, stub] = [join(home.vault, path), join(home.vault, dirname(path), '.summary.md.icloud')]
  await rename(file, stub)
  expect(await outcomes(write(home, 'Two.', 'run-2'))).toEqual(['summary.md: waiting'])
  await rename(stub, file)
  await home.notes.recover()
  expect(await readFile(file, 'utf8')).toContain('Two.')
})

test.each(['EPERM', 'EBUSY'])('%s for 10 to 2,000 ms at each change of names: all is written', async (code) => {
  for (const way of ways)
    for (const heldMs of [10, 150, 2_000]) {
      const root = join(home.root, `${code}-${way}-${heldMs}`)
      await mkdir(join(root, 'vault'), { recursive: true })
      await mkdir(join(root, 'profile'))
      const until = new Map<string, number>()
      const hold = (call: string, path: string): void => {
        if (call !== 'rename' && call !== 'swap') return
        if (!until.has(`${call} ${path}`)) until.set(`${call} ${path}`, other.clock.ms + heldMs)
        if (other.clock.ms < until.get(`${call} ${path}`)!) throw systemError(code)
      }
      const other: House = await house({ fs: watchedFs(hold), swapNames: swapOf(way, hold) }, root)
      await tryEverything(other)
      other.leave()
      await rm(root, { recursive: true })
    }
})
