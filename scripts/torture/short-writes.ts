import { type FamilyWork, Tally } from './family.ts'
import { callNamed, type Plan, type Stage, setStage, tryPlan, untouched } from './port-faults.ts'
import { createRandom, mine, seedOf } from './random.ts'
import { scenarios } from './scenarios/index.ts'
import { systemError } from './shim/control.ts'

/** Of each scenario's, at most. */
const sizes = { quick: 5, full: 150 }

/** Invariant: a write that takes only a part goes on with the rest; one that takes nothing more leaves the old file whole. */
export const shortWrites: FamilyWork = {
  async run(options) {
    const { mutant, quick, seed, share, report } = options
    const tally = new Tally()
    const own = mutant ? scenarios.filter(({ name }) => name === mutant.hint?.scenario) : mine(scenarios, share)
    for (const scenario of own) {
      const random = createRandom(seedOf(seed, `short ${scenario.name}`))
      const stage = await setStage(scenario, options)
      const plans = plansOf(stage, seed)
      const chosen = mutant ? plans : random.sample(plans, sizes[quick ? 'quick' : 'full'])
      for (const plan of chosen) {
        await tryPlan(stage, plan, tally)
        if (mutant && tally.losses.length > 0) return tally.result()
      }
      report(
        plans.length === 0
          ? `${scenario.name}: writes through the database only`
          : `${scenario.name}: ${chosen.length} of ${plans.length} short writes`,
      )
    }
    return tally.result()
  },
}

function plansOf({ calls, root }: Stage, seed: number): Plan[] {
  const plans: Plan[] = []
  const writes = calls.flatMap((call, index) => (call.name === 'write' && call.bytes ? [{ call, at: index + 1 }] : []))
  for (const { call, at } of writes) {
    const where = `at call ${at} (${callNamed(call, root)}, seed ${seed})`
    plans.push(
      {
        name: `half of the bytes ${where}`,
        harmless: true,
        meddle: (now, count) => (count === at ? { limit: Math.floor((now.bytes ?? 0) / 2), meddled: true } : untouched),
      },
      {
        name: `one byte ${where}`,
        harmless: true,
        meddle: (_, count) => (count === at ? { limit: 1, meddled: true } : untouched),
      },
      {
        name: `half of the bytes, then the disk is full ${where}`,
        meddle(now, count) {
          if (count === at) return { limit: Math.floor((now.bytes ?? 0) / 2), meddled: true }
          if (count > at && now.name === 'write') throw systemError('ENOSPC', now)
          return untouched
        },
      },
      {
        name: `nothing, without an error ${where}`,
        meddle: (now, count) => (count >= at && now.name === 'write' ? { limit: 0, meddled: true } : untouched),
      },
    )
  }
  if (writes.length > 0)
    plans.push({
      name: `a few bytes at each write (seed ${seed})`,
      harmless: true,
      meddle: (now) => (now.name === 'write' ? { limit: 1 + ((now.bytes ?? 0) % 97), meddled: true } : untouched),
    })
  return plans
}
