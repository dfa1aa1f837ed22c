import { goldenVersions } from '../../../src/main/storage/golden-profile.ts'
import { type FamilyWork, Tally } from '../family.ts'
import { mine } from '../random.ts'
import { createRelease, sizes } from './release.ts'

type Part = 'whole' | 'statements' | 'downgrade' | 'random'
const parts: readonly Part[] = ['whole', 'statements', 'downgrade', 'random']

/** Invariant: a profile of any release comes to this schema with every row as it was, or stays as it is. */
export const migrationsFamily: FamilyWork = {
  async run(options) {
    const { mutant, share, quick, report } = options
    const tally = new Tally()
    const all = goldenVersions.flatMap((version) => parts.map((part) => ({ version, part })))
    const own = mutant
      ? all.filter(({ version, part }) => part === (mutant.hint?.part ?? part) && version === 5)
      : mine(all, share)
    for (const { version, part } of own) {
      const before = tally.points
      const release = createRelease(version, options, tally)
      if (part === 'whole') await release.whole()
      else if (part === 'statements') await release.statements()
      else if (part === 'downgrade') release.downgrade()
      else release.random(Math.ceil(sizes[quick ? 'quick' : 'full'].random / goldenVersions.length))
      if (mutant && tally.losses.length > 0) break
      report(`schema ${version}, ${part}: ${tally.points - before} points`)
    }
    return tally.result()
  },
}
