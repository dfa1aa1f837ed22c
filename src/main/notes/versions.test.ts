import { readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MergeBlock, Note } from '#shared/contract/notes.ts'
import { notesHandlers } from './handlers.ts'
import { onlyFolder } from './kill-scenario.ts'
import { draft, episodeId, filesUnder, type House, house } from './notes-testing.ts'

let home: House
let folder: string
let file: string
const first = '## One\n\nTides are old.\n\n## Two\n\nTables are new.'
const second = '## One\n\nTides are very old.\n\n## Two\n\nTables are newer.'
beforeEach(async () => {
  home = await house()
  await write(first, 'run-1')
  folder = await onlyFolder(home.vault)
  file = join(folder, 'summary.md')
})
afterEach(() => home.close())

const write = async (body: string, runId: string) => {
  home.clock.ms += 60_000
  const result = await home.notes.write(home.input([draft('summary', body)], runId))
  expect(result).toMatchObject({ ok: true })
}
const handlers = () => notesHandlers(home.notes)
const note = async (): Promise<Note> => {
  const result = await handlers().list({ episodeId })
  if (!result.ok) throw new Error(result.error.message)
  return result.value[0] as Note
}
const versions = async () => {
  const result = await handlers().versions({ noteId: (await note()).id })
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
const compare = async (): Promise<{ blocks: MergeBlock[]; token: string }> => {
  const result = await handlers().compare({ noteId: (await note()).id })
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
/** The user changed the first section, Inkwell both. @returns the user's text */
const disagree = async (): Promise<string> => {
  const mine = (await readFile(file, 'utf8')).replace('Tides are old.', 'Tides are old, said my teacher.')
  await writeFile(file, mine)
  await write(second, 'run-2')
  return mine
}
const restore = async (versionId: string) => handlers().restoreVersion({ versionId })

test('merge by section: the result stands in place of both, is the user\u2019s, and both can be had back', async () => {
  const mine = await disagree()
  const { blocks, token } = await compare()
  const differing = blocks.filter(({ kind }) => kind !== 'same')
  expect(differing.map(({ section, suggested }) => [section, suggested])).toEqual([
    ['One', 'mine'],
    ['Two', 'new'],
  ])
  const merged = await handlers().merge({
    noteId: (await note()).id,
    token,
    choices: differing.map(({ index, suggested }) => ({ index, take: suggested })),
  })
  expect(merged).toMatchObject({ ok: true, value: { state: 'edited', newerFileName: null } })
  const text = await readFile(file, 'utf8')
  expect(text).toContain('Tides are old, said my teacher.')
  expect(text).toContain('Tables are newer.')
  expect(text).not.toContain('very old')
  expect((await readdir(folder)).toSorted()).toEqual(['.metadata.yaml', '_transcript.md', 'summary.md'])
  const kept = await versions()
  expect(kept.map(({ origin }) => origin)).toContain('yours-replaced')
  const yours = kept.find(({ origin }) => origin === 'yours-replaced')!
  expect(await handlers().readVersion({ versionId: yours.id })).toMatchObject({
    ok: true,
    value: { markdown: expect.stringContaining('said my teacher') },
  })
  expect(yours.bytes).toBe(Buffer.byteLength(mine))
  // The next text is compared with what Inkwell wrote last, not with what came of it.
  await write(`${second}\n\n## Three\n\nMore.`, 'run-3')
  expect(await readFile(file, 'utf8')).toBe(text)
  expect(
    (await compare()).blocks.filter(({ kind }) => kind !== 'same').map(({ newer, suggested }) => [newer, suggested]),
  ).toEqual([
    ['Tides are very old.', 'mine'],
    ['## Three', 'new'],
    ['More.', 'new'],
  ])
})

test('merge with all that is new is what Inkwell offered, and Inkwell\u2019s again', async () => {
  await disagree()
  const offered = await readFile(join(folder, (await note()).newerFileName!), 'utf8')
  const { blocks, token } = await compare()
  const choices = blocks.filter(({ kind }) => kind !== 'same').map(({ index }) => ({ index, take: 'new' as const }))
  expect(await handlers().merge({ noteId: (await note()).id, token, choices })).toMatchObject({
    ok: true,
    value: { state: 'current' },
  })
  expect(await readFile(file, 'utf8')).toBe(offered)
})

test.each(['mine', 'newer'])('merge writes nothing when the %s text changed since', async (which) => {
  await disagree()
  const { token } = await compare()
  const changed = which === 'mine' ? file : join(folder, (await note()).newerFileName!)
  await writeFile(changed, 'Saved in the meantime.')
  const before = await filesUnder(folder)
  expect(await handlers().merge({ noteId: (await note()).id, token, choices: [] })).toMatchObject({
    ok: false,
    error: { code: 'changed-meanwhile', retryable: true },
  })
  expect(await filesUnder(folder)).toEqual(before)
})

test('compare says what cannot be compared', async () => {
  expect(await handlers().compare({ noteId: (await note()).id })).toMatchObject({
    ok: false,
    error: { code: 'no-newer-text' },
  })
  await disagree()
  await writeFile(file, Buffer.from([0xff, 0xfe, 0x41]))
  expect(await handlers().compare({ noteId: (await note()).id })).toMatchObject({
    ok: false,
    error: { code: 'note-unreadable' },
  })
})

test('what was displaced can be had back for 30 days, and the text that Inkwell wrote last always', async () => {
  await write(second, 'run-2')
  await home.notes.settled()
  const [written, displaced] = await versions()
  expect(written).toMatchObject({ origin: 'written', keptUntilMs: null })
  expect(displaced).toMatchObject({ origin: 'displaced' })
  expect(displaced!.keptUntilMs! - displaced!.savedAtMs).toBe(30 * 86_400_000)
  expect(await restore(displaced!.id)).toMatchObject({
    ok: true,
    value: { fileName: 'summary.md', note: { state: 'edited' } },
  })
  expect(await readFile(file, 'utf8')).toContain('Tides are old.')
  // And back again.
  expect(await restore((await versions()).find(({ origin }) => origin === 'written')!.id)).toMatchObject({
    ok: true,
    value: { fileName: 'summary (restored 2026-11-23).md' },
  })
  home.clock.ms += 31 * 86_400_000
  await home.notes.recover()
  expect((await versions()).map(({ origin }) => origin)).toEqual(['written'])
})

test('an earlier text is put beside what the user wrote, never over it', async () => {
  await disagree()
  await handlers().takeNew({ noteId: (await note()).id })
  await writeFile(file, 'Mine again.')
  const yours = (await versions()).find(({ origin }) => origin === 'yours-replaced')!
  expect(await restore(yours.id)).toMatchObject({ ok: true, value: { fileName: 'summary (restored 2026-11-23).md' } })
  expect(await readFile(file, 'utf8')).toBe('Mine again.')
  expect(await readFile(join(folder, 'summary (restored 2026-11-23).md'), 'utf8')).toContain('said my teacher')
})

test('everything can be had back when the note, or its folder, is gone', async () => {
  await disagree()
  await handlers().takeNew({ noteId: (await note()).id })
  await unlink(file)
  const yours = (await versions()).find(({ origin }) => origin === 'yours-replaced')!
  expect(await restore(yours.id)).toMatchObject({ ok: true, value: { fileName: 'summary.md' } })
  expect(await readFile(file, 'utf8')).toContain('said my teacher')
  await rm(folder, { recursive: true })
  expect(await restore((await versions()).find(({ origin }) => origin === 'written')!.id)).toMatchObject({
    ok: true,
    value: { fileName: 'summary.md', note: { state: 'current' } },
  })
  expect(await readFile(file, 'utf8')).toContain('Tables are newer.')
})

test('a newer text that the user edited and took stays the user\u2019s', async () => {
  await disagree()
  const beside = join(folder, (await note()).newerFileName!)
  await writeFile(beside, 'Edited there as well.')
  expect(await handlers().takeNew({ noteId: (await note()).id })).toMatchObject({
    ok: true,
    value: { state: 'edited' },
  })
  await write('Third.', 'run-3')
  expect(await readFile(file, 'utf8')).toBe('Edited there as well.')
})

test('a version that is not there, and a text that is lost', async () => {
  const none = '01900000-0000-7000-8000-0000000000ff'
  expect(await restore(none)).toMatchObject({ ok: false, error: { code: 'note-missing' } })
  const [written] = await versions()
  await rm(join(home.profile, 'blobs'), { recursive: true })
  expect(await restore(written!.id)).toMatchObject({ ok: false, error: { code: 'text-lost' } })
  expect(await versions()).toEqual([])
})
