import { execFileSync } from 'node:child_process'
import * as nodeFs from 'node:fs/promises'
import { link, mkdir, readdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { swapOf, ways } from './kill-testing.ts'
import { draft, filesUnder, type House, house } from './notes-testing.ts'
import { createNameCalls } from './take-name.ts'

let home: House
let outside: string
beforeEach(async () => {
  home = await house()
  outside = join(home.root, 'outside')
  await mkdir(outside)
  await writeFile(join(outside, 'id_rsa'), 'secret')
})
afterEach(() => home.close())

const write = (body: string, runId: string, of = home) => of.notes.write(of.input([draft('summary', body)], runId))
const written = async (): Promise<string> => {
  const result = await write('One.', 'run-1')
  if (!result.ok) throw new Error(result.error.message)
  return result.value.folder
}

test.each(['podcast', 'episode'])('a symlink in place of the %s folder is refused and not followed', async (which) => {
  const folder = await written()
  const part = which === 'episode' ? folder : join(folder, '..')
  await rename(part, `${part}-aside`)
  await symlink(outside, part)
  expect(await write('Two.', 'run-2')).toMatchObject({ ok: false, error: { code: 'path-refused' } })
  expect(await readdir(outside)).toEqual(['id_rsa'])
  expect(await readdir(home.vault)).not.toContain('undefined')
  // When it is gone the text is written.
  await unlink(part)
  await rename(`${part}-aside`, part)
  await home.notes.recover()
  expect(await readFile(join(folder, 'summary.md'), 'utf8')).toContain('Two.')
})

test('a symlink at a first write is refused too', async () => {
  await symlink(outside, join(home.vault, 'Tides'))
  expect(await write('One.', 'run-1')).toMatchObject({ ok: false, error: { code: 'path-refused' } })
  expect(await readdir(outside)).toEqual(['id_rsa'])
})

test('a vault that is itself a link is the user’s choice', async () => {
  await rename(home.vault, `${home.vault}-real`)
  await symlink(`${home.vault}-real`, home.vault)
  expect(await write('One.', 'run-1')).toMatchObject({ ok: true })
  expect(Object.keys(await filesUnder(`${home.vault}-real`))).toHaveLength(3)
})

test.each(ways)('a symlink swapped in between two looks is refused (%s)', async (way) => {
  const folder = await written()
  let swapped = false
  const swapIn = async (): Promise<void> => {
    if (swapped) return
    swapped = true
    await rename(folder, `${folder}-aside`)
    await symlink(outside, folder)
  }
  const other = await house(
    {
      // As late as can be: the temporary file is made, the exchange comes next.
      swapNames: swapOf(way, swapIn),
      names: async () => {
        if (way === 'links') await swapIn()
        return createNameCalls(nodeFs)()
      },
    },
    home.root,
  )
  expect(await write('Two.', 'run-2', other)).toMatchObject({ ok: false, error: { code: 'path-refused' } })
  expect(swapped).toBe(true)
  expect(await readdir(outside)).toEqual(['id_rsa'])
  other.leave()
})

test.each(['symlink', 'folder', 'pipe'])('a %s in place of a note is neither opened nor replaced', async (kind) => {
  const folder = await written()
  const note = join(folder, 'summary.md')
  await unlink(note)
  if (kind === 'symlink') await symlink(join(outside, 'id_rsa'), note)
  if (kind === 'folder') await mkdir(note)
  if (kind === 'pipe') execFileSync('mkfifo', [note])
  expect(await write('Two.', 'run-2')).toMatchObject({ ok: true, value: { files: [{ outcome: 'beside-edited' }] } })
  expect(await readFile(join(outside, 'id_rsa'), 'utf8')).toBe('secret')
  const [entry] = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => name === 'summary.md')
  expect(entry?.isFile()).toBe(false)
})

test('a file in place of the folder is refused', async () => {
  await writeFile(join(home.vault, 'Tides'), 'Mine.')
  expect(await write('One.', 'run-1')).toMatchObject({ ok: false, error: { code: 'path-refused' } })
  expect(await readFile(join(home.vault, 'Tides'), 'utf8')).toBe('Mine.')
})

test('a hard link to a file outside is never written through', async () => {
  const folder = await written()
  const note = join(folder, 'summary.md')
  const copy = join(outside, 'copy.md')
  await link(note, copy)
  await write('Two.', 'run-2')
  expect(await readFile(copy, 'utf8')).toContain('One.')
  expect(await readFile(note, 'utf8')).toContain('Two.')
  await rm(note)
  await link(join(outside, 'id_rsa'), note)
  expect(await write('Three.', 'run-3')).toMatchObject({ ok: true, value: { files: [{ outcome: 'beside-edited' }] } })
  expect(await readFile(join(outside, 'id_rsa'), 'utf8')).toBe('secret')
})
