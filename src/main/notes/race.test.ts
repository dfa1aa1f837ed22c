import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hasExfat, mountExfat } from './exfat-testing.ts'
import { temporaryFolder } from './notes-testing.ts'
import { type EditorRace, type RaceOutcome, runEditorRace } from './race-testing.ts'
import type { NameWay } from './take-name.ts'

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

test.each(['in-place', 'aside'] as const)(
  'nor where a free name is taken under an editor that saves %s',
  async (editor) => {
    for (const [seed, nameWays] of [['link'], ['move'], ['copy']].entries()) {
      const outcome = await race({ editor, swap: false, nameWays: nameWays as NameWay[], seed: seed + 2 })
      expect(outcome.replaced).toBeGreaterThan(5)
      expect(outcome.lost, `${nameWays}`).toEqual([])
      if (nameWays[0] !== 'copy') expect(outcome.mixed).toEqual([])
    }
  },
)

test.skipIf(!hasExfat).each(['in-place', 'rename'] as const)(
  'nor on exFAT, which has no call for any of it, under an editor that saves %s',
  async (editor) => {
    const root = await mkdtemp(join(tmpdir(), 'inkwell-race-'))
    await mkdir(join(root, 'vault'))
    const unmount = mountExfat(join(root, 'exfat.img'), join(root, 'vault'))
    try {
      const outcome = await runEditorRace({ root, seconds: 3, editor, swap: true, seed: 5 })
      expect(outcome.edits).toBeGreaterThan(20)
      expect(outcome.replaced).toBeGreaterThan(0)
      expect(outcome.lost).toEqual([])
    } finally {
      unmount()
      await rm(root, { recursive: true, force: true })
    }
  },
)

test.each(['in-place', 'aside'] as const)(
  'a planted fault is found: looking and then renaming over loses edits (%s)',
  async (editor) => {
    let lost = 0
    for (let seed = 1; seed <= 10 && lost === 0; seed++)
      lost = (await race({ editor, swap: true, planted: true, seed })).lost.length
    expect(lost).toBeGreaterThan(0)
  },
)
