import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type EditorRace, type RaceOutcome, runEditorRace } from '../../src/main/notes/race-testing.ts'
import { type FamilyOptions, type FamilyWork, Tally } from './family.ts'

/** Seconds of each race; the whole run takes five minutes of each way. */
const sizes = { quick: 3, full: 150, hunt: 6 }

/** Without an exchange of names one system call lies between the second look and the rename (reliability: 6 of 595). */
const allowedWithoutSwap = { 'in-place': 0, aside: 0.02 } as const

/** Invariant: what an editor saved while Inkwell makes the same note anew is in some file, whole. */
export const editorRace: FamilyWork = {
  async run(options) {
    const tally = new Tally()
    const { quick, mutant, seed } = options
    const seconds = mutant ? sizes.hunt : quick ? sizes.quick : sizes.full
    for (const swap of quick && !mutant ? [true] : mutant ? [true] : [true, false])
      for (const editor of ['in-place', 'aside'] as const) {
        const outcome = await race({ editor, swap, seconds, seed }, options)
        count(outcome, { editor, swap, seed }, tally)
        if (mutant && tally.losses.length > 0) return tally.result()
      }
    // A short one: what it cannot keep is known, and must not grow.
    if (quick && !mutant)
      count(
        await race({ editor: 'aside', swap: false, seconds: 1, seed }, options),
        { editor: 'aside', swap: false, seed },
        tally,
      )
    for (const remark of tally.remarks) options.report(remark)
    return tally.result()
  },
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
  { edits, replaced, displaced, lost }: RaceOutcome,
  { editor, swap, seed }: Pick<EditorRace, 'editor' | 'swap' | 'seed'>,
  tally: Tally,
): void {
  tally.points += edits
  tally.faults += displaced
  tally.states += replaced
  const how = `an editor that saves ${editor}, ${swap ? 'names exchanged' : 'without an exchange of names'}`
  tally.remarks.push(`${how}: ${edits} saved, ${displaced} displaced, ${lost.length} lost`)
  const allowed = swap ? 0 : Math.ceil(displaced * allowedWithoutSwap[editor])
  if (lost.length > allowed)
    tally.losses.push(`${how} (seed ${seed}): ${lost.length} of ${displaced} edits are nowhere`)
  if (edits < 5 || replaced < 5) tally.losses.push(`${how}: no race, ${edits} edits and ${replaced} new texts`)
}
