import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from './notes-testing.ts'
import { type EditorRace, type RaceOutcome, runEditorRace } from './race-testing.ts'

async function race(given: Omit<EditorRace, 'root' | 'seconds'>, where = temporaryFolder()): Promise<RaceOutcome> {
  const root = await mkdtemp(join(where, 'inkwell-race-'))
  try {
    return await runEditorRace({ ...given, root, seconds: 1 })
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

test.each(['in-place', 'aside'] as const)(
  'no edit is lost while names are exchanged under an editor that saves %s',
  async (editor) => {
    for (const where of new Set([temporaryFolder(), tmpdir()])) {
      const outcome = await race({ editor, swap: true, seed: 1 }, where)
      expect(outcome.edits).toBeGreaterThan(20)
      expect(outcome.lost).toEqual([])
    }
  },
)

test.each(['in-place', 'aside'] as const)('nor by hard links under an editor that saves %s', async (editor) => {
  for (const seed of [2, 3]) {
    const outcome = await race({ editor, swap: false, seed })
    expect(outcome.replaced).toBeGreaterThan(5)
    expect(outcome.lost).toEqual([])
  }
})

test.each(['in-place', 'aside'] as const)(
  'a planted fault is found: looking and then renaming over loses edits (%s)',
  async (editor) => {
    let lost = 0
    for (let seed = 1; seed <= 10 && lost === 0; seed++)
      lost = (await race({ editor, swap: true, planted: true, seed })).lost.length
    expect(lost).toBeGreaterThan(0)
  },
)
