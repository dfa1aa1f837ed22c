import { type FamilyWork, Tally } from '../family.ts'
import { callNamed, type Plan, type Stage, setStage, tryPlan, untouched } from '../port-faults.ts'
import { createRandom, mine, seedOf } from '../random.ts'
import { scenarios } from '../scenarios/index.ts'
import { systemError } from '../shim/control.ts'
import { failSqlite } from './sqlite.ts'

const codes = ['EIO', 'ENOSPC', 'EACCES', 'EMFILE', 'EROFS', 'EINTR'] as const
/** Of each scenario's plans (every code at every call, once and for ever), at most. */
const sizes = { quick: 7, full: 100 }

/** Invariant: whatever call fails with whatever error, it is said, nothing acknowledged goes, and the next try does it. */
export const ioErrors: FamilyWork = {
  async run(options) {
    const { mutant, quick, seed, share, report } = options
    const tally = new Tally()
    const own = mutant ? scenarios.filter(({ name }) => name === mutant.hint?.scenario) : mine(scenarios, share)
    for (const scenario of own) {
      const random = createRandom(seedOf(seed, `errors ${scenario.name}`))
      const stage = await setStage(scenario, options)
      const plans = plansOf(stage, seed).filter(({ name }) => new RegExp(mutant?.hint?.plan ?? '').test(name))
      const chosen = mutant ? plans : random.sample(plans, sizes[quick ? 'quick' : 'full'])
      for (const plan of chosen) {
        await tryPlan(stage, plan, tally)
        if (mutant && tally.losses.length > 0) return tally.result()
      }
      if (!mutant || mutant.hint?.sqlite) await failSqlite(stage, options, random, tally)
      report(`${scenario.name}: ${chosen.length} of ${plans.length} errors at ${stage.calls.length} calls`)
    }
    return tally.result()
  },
}

function plansOf({ calls, root }: Stage, seed: number): Plan[] {
  return codes.flatMap((code) =>
    calls.flatMap((call, index) =>
      [false, true].map((forever): Plan => {
        const at = index + 1
        return {
          name: `${code} ${forever ? 'from' : 'at'} call ${at} (${callNamed(call, root)}, seed ${seed})`,
          meddle(now, count) {
            if (count === at || (forever && count > at)) throw systemError(code, now)
            return untouched
          },
        }
      }),
    ),
  )
}
