import { type FamilyWork, Tally } from '../family.ts'
import { createRandom, mine, seedOf } from '../random.ts'
import { crafted, damaged } from './damage.ts'
import { layGround } from './ground.ts'
import { kills, together } from './processes.ts'
import { rotation } from './rotation.ts'
import { newComputers, roundTrips } from './round-trip.ts'

/** In an order that gives two processes about the same to do. */
const parts = { kills, damaged, together, crafted, roundTrips, rotation, newComputers }

/** Invariant: what comes back from a backup is what went in, or it is refused and the profile in use stays as it is. */
export const backupsFamily: FamilyWork = {
  async run(options) {
    const { mutant, share, seed, report } = options
    const tally = new Tally()
    const own = mutant
      ? Object.entries(parts).filter(([name]) => name === mutant.hint?.part)
      : mine(Object.entries(parts), share)
    for (const [name, part] of own) {
      const before = tally.points
      const ground = await layGround(options, tally, createRandom(seedOf(seed, `backups ${name}`)))
      await part(ground)
      if (mutant && tally.losses.length > 0) break
      report(`${name}: ${tally.points - before} points`)
    }
    return tally.result()
  },
}
