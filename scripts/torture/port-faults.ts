import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { judge } from './check.ts'
import type { FamilyOptions, Tally } from './family.ts'
import { layGround } from './ground.ts'
import { copyRoot, openHome, Refused } from './home.ts'
import type { Scenario } from './scenario.ts'
import { type Call, type Limit, setControl } from './shim/control.ts'

/** One way in which the file system misbehaves while a scenario runs. */
export interface Plan {
  /** In words, with what is needed to see it again. */
  readonly name: string
  /** May throw, or limit how much a write takes. @param count of the call, from 1 */
  meddle(call: Call, count: number): { limit: Limit; meddled: boolean }
  /** It is no failure: everything has to be acknowledged. */
  readonly harmless?: boolean
}
export const untouched = { limit: null, meddled: false } as const

export interface Stage {
  readonly scenario: Scenario
  readonly root: string
  readonly prepared: string
  /** Calls of a run that nobody disturbs, and what it acknowledges. */
  readonly calls: readonly Call[]
  readonly acked: readonly string[]
}

export async function setStage(scenario: Scenario, { scratch }: FamilyOptions): Promise<Stage> {
  const [root, prepared] = ['root', 'prepared'].map((name) => join(scratch, name)) as [string, string]
  for (const folder of [root, prepared]) rmSync(folder, { recursive: true, force: true })
  mkdirSync(root, { recursive: true })
  await layGround(root, scenario)
  copyRoot(root, prepared)
  const calls: Call[] = []
  const { acked, strange } = await perform(scenario, root, {
    name: 'nothing',
    meddle: (call) => {
      calls.push(call)
      return untouched
    },
  })
  if (strange.length > 0) throw new Error(`${scenario.name} does not run undisturbed: ${strange.join('; ')}`)
  return { scenario, root, prepared, calls, acked }
}

export const callNamed = ({ name, path, to }: Call, root: string): string =>
  `${name} ${(to ?? path).slice(root.length)}`

/** Runs the scenario under a plan, judges, lets the trouble be over, asks again, and judges again. */
export async function tryPlan(stage: Stage, plan: Plan, tally: Tally): Promise<void> {
  const { scenario, root, prepared } = stage
  copyRoot(prepared, root)
  const place = `${scenario.name}, ${plan.name}`
  const lose = (words: string): void => void tally.losses.push(`${place}: ${words}`)
  const first = await perform(scenario, root, plan)
  tally.points += 1
  tally.faults += Number(first.meddled)
  for (const what of first.strange) lose(what)
  // Counted, not compared: a name may have the time in it.
  const given = stage.acked.length - first.acked.length
  if (plan.harmless && given > 0)
    lose(`given up, though it could go on: ${given} of ${stage.acked.length} acknowledgements`)
  for (const loss of await judge(root, scenario, first.acked, 1)) lose(loss)
  tally.states += 1
  if (plan.harmless) return
  const second = await perform(scenario, root, null)
  for (const what of second.strange) lose(`asked again: ${what}`)
  for (const loss of await judge(root, scenario, [...first.acked, ...second.acked], 1)) lose(`asked again: ${loss}`)
  tally.states += 1
}

/** Expected failures are values, or errors of the system or the database that the caller gets; others are defects. */
async function perform(
  scenario: Scenario,
  root: string,
  plan: Plan | null,
): Promise<{ acked: string[]; meddled: boolean; strange: string[] }> {
  const acked: string[] = []
  const strange: string[] = []
  let calls = 0
  let meddled = false
  setControl({
    before: (call) => {
      if (!call.path.startsWith(root) || plan === null) return null
      calls += 1
      try {
        const done = plan.meddle(call, calls)
        meddled ||= done.meddled
        return done.limit
      } catch (error) {
        meddled = true
        throw error
      }
    },
  })
  try {
    const home = await openHome(root)
    try {
      await scenario.act(home, (what) => void acked.push(what))
    } finally {
      await home.close()
    }
  } catch (error) {
    const expected = error instanceof Refused || typeof (error as NodeJS.ErrnoException).code === 'string'
    if (!expected || plan === null)
      strange.push(`it does not go on: ${(error as Error).stack?.split('\n').slice(0, 4).join(' | ')}`)
  } finally {
    setControl()
  }
  return { acked, meddled, strange }
}
