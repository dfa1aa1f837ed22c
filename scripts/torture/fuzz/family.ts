import fc from 'fast-check'
import { describe } from '../describe.ts'
import { type FamilyWork, Tally } from '../family.ts'
import { mine, seedOf } from '../random.ts'
import { fuzzed } from './properties.ts'
import { createWatchdog } from './watchdog.ts'

/** A case takes milliseconds; with all cores busy, this much is still not the parser waiting for others. */
const slowestMs = 5_000
const sizes = { quick: { runs: 150, seconds: 2 }, full: { runs: 10_000_000, seconds: 180 } }

/** Invariant: whatever bytes our own parsers meet, they answer, soon, and what we write they read back exactly. */
export const fuzzFamily: FamilyWork = {
  async run({ scratch, seed, quick, share, mutant, report }) {
    const tally = new Tally()
    const watchdog = createWatchdog(60)
    const own = mutant ? fuzzed.filter(({ name }) => name === mutant.hint?.part) : mine(fuzzed, share)
    const size = mutant ? { runs: 5_000, seconds: 60 } : sizes[quick ? 'quick' : 'full']
    for (const { name, make } of own) {
      const before = tally.points
      let slowest = 0
      const begin = { ms: 0 }
      const property = (await make(scratch)).beforeEach(() => {
        tally.points += 1
        watchdog.alive(`${name}, case ${tally.points - before}, seed ${seed}`)
        begin.ms = performance.now()
      })
      const timed = property.afterEach(() => {
        slowest = Math.max(slowest, performance.now() - begin.ms)
      })
      const found = await fc.check(timed, {
        seed: seedOf(seed, `fuzz ${name}`),
        numRuns: size.runs,
        interruptAfterTimeLimit: (size.seconds * 1_000) / (quick || mutant ? 1 : own.length),
        endOnFailure: mutant !== null,
      })
      if (found.failed)
        tally.losses.push(
          `${name}: ${JSON.stringify(found.counterexample)?.slice(0, 600)} (seed ${seed}, path ${found.counterexamplePath}): ${describe(found.errorInstance)}`,
        )
      if (slowest > slowestMs)
        tally.losses.push(`${name}: a case took ${(slowest / 1_000).toFixed(1)} s (seed ${seed})`)
      report(`${name}: ${tally.points - before} cases, the slowest ${slowest.toFixed(0)} ms`)
    }
    watchdog.stop()
    return tally.result()
  },
}
