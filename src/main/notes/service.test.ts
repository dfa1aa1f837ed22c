import { mkdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Note } from '#shared/contract/notes.ts'
import { notesHandlers } from './handlers.ts'
import { onlyFolder } from './kill-scenario.ts'
import { draft, episodeId, filesUnder, type House, house } from './notes-testing.ts'

let home: House
let folder: string
let shown: string[]
beforeEach(async () => {
  shown = []
  home = await house({
    desktop: { showInFolder: (path) => void shown.push(path), openFolder: async (path) => void shown.push(path) },
  })
  await write('One.', 'run-1')
  folder = await onlyFolder(home.vault)
})
afterEach(() => home.close())

const write = async (body: string, runId: string) => {
  const result = await home.notes.write(home.input([draft('summary', body)], runId))
  expect(result).toMatchObject({ ok: true })
}
const handlers = () => notesHandlers(home.notes)
const note = async (): Promise<Note> => {
  const result = await handlers().list({ episodeId })
  if (!result.ok) throw new Error(result.error.message)
  return result.value[0] as Note
}
const read = async (newer = false) => handlers().read({ noteId: (await note()).id, newer })
/** An edited note with a newer one beside. */
const disagree = async () => {
  await writeFile(join(folder, 'summary.md'), 'My own words.')
  await write('Two.', 'run-2')
}

test('reads the body from the disk as it is now, without frontmatter and heading', async () => {
  expect(await read()).toMatchObject({
    ok: true,
    value: { markdown: 'One.\n', truncated: false, note: { state: 'current' } },
  })
  await writeFile(join(folder, 'summary.md'), '---\ntitle: mine\n---\r\n\r\nMy words at [1:05].\r\n')
  expect(await read()).toMatchObject({
    ok: true,
    value: { markdown: 'My words at [1:05](#t=65).\n', note: { state: 'edited' } },
  })
  await writeFile(join(folder, 'summary.md'), 'é'.repeat(600_001))
  expect(await read()).toMatchObject({ ok: true, value: { truncated: true } })
  const long = await read()
  expect(long.ok && long.value.markdown).toBe('é'.repeat(524_288))
  await unlink(join(folder, 'summary.md'))
  expect(await read()).toMatchObject({ ok: false, error: { code: 'note-missing' } })
  await rename(home.vault, `${home.vault}-away`)
  expect(await read()).toMatchObject({ ok: false, error: { code: 'vault-missing' } })
})

test('keep mine: the newer text goes, the user’s stays, and the same is not offered again', async () => {
  await disagree()
  expect(await read(true)).toMatchObject({ ok: true, value: { markdown: 'Two.\n' } })
  expect(await handlers().keepMine({ noteId: (await note()).id })).toMatchObject({
    ok: true,
    value: { state: 'edited', newerFileName: null },
  })
  await write('Two.', 'run-3')
  const files = await filesUnder(folder)
  expect(Object.keys(files).toSorted()).toEqual(['.metadata.yaml', '_transcript.md', 'summary.md'])
  expect(files['summary.md']).toBe('My own words.')
  expect(await handlers().keepMine({ noteId: (await note()).id })).toMatchObject({
    ok: false,
    error: { code: 'no-newer-text' },
  })
})

test('keep mine leaves a newer text that was edited too', async () => {
  await disagree()
  await writeFile(join(folder, 'summary (new 2026-11-23).md'), 'Mine too.')
  expect(await handlers().keepMine({ noteId: (await note()).id })).toMatchObject({
    ok: true,
    value: { newerFileName: null },
  })
  expect((await filesUnder(folder))['summary (new 2026-11-23).md']).toBe('Mine too.')
})

test('take new: the newer text takes the place, the user’s is in history', async () => {
  await disagree()
  expect(await handlers().takeNew({ noteId: (await note()).id })).toMatchObject({
    ok: true,
    value: { state: 'current', newerFileName: null },
  })
  const files = await filesUnder(folder)
  expect(Object.keys(files).toSorted()).toEqual(['.metadata.yaml', '_transcript.md', 'summary.md'])
  expect(files['summary.md']).toContain('Two.')
  const [row] = home.storage.all<{ sha256: string }>('SELECT * FROM note_history')
  const kept = join(home.profile, 'blobs', row!.sha256.slice(0, 2), row!.sha256)
  expect(await readFile(kept, 'utf8')).toBe('My own words.')
  // From now on it is Inkwell's again.
  await write('Three.', 'run-3')
  expect((await filesUnder(folder))['summary.md']).toContain('Three.')
})

