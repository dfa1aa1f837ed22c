import { mkdir, readFile, rename, unlink, utimes, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { identityOf } from './frontmatter.ts'
import { onlyFolder } from './kill-scenario.ts'
import { draft, episode, episodeId, filesUnder, type House, house } from './notes-testing.ts'

const otherId = '01900000-0000-7000-8000-0000000000b2'
let home: House
let folder: string
let summary: string
beforeEach(async () => {
  const records = { get: (id: string) => episode({ id, guid: id }) }
  home = await house({ episodes: records })
  await home.notes.write(home.input([draft('summary', 'One.'), draft('quotes', 'Said.')], 'run-1'))
  await home.notes.settled()
  folder = await onlyFolder(home.vault)
  summary = join(folder, 'summary.md')
})
afterEach(() => home.close())

const facts = async () => {
  const found = []
  for await (const fact of home.notes.upkeep.inspect(new AbortController().signal))
    if (fact.kind !== 'ok') found.push(`${fact.kind} ${basename(fact.path)} ${basename(fact.foundPath ?? '')}`.trim())
  return found.toSorted()
}
const idOf = (name: string): string =>
  home.storage.get<{ id: string }>('SELECT id FROM note_files WHERE template_name = ? ORDER BY id LIMIT 1', [name])!.id
const follow = (name = 'summary') => home.notes.upkeep.followRenamed([idOf(name)])
/** As Obsidian leaves it: properties written anew, one added; and another text. */
async function editAndMove(from: string, ...parts: string[]): Promise<string> {
  const text = await readFile(from, 'utf8')
  const to = join(home.vault, ...parts)
  await mkdir(dirname(to), { recursive: true })
  const edited = text
    .replace(/"/g, '')
    .replace('---\n', '---\nrating: 5\n')
    .replace(/One\.|Said\./, 'My own words.')
  await writeFile(from, edited.replace(/\n/g, '\r\n'))
  await rename(from, to)
  return to
}
const write = (body: string, runId: string) => home.notes.write(home.input([draft('summary', body)], runId))

test('a note that was edited and moved is found by its properties, and followed when the user says so', async () => {
  const file = await editAndMove(summary, 'Archive', 'Tides.md')
  expect(await facts()).toEqual(['renamed-edited summary.md Tides.md'])
  const before = await filesUnder(home.vault)
  expect(await follow()).toEqual({ mended: 1, failures: [] })
  expect(await filesUnder(home.vault)).toEqual(before)
  expect(await facts()).toEqual(['edited Tides.md'])
  expect(await home.notes.list(episodeId)).toMatchObject({
    value: expect.arrayContaining([expect.objectContaining({ fileName: 'Tides.md', state: 'edited' })]),
  })
  // What is made anew stands beside it, there.
  expect(await write('Two.', 'run-2')).toMatchObject({ value: { files: [{ outcome: 'beside-edited' }] } })
  expect(await readFile(file, 'utf8')).toContain('My own words.')
  expect(await readFile(join(dirname(file), 'Tides (new 2026-11-23).md'), 'utf8')).toContain('Two.')
  expect(await home.notes.takeNew(idOf('summary'))).toMatchObject({ ok: true, value: { state: 'current' } })
})

test('also after a write that missed it', async () => {
  await editAndMove(summary, 'Rail', 'summary.md')
  expect(await write('Two.', 'run-2')).toMatchObject({ value: { files: [{ outcome: 'stays-deleted' }] } })
  expect(await facts()).toEqual(['renamed-edited summary.md summary.md'])
  expect(await follow()).toEqual({ mended: 1, failures: [] })
  // It was refused for want of a file: asked for again, it comes.
  expect(await write('Two.', 'run-3')).toMatchObject({ value: { files: [{ outcome: 'beside-edited' }] } })
})

test('the words as written win over the properties', async () => {
  const text = await readFile(summary)
  await editAndMove(summary, 'Archive', 'Edited.md')
  await writeFile(join(home.vault, 'Archive', 'As written.md'), text)
  expect(await facts()).toEqual(['renamed summary.md As written.md'])
})

test('nobody guesses: not between two copies, nor between two notes with the same properties', async () => {
  const file = await editAndMove(summary, 'Archive', 'A.md')
  await writeFile(join(home.vault, 'B.md'), `${await readFile(file, 'utf8')}More.`)
  expect(await facts()).toEqual(['missing summary.md'])
  expect(await follow()).toEqual({ mended: 0, failures: [] })
  await unlink(join(home.vault, 'B.md'))
  expect(await facts()).toEqual(['renamed-edited summary.md A.md'])
  // Another episode of the same name, day and address.
  const input = { ...home.input([draft('summary', 'Other.')], 'run-9'), episodeId: otherId }
  expect(await home.notes.write(input)).toMatchObject({ ok: true })
  expect(await facts()).toEqual(['renamed-edited summary.md A.md'])
  const twin = Object.entries(await filesUnder(home.vault)).find(([, text]) => text.includes('Other.'))![0]
  await unlink(join(home.vault, twin))
  expect(await facts()).toEqual(['missing summary.md', 'missing summary.md'])
})

test('not by other properties, an older file, or none at all', async () => {
  const file = await editAndMove(summary, 'Archive', 'A.md')
  const text = await readFile(file, 'utf8')
  for (const other of [
    text.replace('How a tide table is made', 'Another episode'),
    text.replace('template: summary', 'template: quotes'),
    text.replace('template: summary', ''),
    text.replace('---', ''),
    `${'x'.repeat(20_000)}\n${text}`,
    '',
  ]) {
    expect(other).not.toBe(text)
    await writeFile(file, other)
    expect(await facts(), other.slice(0, 80)).toEqual(['missing summary.md'])
  }
  await writeFile(file, text)
  await utimes(file, new Date(2020, 1, 1), new Date(2020, 1, 1))
  expect(await facts()).toEqual(['missing summary.md'])
})

test('properties say what a note is of', () => {
  const note = '---\ntemplate: summary\nepisode: "A: B"\npodcast: P\ntags: [a]\n---\n\nText'
  expect(identityOf(note)).toBe(identityOf(note.replace('tags: [a]', 'tags:\n  - b\nmine: 1').replace('Text', 'Mine')))
  expect(identityOf(note)).not.toBe(identityOf(note.replace('podcast: P', 'podcast: Q')))
  expect(identityOf('---\nepisode: E\ntranscript_source: publisher\n---\n')).not.toBeNull()
  for (const none of ['', 'Text', '---\nepisode: E\n---\n', '---\ntemplate: t\n---\n', '---\nepisode: [\n---\n'])
    expect(identityOf(none)).toBeNull()
})
