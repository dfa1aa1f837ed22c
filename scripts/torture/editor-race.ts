import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type EditorRace, type RaceOutcome, runEditorRace } from '../../src/main/notes/race-testing.ts'
import { type FamilyOptions, type FamilyWork, Tally } from './family.ts'

/** Seconds of each race. */
const sizes = { quick: 1, full: 25, hunt: 6 }

/** Of saves and new texts: fewer are no race. */
const least = 5

/** Names exchanged, or a free one taken in each way that disks offer. */
const ways: readonly Pick<EditorRace, 'swap' | 'nameWays'>[] = [
  { swap: true },
  { swap: false, nameWays: ['link'] },
  { swap: false, nameWays: ['move'] },
  { swap: false, nameWays: ['copy'] },
]

/** Invariant: what an editor saved while Inkwell makes the same note anew is in some file, whole. */
export const editorRace: FamilyWork = {
  async run(options) {
    const tally = new Tally()
    const { quick, mutant, seed } = options
    const seconds = sizes[mutant ? 'hunt' : quick ? 'quick' : 'full']
    for (const way of mutant ? ways.slice(0, 1) : ways)
      for (const editor of ['in-place', 'aside'] as const) {
        const given = { ...way, editor, seed }
        count(await raceAtAll({ ...given, seconds }, options), given, tally)
        if (mutant && tally.losses.length > 0) return tally.result()
      }
    for (const remark of tally.remarks) options.report(remark)
    return tally.result()
  },
}

/** On a computer that is busy with other things neither of the two may have come to anything: then for longer. */
async function raceAtAll(given: Omit<EditorRace, 'root'>, options: FamilyOptions): Promise<RaceOutcome> {
  const outcome = await race(given, options)
  const isNone = outcome.edits < least || outcome.replaced < least
  return isNone && given.seconds < 60 ? raceAtAll({ ...given, seconds: given.seconds * 3 }, options) : outcome
}

async function race(given: Omit<EditorRace, 'root'>, { scratch }: FamilyOptions): Promise<RaceOutcome> {
  const root = mkdtempSync(join(scratch, 'race-'))
  try {
    return await runEditorRace({ ...given, root })
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function count(
  { edits, replaced, displaced, lost, mixed }: RaceOutcome,
  { editor, swap, nameWays = [], seed }: Omit<EditorRace, 'root' | 'seconds'>,
  tally: Tally,
): void {
  tally.points += edits
  tally.faults += displaced
  tally.states += replaced
  const how = `an editor that saves ${editor}, ${swap ? 'names exchanged' : `a free name taken by ${nameWays.join()}`}`
  const both = mixed.length > 0 ? `, ${mixed.length} with another text behind it` : ''
  tally.remarks.push(`${how}: ${edits} saved, ${displaced} displaced, ${lost.length} lost${both}`)
  if (lost.length > 0) tally.losses.push(`${how} (seed ${seed}): ${lost.length} of ${displaced} edits are nowhere`)
  if (mixed.length > 0 && !nameWays.includes('copy'))
    tally.losses.push(`${how} (seed ${seed}): ${mixed.length} edits are mixed with others`)
  if (edits < least || replaced < least) tally.losses.push(`${how}: no race, ${edits} edits and ${replaced} new texts`)
}
