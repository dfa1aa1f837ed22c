import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Note } from '#shared/contract/notes.ts'
import { onlyFolder } from './kill-scenario.ts'
import { draft, episodeId, type House, house } from './notes-testing.ts'

let home: House
beforeEach(async () => {
  home = await house()
})
afterEach(() => home.close())

const write = async (body: string, runId: string, review = true) => {
  const drafts = [draft('summary', body, { provider: 'claude', model: 'claude-test' })]
  const input = { ...home.input(drafts, runId), ...(review ? { reviewTemplates: ['summary'] } : {}) }
  const written = await home.notes.write(input)
  if (!written.ok) throw new Error(written.error.message)
  return written.value.files[0]!
}
const note = async (): Promise<Note> => {
  const listed = await home.notes.list(episodeId)
  if (!listed.ok) throw new Error(listed.error.message)
  return listed.value[0]!
}
const here = async (name = 'summary.md') => readFile(join(await onlyFolder(home.vault), name), 'utf8')

test('another text waits beside a note that nobody edited, until it is taken', async () => {
  expect(await write('One.', 'run-1')).toMatchObject({ outcome: 'written' })
  const beside = await write('Two.', 'run-2')
  expect(beside.outcome).toBe('beside-edited')
  expect(await here()).toContain('One.')
  expect(await here(beside.fileName)).toContain('Two.')
  expect(await note()).toMatchObject({ state: 'current', newerFileName: beside.fileName })
  const compared = await home.notes.compare((await note()).id)
  const differing = compared.ok ? compared.value.blocks.filter(({ kind }) => kind !== 'same') : []
  expect(differing.length).toBeGreaterThan(0)
  expect(differing.every(({ suggested }) => suggested === 'new')).toBe(true)
  expect(await home.notes.takeNew((await note()).id)).toMatchObject({ ok: true })
  expect(await here()).toContain('Two.')
  expect(await note()).toMatchObject({ state: 'current', newerFileName: null })
})

test('the same text again waits for nothing; a third takes the place of the second that waits', async () => {
  await write('One.', 'run-1')
  expect(await write('One.', 'run-2')).toMatchObject({ outcome: 'unchanged' })
  const second = await write('Two.', 'run-3')
  const third = await write('Three.', 'run-4')
  expect(third.fileName).toBe(second.fileName)
  expect(await here(third.fileName)).toContain('Three.')
  expect((await readdir(await onlyFolder(home.vault))).filter((name) => name.startsWith('summary'))).toHaveLength(2)
})

test('kept, the note stays Inkwell’s: the next run without review replaces it', async () => {
  await write('One.', 'run-1')
  await write('Two.', 'run-2')
  expect(await home.notes.keepMine((await note()).id)).toMatchObject({ ok: true })
  expect(await write('Three.', 'run-3', false)).toMatchObject({ outcome: 'written' })
  expect(await here()).toContain('Three.')
})

test('an edited note is edited, review or not', async () => {
  await write('One.', 'run-1')
  await writeFile(join(await onlyFolder(home.vault), 'summary.md'), 'My own words.')
  await write('Two.', 'run-2')
  expect(await note()).toMatchObject({ state: 'edited' })
  expect(await here()).toBe('My own words.')
})
