import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hasExfat, mountExfat } from './exfat-testing.ts'
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

/** As often as it takes until there was a race, however busy the computer is. */
async function raceEnough(run: (turn: number) => Promise<RaceOutcome>): Promise<RaceOutcome> {
  const sum = { edits: 0, replaced: 0, displaced: 0, lost: [] as number[], mixed: [] as number[] }
  for (let turn = 0; (sum.edits <= 20 || sum.replaced <= 5) && turn < 30; turn++) {
    const outcome = await run(100 * turn)
    for (const count of ['edits', 'replaced', 'displaced'] as const) sum[count] += outcome[count]
    sum.lost.push(...outcome.lost)
    sum.mixed.push(...outcome.mixed)
  }
  expect(sum.edits).toBeGreaterThan(20)
  expect(sum.replaced).toBeGreaterThan(5)
  return sum
}

test.each(['in-place', 'aside'] as const)(
  'no edit is lost while names are exchanged under an editor that saves %s',
  async (editor) => {
    for (const where of new Set([temporaryFolder(), tmpdir()]))
      expect((await raceEnough((turn) => race({ editor, swap: true, seed: 1 + turn }, where))).lost).toEqual([])
  },
)

test.each(['in-place', 'aside'] as const)(
  'nor where a free name is taken under an editor that saves %s',
  async (editor) => {
    for (const [seed, way] of (['link', 'move', 'copy'] as const).entries()) {
      const outcome = await raceEnough((turn) => race({ editor, swap: false, nameWays: [way], seed: seed + 2 + turn }))
      expect(outcome.lost, way).toEqual([])
      if (way !== 'copy') expect(outcome.mixed).toEqual([])
    }
  },
)

test.skipIf(!hasExfat).each(['in-place', 'rename'] as const)(
  'nor on exFAT, which has no call for any of it, under an editor that saves %s',
  async (editor) => {
    const run = async (turn: number): Promise<RaceOutcome> => {
      const root = await mkdtemp(join(tmpdir(), 'inkwell-race-'))
      await mkdir(join(root, 'vault'))
      const unmount = mountExfat(join(root, 'exfat.img'), join(root, 'vault'))
      try {
        return await runEditorRace({ root, seconds: 3, editor, swap: true, seed: 5 + turn })
      } finally {
        unmount()
        await rm(root, { recursive: true, force: true })
      }
    }
    expect((await raceEnough(run)).lost).toEqual([])
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
