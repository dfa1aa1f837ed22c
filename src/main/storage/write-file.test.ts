import * as nodeFs from 'node:fs/promises'
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FileHandle, type FileSystem, renameWaiting, syncFolder, writeFileAtomic } from './write-file.ts'

let folder: string
let target: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkwell-write-'))
  target = join(folder, 'file.txt')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const systemError = (code: string): Error => Object.assign(new Error(`${code}: planted`), { code })
/** A file system whose opened files have some methods replaced. */
const withHandles = (change: (file: FileHandle) => Partial<FileHandle>): FileSystem => ({
  ...nodeFs,
  open: async (...args: Parameters<typeof nodeFs.open>) => {
    const file = await nodeFs.open(...args)
    const changed = change(file)
    return new Proxy(file, {
      get: (real, name) => {
        const value = Reflect.get(changed, name) ?? Reflect.get(real, name)
        return typeof value === 'function' ? value.bind(real) : value
      },
    })
  },
})

test('writes, replaces, and leaves nothing beside', async () => {
  await writeFileAtomic(target, 'one')
  await writeFileAtomic(target, Buffer.from('zwölf'))
  expect(await readFile(target, 'utf8')).toBe('zwölf')
  expect(await readdir(folder)).toEqual(['file.txt'])
})

test('goes on after a write that took only a part', async () => {
  const bytes = Buffer.alloc(100_000, 'abcdefg')
  const sizes: number[] = []
  const fs = withHandles((file) => ({
    write: (async (buffer: Uint8Array, offset: number, length: number, position: number) => {
      sizes.push(length)
      return file.write(buffer, offset, Math.max(1, Math.floor(length / 2)), position)
    }) as FileHandle['write'],
  }))
  await writeFileAtomic(target, bytes, { fs })
  expect(sizes.length).toBeGreaterThan(10)
  expect((await readFile(target)).equals(bytes)).toBe(true)
})

test.each([
  ['a write that takes nothing', { write: async () => ({ bytesWritten: 0, buffer: Buffer.alloc(0) }) }, 'ENOSPC'],
  [
    'a write that claims more than arrived',
    { write: async (b: Uint8Array) => ({ bytesWritten: b.length, buffer: b }) },
    'ENOSPC',
  ],
  ['a full disk', { write: () => Promise.reject(systemError('ENOSPC')) }, 'ENOSPC'],
  ['a failed sync', { sync: () => Promise.reject(systemError('EIO')) }, 'EIO'],
])('%s leaves the old file whole and no temporary one', async (_name, methods, code) => {
  await writeFileAtomic(target, 'old')
  const fs = withHandles(() => methods as unknown as Partial<FileHandle>)
  await expect(writeFileAtomic(target, 'new and longer', { fs })).rejects.toMatchObject({ code })
  expect(await readFile(target, 'utf8')).toBe('old')
  expect(await readdir(folder)).toEqual(['file.txt'])
})

test('a failed rename leaves the old file and no temporary one', async () => {
  await writeFileAtomic(target, 'old')
  const fs: FileSystem = { ...nodeFs, rename: () => Promise.reject(systemError('EXDEV')) }
  await expect(writeFileAtomic(target, 'new', { fs })).rejects.toMatchObject({ code: 'EXDEV' })
  expect(await readdir(folder)).toEqual(['file.txt'])
  expect(await readFile(target, 'utf8')).toBe('old')
})

test.each(['EPERM', 'EBUSY', 'EACCES'])('waits while another program holds the file (%s)', async (code) => {
  let left = 9
  const waits: number[] = []
  const fs: FileSystem = {
    ...nodeFs,
    rename: async (from, to) => {
      if (left-- > 0) throw systemError(code)
      await nodeFs.rename(from, to)
    },
  }
  await writeFileAtomic(target, 'new', { fs, wait: async (ms) => waits.push(ms) })
  expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 1_000, 1_000])
  expect(await readFile(target, 'utf8')).toBe('new')
})

test('gives up after ten seconds, and at once on other errors', async () => {
  let waitedMs = 0
  const wait = async (ms: number): Promise<void> => {
    waitedMs += ms
  }
  const held: FileSystem = { ...nodeFs, rename: () => Promise.reject(systemError('EBUSY')) }
  await expect(renameWaiting('a', 'b', { fs: held, wait })).rejects.toMatchObject({ code: 'EBUSY' })
  expect(waitedMs).toBeGreaterThanOrEqual(10_000)
  expect(waitedMs).toBeLessThan(11_500)
  waitedMs = 0
  await expect(renameWaiting(join(folder, 'none'), target, { wait })).rejects.toMatchObject({ code: 'ENOENT' })
  expect(waitedMs).toBe(0)
})

test('replaces a symlink instead of following it', async () => {
  const elsewhere = join(folder, 'elsewhere.txt')
  await writeFile(elsewhere, 'theirs')
  await symlink(elsewhere, target)
  await writeFileAtomic(target, 'ours')
  expect(await readFile(elsewhere, 'utf8')).toBe('theirs')
  expect(await readFile(target, 'utf8')).toBe('ours')
})

test('syncs the file before the rename and the folder after it', async () => {
  const calls: string[] = []
  const fs = withHandles((file) => ({
    sync: async () => {
      calls.push((await file.stat()).isDirectory() ? 'sync folder' : 'sync file')
      await file.sync()
    },
  }))
  await writeFileAtomic(target, 'x', {
    fs: {
      ...fs,
      rename: async (from, to) => {
        calls.push('rename')
        await nodeFs.rename(from, to)
      },
    },
  })
  expect(calls).toEqual(['sync file', 'rename', 'sync folder'])
})

test('folder sync: not offered is no failure, a broken disk is', async () => {
  const failing = (code: string): FileSystem => withHandles(() => ({ sync: () => Promise.reject(systemError(code)) }))
  await syncFolder(folder, failing('EINVAL'))
  await expect(syncFolder(folder, failing('EIO'))).rejects.toMatchObject({ code: 'EIO' })
})
