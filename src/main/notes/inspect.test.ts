import { mkdir, open, readFile, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { onlyFolder } from './kill-scenario.ts'
import { draft, filesUnder, type House, house } from './notes-testing.ts'

let home: House
let folder: string
let file: string
beforeEach(async () => {
  home = await house()
  await write('One.', 'run-1')
  await home.notes.settled()
  folder = await onlyFolder(home.vault)
  file = join(folder, 'summary.md')
})
afterEach(() => home.close())

const write = (body: string, runId: string, name = 'summary') =>
  home.notes.write(home.input([draft(name, body)], runId))
const facts = async () => {
  const found = []
  for await (const fact of home.notes.upkeep.inspect(new AbortController().signal)) found.push(fact)
  return found
}
const kinds = async (): Promise<string[]> =>
  (await facts())
    .filter(({ kind }) => kind !== 'ok')
    .map(({ kind, path, newer }) => `${kind}${newer ? ' newer' : ''} ${basename(path)}`)
    .toSorted()
const idOf = (name: string): string =>
  home.storage.get<{ id: string }>('SELECT id FROM note_files WHERE file_name = ?', [name])!.id

/** One bit, and nothing that a save would change. */
async function rot(path: string): Promise<Buffer> {
  const { atime, mtime } = await stat(path)
  const before = await stat(path, { bigint: true })
  const bytes = await readFile(path)
  bytes[bytes.length >> 1]! ^= 1
  const handle = await open(path, 'r+')
  await handle.write(bytes, 0, bytes.length, 0)
  await handle.close()
  await utimes(path, atime, mtime)
  // The system's call takes seconds as a float: to the nanosecond only a tool can say it.
  const { execFileSync } = await import('node:child_process')
  execFileSync('touch', [
    '-d',
    `@${before.mtimeNs / 1_000_000_000n}.${String(before.mtimeNs % 1_000_000_000n).padStart(9, '0')}`,
    path,
  ])
  return bytes
}

test('nothing is said of a vault that is as it was written', async () => {
  expect(await kinds()).toEqual([])
  expect(await facts()).toHaveLength(3)
})

test('rot is told apart from an edit, in every file, and mended with the damaged bytes kept', async () => {
  await write('Quotes.', 'run-2', 'quotes')
  await home.notes.settled()
  await writeFile(join(folder, 'quotes.md'), 'Mine.')
  const damaged = await rot(file)
  await rot(join(folder, '_transcript.md'))
  await rot(join(folder, '.metadata.yaml'))
  expect(await kinds()).toEqual([
    'damaged .metadata.yaml',
    'damaged _transcript.md',
    'damaged summary.md',
    'edited quotes.md',
  ])
  const ids = ['summary.md', '_transcript.md', '.metadata.yaml', 'quotes.md'].map(idOf)
  expect(await home.notes.upkeep.rewriteDamaged(ids)).toEqual({ mended: 3, failures: [] })
  expect(await readFile(file, 'utf8')).toContain('One.')
  expect(await readFile(join(folder, 'quotes.md'), 'utf8')).toBe('Mine.')
  expect(await kinds()).toEqual(['edited quotes.md'])
  await home.notes.settled()
  expect(Object.values(await filesUnder(home.profile))).toContain(damaged.toString('utf8'))
  // And Inkwell's own again.
  expect(await write('Two.', 'run-3')).toMatchObject({ ok: true, value: { files: [{ outcome: 'written' }] } })
})

test('so is the text beside an edited note', async () => {
  await writeFile(file, 'Mine.')
  await write('Two.', 'run-2')
  const beside = join(folder, 'summary (new 2026-11-23).md')
  const whole = await readFile(beside)
  await rot(beside)
  expect(await kinds()).toEqual(['damaged newer summary (new 2026-11-23).md', 'edited summary.md'])
  expect(await home.notes.upkeep.rewriteDamaged([idOf('summary.md')])).toEqual({ mended: 1, failures: [] })
  expect(await readFile(beside)).toEqual(whole)
  expect(await kinds()).toEqual(['edited summary.md'])
})

test('a missing note is named, and forgotten when asked', async () => {
  await unlink(file)
  expect(await kinds()).toEqual(['missing summary.md'])
  expect(await home.notes.upkeep.forgetMissing([idOf('summary.md')])).toEqual({ mended: 1, failures: [] })
  expect(await kinds()).toEqual(['deleted-known summary.md'])
  await write('Two.', 'run-2')
  await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a renamed note is found and followed; only the manifest changes', async () => {
  const renamed = join(folder, 'My summary.md')
  await rename(file, renamed)
  expect((await facts()).find(({ kind }) => kind === 'renamed')).toMatchObject({ path: file, foundPath: renamed })
  expect(await home.notes.upkeep.followRenamed([idOf('summary.md')])).toEqual({ mended: 1, failures: [] })
  expect(await kinds()).toEqual([])
  expect(await write('Two.', 'run-2')).toMatchObject({
    value: { files: [{ fileName: 'My summary.md', outcome: 'written' }] },
  })
  expect(await readFile(renamed, 'utf8')).toContain('Two.')
})

test('a folder that was moved is followed as a whole', async () => {
  const archive = join(home.vault, 'Archive', '2026')
  await mkdir(archive, { recursive: true })
  await rename(folder, join(archive, 'Tides talk'))
  const ids = ['summary.md', '_transcript.md', '.metadata.yaml'].map(idOf)
  expect(await kinds()).toHaveLength(3)
  expect(await home.notes.upkeep.followRenamed(ids)).toEqual({ mended: 3, failures: [] })
  expect(await kinds()).toEqual([])
  expect(await write('Two.', 'run-2')).toMatchObject({ ok: true, value: { folder: join(archive, 'Tides talk') } })
  expect(await readFile(join(archive, 'Tides talk', 'summary.md'), 'utf8')).toContain('Two.')
})

test('copies that sync programs made, and what an ended write left, are listed; foreign files are not', async () => {
  const names = [
    'summary (Ada\u2019s conflicted copy 2026-11-23).md',
    'summary.sync-conflict-20261123-101010-ABCDEFG.md',
    'summary-DESKTOP-AB12.md',
    '.~inkwell-0123456789ab-0123456789ab.tmp',
    '.~inkwell-0123456789ab.keep',
  ]
  for (const name of [...names, 'summary-2.md', 'summary notes.md', 'diary.md'])
    await writeFile(join(folder, name), name)
  expect(await kinds()).toEqual([
    'conflict-copy summary (Ada\u2019s conflicted copy 2026-11-23).md',
    'conflict-copy summary-DESKTOP-AB12.md',
    'conflict-copy summary.sync-conflict-20261123-101010-ABCDEFG.md',
    'leftover .~inkwell-0123456789ab-0123456789ab.tmp',
    'leftover .~inkwell-0123456789ab.keep',
  ])
  expect(await home.notes.upkeep.sweepLeftovers()).toBe(2)
  expect((await kinds()).filter((kind) => kind.startsWith('leftover'))).toEqual([])
  // It may have held words of the user.
  expect(Object.values(await filesUnder(home.profile))).toContain('.~inkwell-0123456789ab.keep')
})

test('placeholders, unreadable files and a vault that is away are what they are', async () => {
  await rename(file, join(folder, '.summary.md.icloud'))
  expect(await kinds()).toEqual(['placeholder summary.md'])
  await rename(join(folder, '.summary.md.icloud'), file)
  await rename(home.vault, `${home.vault}-away`)
  expect(await kinds()).toEqual(['vault-missing vault'])
  await rename(`${home.vault}-away`, home.vault)
  home.storage.writeUnaudited((tx) => tx.run("UPDATE note_files SET base_sha256 = 'ab' WHERE file_name = 'summary.md'"))
  expect(await kinds()).toEqual(['row-damaged summary.md'])
})