test('take new without a newer text, and of a note that is gone', async () => {
  expect(await handlers().takeNew({ noteId: (await note()).id })).toMatchObject({
    ok: false,
    error: { code: 'no-newer-text' },
  })
  expect(await handlers().takeNew({ noteId: '01900000-0000-7000-8000-0000000000ff' })).toMatchObject({
    ok: false,
    error: { code: 'note-missing' },
  })
})

test('recent episodes with their count; what was deleted does not count', async () => {
  const recent = () => handlers().recent({ limit: 5 })
  expect(await recent()).toMatchObject({ ok: true, value: [{ episodeId, feedTitle: 'Tides', noteCount: 1 }] })
  await rm(join(folder, 'summary.md'))
  await write('Two.', 'run-2')
  expect(await recent()).toMatchObject({ ok: true, value: [] })
})

test('reveals the file, else the folder, else says why not', async () => {
  const { id } = await note()
  expect(await handlers().reveal({ episodeId, noteId: id })).toMatchObject({ ok: true })
  await unlink(join(folder, 'summary.md'))
  await handlers().reveal({ episodeId, noteId: id })
  await handlers().reveal({ episodeId })
  expect(shown).toEqual([join(folder, 'summary.md'), folder, folder])
  await rm(folder, { recursive: true })
  expect(await handlers().reveal({ episodeId })).toMatchObject({ ok: false, error: { code: 'note-missing' } })
  expect(home.notes.folderOf(episodeId)).toBe(folder)
})

test('a note in a state nobody expects is still listed', async () => {
  await rm(join(folder, 'summary.md'))
  await mkdir(join(folder, 'summary.md'))
  expect((await note()).state).toBe('edited')
  expect(await read()).toMatchObject({ ok: false, error: { code: 'note-unreadable' } })
})

test('bring back: the last text that was written stands at its name again, and is Inkwell’s', async () => {
  const before = await readFile(join(folder, 'summary.md'), 'utf8')
  await unlink(join(folder, 'summary.md'))
  await write('Two.', 'run-2')
  expect((await note()).state).toBe('deleted')
  expect(await handlers().bringBack({ noteId: (await note()).id })).toMatchObject({
    ok: true,
    value: { state: 'current', newerFileName: null },
  })
  expect(await readFile(join(folder, 'summary.md'), 'utf8')).toBe(before)
  expect(await handlers().recent({ limit: 5 })).toMatchObject({ ok: true, value: [{ noteCount: 1 }] })
  expect(home.storage.all("SELECT 1 FROM audit WHERE action = 'notes.bringBack'")).toHaveLength(1)
  // What was made while it was away is offered anew.
  await write('Two.', 'run-3')
  expect(await readFile(join(folder, 'summary.md'), 'utf8')).toContain('Two.')
})

test('bring back makes a folder again that went with the note, and only this note in it', async () => {
  await rm(folder, { recursive: true })
  expect(await handlers().bringBack({ noteId: (await note()).id })).toMatchObject({ ok: true })
  expect(Object.keys(await filesUnder(folder))).toEqual(['summary.md'])
})

test('bring back takes the newer text where one stands beside', async () => {
  await disagree()
  await unlink(join(folder, 'summary.md'))
  expect(await handlers().bringBack({ noteId: (await note()).id })).toMatchObject({
    ok: true,
    value: { state: 'current', newerFileName: null },
  })
  const files = await filesUnder(folder)
  expect(Object.keys(files).toSorted()).toEqual(['.metadata.yaml', '_transcript.md', 'summary.md'])
  expect(files['summary.md']).toContain('Two.')
})

test('bring back changes nothing where the file stands, the vault is away or the text is lost', async () => {
  const { id } = await note()
  await writeFile(join(folder, 'summary.md'), 'My own words.')
  expect(await handlers().bringBack({ noteId: id })).toMatchObject({ ok: false, error: { code: 'not-deleted' } })
  expect(await readFile(join(folder, 'summary.md'), 'utf8')).toBe('My own words.')
  await unlink(join(folder, 'summary.md'))
  await rename(home.vault, `${home.vault}-away`)
  expect(await handlers().bringBack({ noteId: id })).toMatchObject({ ok: false, error: { code: 'vault-missing' } })
  await rename(`${home.vault}-away`, home.vault)
  await rm(join(home.profile, 'blobs'), { recursive: true })
  expect(await handlers().bringBack({ noteId: id })).toMatchObject({ ok: false, error: { code: 'text-lost' } })
  expect(Object.keys(await filesUnder(folder))).not.toContain('summary.md')
})

test('says what of the recording a note covers', async () => {
  expect(await note()).toMatchObject({ coveredFromSeconds: 0, coveredToSeconds: 2_520 })
})
