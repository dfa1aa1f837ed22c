import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import type { HealthReport } from '#shared/contract/health.ts'
import { describe } from '../describe.ts'
import { type FamilyWork, Tally } from '../family.ts'
import { layGround } from '../ground.ts'
import { copyRoot, openHome } from '../home.ts'
import { seedOf } from '../random.ts'
import { compareInterviews, interviewSteps } from './interviews.ts'
import { compareLists, listSteps } from './lists.ts'
import { compareNote, findTexts, noteSteps } from './notes.ts'
import { lives, type Step } from './steps.ts'
import { crash, moveHouse, newModel, type World, Wrong } from './world.ts'

const sizes = {
  quick: { runs: 60, steps: 30, minutes: 1 },
  full: { runs: 1_000_000, steps: 80, minutes: 4 },
  hunt: { runs: 400, steps: 40, minutes: 2 },
}
const work: Readonly<Record<string, (world: World, step: never) => Promise<void>>> = {
  ...listSteps,
  ...interviewSteps,
  ...noteSteps,
  crash,
  'move-house': moveHouse,
}

/** Invariant: whatever is done in whatever order, the house holds what a model in memory holds, and every word of the user. */
export const modelFamily: FamilyWork = {
  async run(options) {
    const { scratch, share, mutant, quick, report } = options
    const tally = new Tally()
    const size = mutant ? sizes.hunt : quick ? sizes.quick : sizes.full
    const [prepared, root] = [join(scratch, 'prepared'), join(scratch, 'root')]
    mkdirSync(prepared, { recursive: true })
    await layGround(prepared, { name: 'model', prepare: async () => {}, act: async () => {}, check: async () => [] })
    const seed = seedOf(options.seed, `model ${share.index}`)
    const run = async (steps: readonly Step[]): Promise<void> => {
      copyRoot(prepared, root)
      // Where a file lies is written in the rows: each life has the folder of the prepared one.
      const world: World = { root, model: newModel(), home: await openHome(root) }
      try {
        world.home.house.settings.takeVault(world.home.vault)
        for (const one of steps) {
          tally.points += 1
          tally.faults += Number(one.do === 'crash')
          await work[one.do]!(world, one as never)
        }
        await crash(world)
        await compareAll(world, !quick || tally.states % 4 === 0)
      } finally {
        tally.states += 1
        await world.home.close().catch(() => {})
      }
    }
    const property = fc.asyncProperty(lives(size.steps, mutant?.hint?.part), run)
    const details = await fc.check(property, {
      seed,
      numRuns: Math.ceil(size.runs / share.of),
      interruptAfterTimeLimit: size.minutes * 60_000,
      endOnFailure: mutant !== null,
    })
    if (details.failed)
      tally.losses.push(
        `after ${JSON.stringify(details.counterexample?.[0])} (seed ${options.seed}, path ${details.counterexamplePath}, shrunk ${details.numShrinks} times): ${wordsOf(details.errorInstance)}`,
      )
    report(`${tally.states} lives of ${tally.points} steps in all, seed ${seed}`)
    return tally.result()
  },
}

const wordsOf = (error: unknown): string => (error instanceof Wrong ? error.message : describe(error))

async function compareAll(world: World, withHealth: boolean): Promise<void> {
  await compareLists(world)
  compareInterviews(world)
  for (const note of world.model.notes) await compareNote(world, note)
  findTexts(world)
  if (!withHealth) return
  const { checks } = await world.home.ask<HealthReport>('health.check', { full: true })
  const named = checks
    .filter(({ check }) => !['keychain', 'disk', 'backups'].includes(check))
    .flatMap(({ findings }) => findings)
    // What the user deleted is missing until the next write learns why; with a copy beside, it looks renamed.
    .filter(({ id, severity }) => severity !== 'info' && id !== 'notes/missing' && id !== 'notes/renamed')
  if (named.length > 0) throw new Wrong(`health names ${named.map(({ id, title }) => `${id}: ${title}`).join('; ')}`)
}
