import { mkdir, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { WrittenNotes } from '../services.ts'
import { uniqueKey } from './names.ts'
import { draft, episode, episodeId, filesUnder, type House, house, startMs } from './notes-testing.ts'

let home: House
beforeEach(async () => {
  home = await house()
})
afterEach(() => home.close())

const write = async (body: string, runId: string, name = 'summary'): Promise<WrittenNotes> => {
  const result = await home.notes.write(home.input([draft(name, body)], runId))
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
const outcomes = (written: WrittenNotes): string[] =>
  written.files.map(({ fileName, outcome }) => `${fileName}: ${outcome}`)
const list = async () => {
  const result = await home.notes.list(episodeId)
  return result.ok ? result.value : []
}

test('a: writes what is missing, once, and the same run again changes nothing', async () => {
  const first = await write('Body one.', 'run-1')
  expect(outcomes(first)).toEqual(['summary.md: written'])
  expect(first.folder).toMatch(/Tides\/2026-10-30-How a tide table is made-[a-z2-7]{6}$/)
  expect((await readdir(first.folder)).toSorted()).toEqual(['.metadata.yaml', '_transcript.md', 'summary.md'])
  const before = await filesUnder(home.vault)
  const { ino } = await stat(join(first.folder, 'summary.md'))
  home.clock.ms += 3 * 86_400_000
  expect(outcomes(await write('Body one.', 'run-1'))).toEqual(['summary.md: unchanged'])
  expect(outcomes(await write('Body one.', 'run-2'))).toEqual(['summary.md: unchanged'])
  expect(await filesUnder(home.vault)).toEqual(before)
  expect((await stat(join(first.folder, 'summary.md'))).ino).toBe(ino)
  expect(home.changed).toContain(episodeId)
})

test('b: replaces what is as Inkwell wrote it', async () => {
  const { folder } = await write('Body one.', 'run-1')
  expect(outcomes(await write('Body two.', 'run-2'))).toEqual(['summary.md: written'])
  expect(await readFile(join(folder, 'summary.md'), 'utf8')).toContain('Body two.')
  expect((await list()).map(({ state }) => state)).toEqual(['current'])
})

test('c: an edited note is never touched; the new text stands beside it', async () => {
  const { folder } = await write('Body one.', 'run-1')
  const mine = join(folder, 'summary.md')
  await writeFile(mine, 'My own words.')
  expect(outcomes(await write('Body two.', 'run-2'))).toEqual(['summary (new 2026-11-23).md: beside-edited'])
  expect(await readFile(mine, 'utf8')).toBe('My own words.')
  expect(await list()).toMatchObject([{ state: 'edited', newerFileName: 'summary (new 2026-11-23).md' }])

  // The same text is not written twice; another replaces the one beside while that is as it was written.
  home.clock.ms += 86_400_000
  expect(outcomes(await write('Body two.', 'run-3'))).toEqual(['summary.md: unchanged'])
  expect(outcomes(await write('Body three.', 'run-4'))).toEqual(['summary (new 2026-11-23).md: beside-edited'])
  const beside = join(folder, 'summary (new 2026-11-23).md')
  expect(await readFile(beside, 'utf8')).toContain('Body three.')

  // Edited as well, it is the user's too.
  await writeFile(beside, 'Mine as well.')
  expect(outcomes(await write('Body four.', 'run-5'))).toEqual(['summary (new 2026-11-24).md: beside-edited'])
  expect(await readFile(beside, 'utf8')).toBe('Mine as well.')
  expect(await readFile(mine, 'utf8')).toBe('My own words.')
})

test('d: what the user deleted stays deleted, also with its folder', async () => {
  const { folder } = await write('Body one.', 'run-1')
  await unlink(join(folder, 'summary.md'))
  expect(outcomes(await write('Body two.', 'run-2'))).toEqual(['summary.md: stays-deleted'])
  expect((await list()).map(({ state }) => state)).toEqual(['deleted'])
  await rm(folder, { recursive: true })
  expect(outcomes(await write('Body three.', 'run-3'))).toEqual(['summary.md: stays-deleted'])
  await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' })
  // A note that never was there is made.
  expect(outcomes(await write('Quotes.', 'run-4', 'quotes'))).toEqual(['quotes.md: written'])
  expect(await readdir(folder)).toEqual(['quotes.md'])
})

test('e: files of others are never read, moved or deleted, not even one with our name', async () => {
  const { folder } = await write('Body one.', 'run-1')
  await writeFile(join(folder, 'my-notes.md'), 'Mine.')
  await mkdir(join(folder, 'pictures'))
  // Unreadable: reading it would fail the write.
  await writeFile(join(folder, 'quotes.md'), 'Foreign quotes.')
  const foreign = await stat(join(folder, 'my-notes.md'))
  expect(outcomes(await write('Quotes.', 'run-2', 'quotes'))).toEqual(['quotes (new 2026-11-23).md: beside-edited'])
  expect(await readFile(join(folder, 'quotes.md'), 'utf8')).toBe('Foreign quotes.')
  expect((await stat(join(folder, 'my-notes.md'))).ino).toBe(foreign.ino)
  expect((await stat(join(folder, 'my-notes.md'))).atimeMs).toBe(foreign.atimeMs)
})

test('a retitled episode and feed keep their folder, and so does the next episode of the feed', async () => {
  let now = episode()
  const other = episode({ id: '01900000-0000-7000-8000-000000000002', guid: 'guid-2', feedTitle: 'New name' })
  await home.close()
  home = await house({ episodes: { get: (id) => (id === other.id ? other : now) } })
  const first = await write('One.', 'run-1')
  now = episode({ title: 'Retitled', feedTitle: 'New name', publishedAtMs: null })
  expect((await write('Two.', 'run-2')).folder).toBe(first.folder)
  const next = await home.notes.write({ ...home.input([draft('summary', 'One.')]), episodeId: other.id })
  expect(next.ok && dirname(next.value.folder)).toBe(dirname(first.folder))
})

test('episodes and podcasts that a disk could take for one get folders of their own', async () => {
  const twins = ['Stra\u00dfe', 'STRASSE', 'Strasse'].map((title, index) =>
    // The same guid twice in a feed: even the id is the same.
    episode({ id: `01900000-0000-7000-8000-00000000001${index}`, title, feedTitle: title }),
  )
  await home.close()
  home = await house({ episodes: { get: (id) => twins.find((one) => one.id === id) ?? null } })
  const folders: string[] = []
  for (const { id } of twins) {
    const result = await home.notes.write({ ...home.input([draft('summary', id)], id), episodeId: id })
    if (result.ok) folders.push(relative(home.vault, result.value.folder))
  }
  expect(new Set(folders.map(uniqueKey)).size).toBe(3)
  expect(await readdir(home.vault)).toEqual(['Stra\u00dfe'])
})

test('a folder that stands in another case or normalisation is taken as it is', async () => {
  await mkdir(join(home.vault, 'TIDES'))
  await write('Body.', 'run-1')
  expect(await readdir(home.vault)).toEqual(['TIDES'])
  expect((await list()).map(({ state }) => state)).toEqual(['current'])
})

test('metadata of a later Inkwell is left as it is; metadata edited by hand is kept', async () => {
  const { folder } = await write('Body one.', 'run-1')
  const path = join(folder, '.metadata.yaml')
  await writeFile(path, 'schema_version: 3\n')
  await write('Quotes.', 'run-2', 'quotes')
  expect(await readFile(path, 'utf8')).toBe('schema_version: 3\n')
  expect((await readdir(folder)).toSorted()).toEqual(['.metadata.yaml', '_transcript.md', 'quotes.md', 'summary.md'])
  await writeFile(path, 'schema_version: 2\nmine: true\n')
  await write('Books.', 'run-3', 'books')
  expect(await readFile(path, 'utf8')).toBe('schema_version: 2\nmine: true\n')
  expect(await readdir(folder)).toContain('.metadata (new 2026-11-23).yaml')
})

test('a manifest row that rotted makes the file the user\u2019s', async () => {
  const { folder } = await write('Body one.', 'run-1')
  home.storage.writeUnaudited((tx) => tx.run("UPDATE note_files SET base_sha256 = 'ab' WHERE kind = 'template'"))
  const before = await readFile(join(folder, 'summary.md'), 'utf8')
  expect(outcomes(await write('Body two.', 'run-2'))).toEqual(['summary (new 2026-11-23).md: beside-edited'])
  expect(await readFile(join(folder, 'summary.md'), 'utf8')).toBe(before)
})

test('two processes: the second waits for the first, and takes over from a dead one', async () => {
  const other = {
    lease_owner: 'other',
    lease_host: hostname(),
    lease_pid: process.ppid,
    lease_expires_at_ms: startMs + 500,
  }
  const lock = (row: object) =>
    home.storage.writeUnaudited((tx) =>
      tx.run('INSERT OR REPLACE INTO note_locks VALUES (?, ?, ?, ?, ?)', [
        episodeId,
        ...Object.values(row),
      ] as string[]),
    )
  lock(other)
  await write('One.', 'run-1')
  expect(home.clock.ms).toBeGreaterThanOrEqual(startMs + 500)
  lock({ ...other, lease_expires_at_ms: home.clock.ms + 35_000, lease_pid: 999_999_999 })
  const before = home.clock.ms
  await write('Two.', 'run-2')
  expect(home.clock.ms).toBe(before)
})

test('every write has its audit rows, and no address in them', async () => {
  await write('One.', 'run-1')
  const rows = home.storage.all<{ action: string; after_json: string }>(
    'SELECT action, after_json FROM audit ORDER BY id',
  )
  expect(rows.map(({ action }) => action)).toEqual(['notes.write', 'notes.written'])
  expect(JSON.stringify(rows)).not.toMatch(/https?:/)
})

test('a vault that was moved is recognised by what it holds', async () => {
  await write('Body one.', 'run-1')
  const moved = `${home.vault}-moved`
  await rename(home.vault, moved)
  const result = await home.notes.write({ ...home.input([draft('summary', 'Body two.')], 'run-2'), vaultPath: moved })
  expect(result).toMatchObject({ ok: true, value: { files: [{ outcome: 'written' }] } })
  expect((await list()).map(({ state }) => state)).toEqual(['current'])
})

test('a vault that is away: the words say so, and recovery writes the notes', async () => {
  await rename(home.vault, `${home.vault}-away`)
  const result = await home.notes.write(home.input([draft('summary', 'Body.')]))
  expect(result).toMatchObject({ ok: false, error: { code: 'vault-missing', retryable: true } })
  await expect(stat(home.vault)).rejects.toMatchObject({ code: 'ENOENT' })
  expect((await list()).map(({ state }) => state)).toEqual(['unreachable'])
  await rename(`${home.vault}-away`, home.vault)
  await home.notes.recover()
  expect(Object.keys(await filesUnder(home.vault))).toHaveLength(3)
  expect((await list()).map(({ state }) => state)).toEqual(['current'])
})

test('notes that wait for a vault are not asked for twice', async () => {
  await rename(home.vault, `${home.vault}-away`)
  await home.notes.write(home.input([draft('summary', 'Body.')]))
  await home.notes.write(home.input([draft('summary', 'Body.')]))
  await home.notes.write(home.input([draft('summary', 'Better body.')], 'run-2'))
  expect(home.storage.all('SELECT * FROM note_intents')).toHaveLength(2)
  await rename(`${home.vault}-away`, home.vault)
  const result = await home.notes.write(home.input([draft('summary', 'Better body.')], 'run-2'))
  expect(result).toMatchObject({ ok: true, value: { files: [{ fileName: 'summary.md', outcome: 'written' }] } })
  const files = await filesUnder(home.vault)
  expect(Object.keys(files)).toHaveLength(3)
  expect(files[Object.keys(files).find((name) => name.endsWith('summary.md'))!]).toContain('Better body.')
})
