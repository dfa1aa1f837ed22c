import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSwapNames } from './swap-names.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkwell-swap-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test.runIf(process.platform === 'linux' || process.platform === 'darwin')('two files change names', async () => {
  const [one, other] = [join(folder, 'one'), join(folder, 'ötker 日本')]
  await writeFile(one, '1')
  await writeFile(other, '2')
  const { ino } = await stat(one)
  expect(await createSwapNames()(one, other)).toBe('done')
  expect([await readFile(one, 'utf8'), await readFile(other, 'utf8')]).toEqual(['2', '1'])
  expect((await stat(other)).ino).toBe(ino)
})

test('a name that is not there is the system’s error, and nothing changes', async () => {
  await writeFile(join(folder, 'one'), '1')
  const swapped = createSwapNames()(join(folder, 'one'), join(folder, 'none'))
  if (process.platform === 'win32') expect(await swapped).toBe('not-offered')
  else await expect(swapped).rejects.toMatchObject({ code: 'ENOENT' })
  expect(await readFile(join(folder, 'one'), 'utf8')).toBe('1')
})

test('Windows has no such call', async () => {
  expect(await createSwapNames('win32')(join(folder, 'one'), join(folder, 'other'))).toBe('not-offered')
})

test.skipIf(!existsSync('/usr/bin/bindfs') || process.getuid?.() !== 0)(
  'a file system without it says so',
  async () => {
    const [real, mounted] = [join(folder, 'real'), join(folder, 'mounted')]
    await mkdir(real)
    await mkdir(mounted)
    execFileSync('bindfs', [real, mounted])
    try {
      await writeFile(join(mounted, 'one'), '1')
      await writeFile(join(mounted, 'other'), '2')
      expect(await createSwapNames()(join(mounted, 'one'), join(mounted, 'other'))).toBe('not-offered')
      expect(await readFile(join(mounted, 'one'), 'utf8')).toBe('1')
    } finally {
      execFileSync('umount', [mounted])
    }
  },
)
