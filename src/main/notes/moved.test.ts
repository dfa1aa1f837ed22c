import { cp, mkdir, readdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Note } from '#shared/contract/notes.ts'
import { isSealed } from '../storage/seals.ts'
import type { SqlValue } from '../storage/storage.ts'
import { swapOf, ways } from './kill-testing.ts'
import { noteTables } from './note-tables.ts'
import { draft, episodeId, filesUnder, type House, house } from './notes-testing.ts'

let home: House
let folder: string
let summary: string
beforeEach(async () => {
  home = await house()
  await write('One.', 'run-1')
  await home.notes.settled()
  folder = dirname(
    join(home.vault, Object.keys(await filesUnder(home.vault)).find((path) => path.endsWith('/summary.md'))!),
  )
  summary = join(folder, 'summary.md')
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
    .map(({ kind, path }) => `${kind} ${basename(path)}`)
    .toSorted()
const note = async (name = 'summary'): Promise<Note> => {
  const listed = await home.notes.list(episodeId)
  if (!listed.ok) throw new Error(listed.error.message)
  return listed.value.find(({ templateName }) => templateName === name)!
}
const follow = async (...names: string[]) =>
  home.notes.upkeep.followRenamed(
    home.storage
      .all<{ id: string; template_name: string }>('SELECT id, template_name FROM note_files ORDER BY id')
      .filter(({ template_name }) => names.length === 0 || names.includes(template_name))
      .map(({ id }) => id),
  )
const moveTo = async (...parts: string[]): Promise<string> => {
  const to = join(home.vault, ...parts)
  await mkdir(dirname(to), { recursive: true })
  await rename(summary, to)
  return to
}
const namesIn = async (path: string): Promise<string[]> => (await readdir(path)).toSorted()
const expectSealed = (): void => {
  for (const table of noteTables)
    for (const row of home.storage.all<Record<string, SqlValue>>(`SELECT * FROM ${table.name}`))
      expect(isSealed(table, row), table.name).toBe(true)
}

const places = [
  ['into another folder, renamed', ['Rail', 'Points failure, summary.md']],
  ['into a folder of folders', ['Archive', '2026', 'Tides', 'summary.md']],
  ['into the vault itself', ['summary.md']],
] as const

describe.each(places)('a note that was moved %s', (_, parts) => {
  test('is found, and followed without a touch of any file; everything about it works there', async () => {
    const file = await moveTo(...parts)
    const there = dirname(file)
    expect(await kinds()).toEqual(['renamed summary.md'])
    expect((await facts()).find(({ kind }) => kind === 'renamed')).toMatchObject({ path: summary, foundPath: file })
    const before = await filesUnder(home.vault)
    expect(await follow('summary')).toEqual({ mended: 1, failures: [] })
    expect(await filesUnder(home.vault)).toEqual(before)
    expect(await kinds()).toEqual([])
    expectSealed()

    // List and read.
    expect(await note()).toMatchObject({ state: 'current', fileName: basename(file) })
    const { id } = await note()
    expect(await home.notes.read(id, false)).toMatchObject({ ok: true, value: { markdown: 'One.\n' } })

    // Made anew: in its place there, and displaced for 30 days.
    const two = await write('Two.', 'run-2')
    expect(two).toMatchObject({ ok: true, value: { folder, files: [{ outcome: 'written' }] } })
    if (two.ok) expect(join(two.value.folder, two.value.files[0]!.fileName)).toBe(file)
    expect(await readFile(file, 'utf8')).toContain('Two.')
    await home.notes.settled()
    expect(await namesIn(folder)).toEqual(['.metadata.yaml', '_transcript.md'])
    const displaced = await home.notes.versions(id)
    if (!displaced.ok) throw new Error(displaced.error.message)
    expect(displaced.value.map(({ origin }) => origin)).toEqual(['written', 'displaced'])
    expect(await home.notes.restoreVersion(displaced.value[1]!.id)).toMatchObject({ ok: true })
    expect(await readFile(file, 'utf8')).toContain('One.')

    // Edited there: beside it there. Compared, merged, kept, taken.
    await writeFile(file, 'Mine.')
    expect((await note()).state).toBe('edited')
    await write('Three.', 'run-3')
    const beside = basename(file).replace('.md', ' (new 2026-11-23).md')
    expect((await note()).newerFileName).toBe(beside)
    expect(await readFile(join(there, beside), 'utf8')).toContain('Three.')
    expect(await readFile(file, 'utf8')).toBe('Mine.')
    const compared = await home.notes.compare(id)
    if (!compared.ok) throw new Error(compared.error.message)
    const choices = compared.value.blocks
      .filter(({ kind }) => kind !== 'same')
      .map(({ index }) => ({ index, take: 'both' as const }))
    expect(await home.notes.merge(id, compared.value.token, choices)).toMatchObject({ ok: true })
    expect(await readFile(file, 'utf8')).toMatch(/Mine\.[\s\S]*Three\.|Three\.[\s\S]*Mine\./)
    expect(await namesIn(there)).not.toContain(beside)
    await write('Four.', 'run-4')
    expect(await home.notes.keepMine(id)).toMatchObject({ ok: true, value: { newerFileName: null } })
    expect(await namesIn(there)).not.toContain(beside)
    await write('Five.', 'run-5')
    expect(await home.notes.takeNew(id)).toMatchObject({ ok: true, value: { state: 'current' } })
    expect(await readFile(file, 'utf8')).toContain('Five.')

    // Deleted there: it stays so, until it is brought back, there.
    await unlink(file)
    expect((await note()).state).toBe('deleted')
    await write('Six.', 'run-6')
    expect(await namesIn(there)).not.toContain(basename(file))
    expect(await home.notes.bringBack(id)).toMatchObject({ ok: true, value: { state: 'current' } })
    expect(await readFile(file, 'utf8')).toContain('Five.')
    await home.notes.settled()
    expect(await namesIn(folder)).toEqual(['.metadata.yaml', '_transcript.md'])
    expect((await namesIn(there)).filter((name) => name.startsWith('.~'))).toEqual([])
    expect(await kinds()).toEqual([])
    expectSealed()
  })

  test.each(ways)('what an editor still writes into the displaced file comes back beside it (%s)', async (way) => {
    const file = await moveTo(...parts)
    await follow('summary')
    const { open } = await import('node:fs/promises')
    const editor = await open(file, 'r+')
    const other = await house({ swapNames: swapOf(way) }, home.root)
    await other.notes.write(other.input([draft('summary', 'Two.')], 'run-2'))
    await editor.truncate(0)
    await editor.write('Typed in the gap.', 0)
    await editor.close()
    await other.notes.settled()
    other.leave()
    expect(await readFile(file, 'utf8')).toContain('Two.')
    const beside = basename(file).replace('.md', ' (edited 2026-11-23).md')
    expect(await readFile(join(dirname(file), beside), 'utf8')).toBe('Typed in the gap.')
  })
})

test('shown in the file manager where it stands', async () => {
  const file = await moveTo('Rail', 'Points.md')
  await follow('summary')
  const shown: string[] = []
  const desktop = { showInFolder: (path: string) => void shown.push(path), openFolder: async () => {} }
  const other = await house({ desktop }, home.root)
  await other.notes.reveal(episodeId, (await note()).id)
  expect(shown).toEqual([file])
  other.leave()
})

test('a copy of the profile, opened elsewhere, knows where it stands', async () => {
  const file = await moveTo('Rail', 'Points.md')
  await follow('summary')
  const root = join(home.root, 'restored')
  await mkdir(join(root, 'profile'), { recursive: true })
  await mkdir(join(root, 'vault'))
  const source = new DatabaseSync(join(home.profile, 'inkwell.sqlite'))
  await backup(source, join(root, 'profile', 'inkwell.sqlite'))
  source.close()
  await cp(join(home.profile, 'blobs'), join(root, 'profile', 'blobs'), { recursive: true })
  const other = await house({}, root)
  expect(
    await other.notes.write({ ...other.input([draft('summary', 'Two.')], 'run-2'), vaultPath: home.vault }),
  ).toMatchObject({ value: { files: [{ outcome: 'written' }] } })
  expect(await readFile(file, 'utf8')).toContain('Two.')
  other.leave()
})

test('moved again, and moved home, it is followed again', async () => {
  const first = await moveTo('Rail', 'Points.md')
  await follow()
  const second = join(home.vault, 'Points.md')
  await rename(first, second)
  expect(await kinds()).toEqual(['renamed Points.md'])
  expect(await follow()).toMatchObject({ failures: [] })
  await rename(second, join(folder, 'Home again.md'))
  await follow()
  expect(await kinds()).toEqual([])
  expect(home.storage.get("SELECT own_folder FROM note_files WHERE file_name = 'Home again.md'")).toEqual({
    own_folder: null,
  })
  await write('Two.', 'run-2')
  expect(await readFile(join(folder, 'Home again.md'), 'utf8')).toContain('Two.')
})

test('where two files hold the text nobody guesses', async () => {
  const file = await moveTo('Rail', 'Points.md')
  await writeFile(join(home.vault, 'Copy.md'), await readFile(file))
  expect(await kinds()).toEqual(['ambiguous summary.md'])
  expect(await follow('summary')).toEqual({ mended: 0, failures: [] })
  await unlink(join(home.vault, 'Copy.md'))
  expect(await kinds()).toEqual(['renamed summary.md'])
  expect(await follow('summary')).toEqual({ mended: 1, failures: [] })
})

test('nor where two notes of the same text are missing and one file holds it', async () => {
  await write('One.', 'run-2', 'quotes')
  await home.notes.settled()
  const text = await readFile(summary)
  const { createHash } = await import('node:crypto')
  const row = home.storage.get<{ base_sha256: string }>(
    "SELECT base_sha256 FROM note_files WHERE file_name = 'summary.md'",
  )!
  expect(createHash('sha256').update(text).digest('hex')).toBe(row.base_sha256)
  // Both notes have this text: as Inkwell would know it after writing the same bytes twice.
  const { fileTable, putSealed } = await import('./note-tables.ts')
  home.storage.writeUnaudited((tx) => {
    const quotes = tx.get<Record<string, SqlValue>>("SELECT * FROM note_files WHERE file_name = 'quotes.md'")!
    putSealed(tx, fileTable, { ...quotes, base_sha256: row.base_sha256, base_stamp: null })
  })
  await unlink(join(folder, 'quotes.md'))
  await moveTo('Rail', 'Points.md')
  expect(await kinds()).toEqual(['ambiguous quotes.md', 'ambiguous summary.md'])
  expect(await follow()).toMatchObject({ mended: 2 }) // the transcript and the metadata, which stand where they are
  expect(home.storage.all('SELECT 1 FROM note_files WHERE own_folder IS NOT NULL')).toEqual([])
})

test('a write before anybody looked takes it for deleted; followed, the same is news again', async () => {
  const file = await moveTo('Rail', 'Points.md')
  expect(await write('Two.', 'run-2')).toMatchObject({ value: { files: [{ outcome: 'stays-deleted' }] } })
  expect(await readFile(file, 'utf8')).toContain('One.')
  expect(await kinds()).toEqual(['renamed summary.md'])
  expect(await follow('summary')).toEqual({ mended: 1, failures: [] })
  await write('Two.', 'run-3')
  expect(await readFile(file, 'utf8')).toContain('Two.')
  expect(await namesIn(folder)).toEqual(['.metadata.yaml', '_transcript.md'])
})

test('so it is with a whole folder', async () => {
  const moved = join(home.vault, 'Tides talk')
  await rename(folder, moved)
  await write('Two.', 'run-2')
  expect(await kinds()).toEqual(['renamed .metadata.yaml', 'renamed _transcript.md', 'renamed summary.md'])
  expect(await follow()).toEqual({ mended: 3, failures: [] })
  expect(home.notes.folderOf(episodeId)).toBe(moved)
  expect(await write('Two.', 'run-3')).toMatchObject({ value: { folder: moved, files: [{ outcome: 'written' }] } })
  expect(await readFile(join(moved, 'summary.md'), 'utf8')).toContain('Two.')
  expect(await kinds()).toEqual([])
})

test('a folder that was moved, and a note in it renamed', async () => {
  const moved = join(home.vault, 'Rail', 'Points')
  await mkdir(dirname(moved))
  await rename(folder, moved)
  await rename(join(moved, 'summary.md'), join(moved, 'My summary.md'))
  expect(await follow()).toEqual({ mended: 3, failures: [] })
  expect(home.notes.folderOf(episodeId)).toBe(moved)
  expect(await kinds()).toEqual([])
  expect(home.storage.all('SELECT 1 FROM note_files WHERE own_folder IS NOT NULL')).toEqual([])
})

test('a note moved out of a folder that is gone does not make its new place the episode’s', async () => {
  const file = await moveTo('Archive', 'Rail', 'summary.md')
  await writeFile(join(dirname(file), 'diary.md'), 'Mine.')
  await rm(folder, { recursive: true })
  expect(await follow('summary')).toEqual({ mended: 1, failures: [] })
  await write('New.', 'run-2', 'quotes')
  expect(await namesIn(dirname(file))).toEqual(['diary.md', 'summary.md'])
  expect(await readFile(join(folder, 'quotes.md'), 'utf8')).toContain('New.')
})

test('two files of one name in two folders, and one of that name at home', async () => {
  await write('Quotes.', 'run-2', 'quotes')
  const file = await moveTo('A', 'same.md')
  await mkdir(join(home.vault, 'B'))
  await rename(join(folder, 'quotes.md'), join(home.vault, 'B', 'same.md'))
  await rename(join(folder, '_transcript.md'), join(folder, 'same.md'))
  expect(await follow()).toMatchObject({ mended: 4, failures: [] })
  expect(await kinds()).toEqual([])
  await home.notes.write(home.input([draft('summary', 'S2.'), draft('quotes', 'Q2.')], 'run-3'))
  expect(await readFile(file, 'utf8')).toContain('S2.')
  expect(await readFile(join(home.vault, 'B', 'same.md'), 'utf8')).toContain('Q2.')
})

test('what was asked for before the move comes when it is followed, at the new place', async () => {
  // Another program holds the file: the write waits.
  const held = await house(
    {
      swapNames: async (one, other) => {
        if (other === summary) throw Object.assign(new Error('EBUSY'), { code: 'EBUSY' })
        return swapOf('exchange')(one, other)
      },
    },
    home.root,
  )
  const result = await held.notes.write(held.input([draft('summary', 'Two.')], 'run-2'))
  expect(result).toMatchObject({ value: { files: [{ outcome: 'waiting' }] } })
  held.leave()
  const file = await moveTo('Rail', 'Points.md')
  expect(await kinds()).toEqual(['renamed summary.md'])
  expect(await follow('summary')).toEqual({ mended: 1, failures: [] })
  expect(await readFile(file, 'utf8')).toContain('Two.')
  expect(home.storage.all('SELECT 1 FROM note_intents WHERE done_at_ms IS NULL')).toEqual([])
})

test('what was asked for after the move, while the vault was away, comes to the new place', async () => {
  const file = await moveTo('Rail', 'Points.md')
  await follow('summary')
  await rename(home.vault, `${home.vault}-away`)
  expect((await note()).state).toBe('unreachable')
  expect(await write('Two.', 'run-2')).toMatchObject({ error: { code: 'vault-missing' } })
  await rename(`${home.vault}-away`, home.vault)
  await home.notes.recover()
  expect(await readFile(file, 'utf8')).toContain('Two.')
})

test('an edit in a displaced file comes back beside the note that was moved meanwhile', async () => {
  const { open } = await import('node:fs/promises')
  const editor = await open(summary, 'r+')
  await write('Two.', 'run-2')
  const file = await moveTo('Rail', 'Points.md')
  await follow('summary')
  await editor.truncate(0)
  await editor.write('Typed in the gap.', 0)
  await editor.close()
  await home.notes.settled()
  expect(await namesIn(dirname(file))).toEqual(['Points (edited 2026-11-23).md', 'Points.md'])
})

test('a symlink in place of the folder it was moved to is not followed, and stops no other note', async () => {
  const file = await moveTo('Rail', 'Points.md')
  await follow('summary')
  const outside = join(home.root, 'outside')
  await mkdir(outside)
  await writeFile(join(outside, 'Points.md'), await readFile(file))
  await rename(dirname(file), `${dirname(file)}-aside`)
  await symlink(outside, dirname(file))
  expect(await home.notes.write(home.input([draft('summary', 'Two.'), draft('quotes', 'Q.')], 'run-2'))).toMatchObject({
    error: { code: 'path-refused' },
  })
  expect(await readFile(join(outside, 'Points.md'), 'utf8')).toContain('One.')
  expect(await namesIn(outside)).toEqual(['Points.md'])
  expect(await readFile(join(folder, 'quotes.md'), 'utf8')).toContain('Q.')
  expect((await note()).state).toBe('unreachable')
  await unlink(dirname(file))
  await rename(`${dirname(file)}-aside`, dirname(file))
  await home.notes.recover()
  expect(await readFile(file, 'utf8')).toContain('Two.')
})

test.each(['../outside', 'Rail/../../outside', '/etc', './Rail'])(
  'a row that says %s leads nowhere else',
  async (own) => {
    const { fileTable, putSealed } = await import('./note-tables.ts')
    const outside = join(home.root, 'outside')
    await mkdir(outside)
    home.storage.writeUnaudited((tx) => {
      const row = tx.get<Record<string, SqlValue>>("SELECT * FROM note_files WHERE file_name = 'summary.md'")!
      putSealed(tx, fileTable, { ...row, own_folder: own, base_sha256: null, base_stamp: null, state: 'pending' })
    })
    await write('Two.', 'run-2')
    expect(await namesIn(outside)).toEqual([])
    expect(await namesIn(home.root)).toEqual(['outside', 'profile', 'vault'])
    expect(await readdir('/etc')).not.toContain('summary.md')
  },
)

test('conflict copies and leftovers beside it are seen, once, and a write of another note under way is none', async () => {
  const file = await moveTo('Rail', 'Points.md')
  await rename(join(folder, '_transcript.md'), join(dirname(file), 'Words.md'))
  await follow()
  await writeFile(join(dirname(file), 'Points.sync-conflict-20261123-101010-ABCDEFG.md'), 'theirs')
  await writeFile(join(dirname(file), '.~inkwell-0123456789ab-0123456789ab.tmp'), 'half')
  expect(await kinds()).toEqual([
    'conflict-copy Points.sync-conflict-20261123-101010-ABCDEFG.md',
    'leftover .~inkwell-0123456789ab-0123456789ab.tmp',
  ])
  expect(await home.notes.upkeep.sweepLeftovers()).toBe(1)
  expect((await namesIn(dirname(file))).some((name) => name.startsWith('.~'))).toBe(false)
})
