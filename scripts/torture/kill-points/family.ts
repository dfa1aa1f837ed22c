import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { judge } from '../check.ts'
import { type FamilyOptions, type FamilyWork, Tally } from '../family.ts'
import { layGround } from '../ground.ts'
import { copyRoot, openHome } from '../home.ts'
import { whyNoStrace } from '../processes.ts'
import { createRandom, mine, seedOf } from '../random.ts'
import type { Scenario } from '../scenario.ts'
import { scenarios } from '../scenarios/index.ts'
import { bundledVictim } from './bundle.ts'
import { type Point, readPoints, startVictim } from './killer.ts'

/** Points tried of each scenario, at most; and of each so many-th one states whose recovery is killed again. */
const sizes = {
  quick: { points: 4, every: 3, again: 1, againPoints: 1 },
  full: { points: 140, every: 1, again: 3, againPoints: 10 },
  hunt: { points: 60, every: 1, again: 0, againPoints: 0 },
}

/** Invariant: whatever call a SIGKILL falls on, what was acknowledged is there, and the rest is whole. */
export const killPoints: FamilyWork = {
  async run(options) {
    const tally = new Tally()
    const noStrace = await whyNoStrace()
    if (noStrace)
      tally.remarks.push(`system calls are not traced (${noStrace}): killed at the file-system port instead`)
    const hinted = options.mutant?.hint?.scenario
    const own = options.mutant
      ? scenarios.filter(({ name }) => hinted === undefined || name === hinted)
      : mine(scenarios, options.share)
    const size = options.mutant ? sizes.hunt : options.quick ? sizes.quick : sizes.full
    for (const scenario of own) {
      const again = scenarios.indexOf(scenario) % size.every === 0 ? size.again : 0
      await killScenario(scenario, noStrace ? 'port' : 'strace', { ...size, again }, options, tally)
      if (options.mutant && tally.losses.length > 0) break
    }
    return tally.result()
  },
}

async function killScenario(
  scenario: Scenario,
  how: 'strace' | 'port',
  size: (typeof sizes)['quick'],
  options: FamilyOptions,
  tally: Tally,
): Promise<void> {
  const { scratch, mutant, seed } = options
  const random = createRandom(seedOf(seed, scenario.name))
  const [root, prepared, killed, acks, record] = ['root', 'prepared', 'killed', 'acks', 'record'].map((name) =>
    join(scratch, name),
  ) as [string, string, string, string, string]
  for (const folder of [root, prepared, killed]) rmSync(folder, { recursive: true, force: true })
  mkdirSync(root, { recursive: true })
  await layGround(root, scenario)
  copyRoot(root, prepared)
  // A planted fault is put in by the hooks, and shows soon.
  const bundle = mutant || how === 'port' ? undefined : await bundledVictim()
  const start = (action: 'act' | 'recover', killAt = 0) =>
    startVictim({ root, scenario: scenario.name, acks, action, mutant: mutant?.name ?? null, how, killAt, bundle })

  /** Each change of a run that nobody disturbs. */
  const recordRun = async (action: 'act' | 'recover'): Promise<{ points: Point[]; acked: readonly string[] }> => {
    const { errors, traced, acked, threads } = await start(action).run(null, how === 'strace' ? record : undefined)
    if (errors) throw new Error(`${scenario.name} does not run undisturbed: ${errors}`)
    if (how === 'strace') return { points: readPoints(record, root, threads), acked }
    return { points: traced.map((what, index) => ({ thread: 'port', call: 'port', count: index + 1, what })), acked }
  }

  const { points, acked: expected } = await recordRun('act')
  for (const loss of await judge(root, scenario, expected)) tally.losses.push(`${scenario.name}, undisturbed: ${loss}`)
  tally.states += 1
  const wanted = mutant?.hint?.call
  const likely = wanted === undefined ? points : points.filter(({ what }) => new RegExp(wanted).test(what))
  const chosen = random.sample(likely, size.points)
  let next = start('act', chosen[0]?.count)
  let runs = 0
  for (const [index, point] of chosen.entries()) {
    copyRoot(prepared, root)
    const running = next.run(how === 'strace' ? point : null)
    const after = chosen[index + 1]
    const { killed: died, acked, errors } = await running
    // The next one loads while this one is judged. It needs the root only when it is let go.
    if (after) next = start('act', after.count)
    if (errors) tally.losses.push(`${scenario.name}: ${errors}`)
    tally.points += 1
    tally.faults += Number(died)
    const again = index % Math.ceil(chosen.length / Math.max(1, size.again)) === 0 && runs < size.again
    if (again) copyRoot(root, killed)
    tally.states += 1
    const place = `${scenario.name}, killed at ${point.what} (${point.thread} ${point.call} ${point.count}, seed ${seed})`
    for (const loss of await judge(root, scenario, acked)) tally.losses.push(`${place}: ${loss}`)
    await askAgain(place, acked)
    if (mutant && tally.losses.length > 0) break
    if (again) {
      runs += 1
      await killRecovery(place, acked)
    }
  }
  if (chosen.length < points.length && !mutant)
    options.report(`${scenario.name}: ${chosen.length} of ${points.length} points`)
  else options.report(`${scenario.name}: all ${chosen.length} points`)
  next.drop()

  /** What the killed process left must not stand in the way of the next try. */
  async function askAgain(place: string, before: readonly string[]): Promise<void> {
    const acked: string[] = []
    try {
      const home = await openHome(root)
      try {
        await scenario.act(home, (what) => void acked.push(what))
      } finally {
        await home.close()
      }
      if (acked.length === 0) tally.losses.push(`${place}: asked again, it is not done`)
    } catch (error) {
      tally.losses.push(`${place}: asked again: ${(error as Error).message}`)
    }
    tally.states += 1
    for (const loss of await judge(root, scenario, [...before, ...acked], 1))
      tally.losses.push(`${place}: asked again: ${loss}`)
  }

  /** The process that recovers is killed as well. */
  async function killRecovery(place: string, acked: readonly string[]): Promise<void> {
    copyRoot(killed, root)
    const { points: inside } = await recordRun('recover')
    for (const point of random.sample(inside, size.againPoints)) {
      copyRoot(killed, root)
      const { killed: died, errors } = await start('recover', point.count).run(how === 'strace' ? point : null)
      if (errors) tally.losses.push(`${place}, recovery: ${errors}`)
      tally.points += 1
      tally.faults += Number(died)
      tally.states += 1
      for (const loss of await judge(root, scenario, acked))
        tally.losses.push(`${place}, again in recovery at ${point.what}: ${loss}`)
    }
  }
}
