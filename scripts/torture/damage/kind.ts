import type { FamilyOptions, Tally } from '../family.ts'
import { createRandom, seedOf } from '../random.ts'
import { type Damage, waysOf } from './ways.ts'

/** What came of a damage; `silent` alone is a loss. */
export type Outcome =
  /** Not used, with words. */
  | 'refused'
  /** The health check names it. */
  | 'named'
  /** Noticed at the opening: set aside, and brought back. */
  | 'recovered'
  /** A cache that is not served and made again. */
  | 'missed'
  /** Told apart from what Inkwell wrote: it counts as the user's, and is never overwritten. */
  | 'edited'
  /** Everything that is read is the same. */
  | 'harmless'
  /** In a log without its index: as if the power had gone before the last commit came to the disk. */
  | 'torn'
  /** Something that is fetched or made again reads otherwise. */
  | 'cached'
  | 'silent'
export interface Judged {
  readonly outcome: Outcome
  /** What was silent. */
  readonly words?: string
}
/** A kind of file, damaged in every way. */
export interface Kind {
  readonly name: string
  readonly bytes: Buffer
  /** Damages tried in a sample: dear ones less. */
  readonly sample: number
  /** In the whole run every byte gets a bit flipped, and each so many-th is changed as a whole and cut at. Default 1. */
  readonly thin?: number
  /** At most so many damages in the whole run, spread evenly; each seed has others. */
  readonly most?: number
  judge(damaged: Buffer, damage: Damage): Promise<Judged> | Judged
}

/** Tries a sample, or every damage, of a kind of file. */
export async function tryKind(kind: Kind, options: FamilyOptions, tally: Tally): Promise<void> {
  const { seed, quick, share, mutant } = options
  const random = createRandom(seedOf(seed, `damage ${kind.name}`))
  const ways = waysOf(kind.bytes, random, kind.thin ?? 1)
  const most = quick || mutant ? kind.sample * (mutant ? 4 : 1) : (kind.most ?? ways.count)
  const chosen = most >= ways.count ? null : random
  const tries = Math.min(most, ways.count)
  const counts = new Map<Outcome, number>()
  const cached = new Map<string, number>()
  for (let nth = 0; nth < tries; nth++) {
    const index = chosen ? Math.floor(((nth + chosen.next()) * ways.count) / tries) : nth
    if (nth % share.of !== share.index) continue
    const damage = ways.at(index)
    const damaged = damage.apply(kind.bytes)
    if (damaged.equals(kind.bytes)) continue
    tally.points += 1
    tally.faults += 1
    tally.flips += Number(damage.isFlip)
    const { outcome, words } = await kind.judge(damaged, damage)
    tally.states += 1
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
    if (outcome === 'cached') cached.set(words!, (cached.get(words!) ?? 0) + 1)
    if (outcome === 'silent') tally.losses.push(`${kind.name}, ${damage.words} (seed ${seed}): ${words}`)
    if (mutant && tally.losses.length > 0) return
  }
  // What is worth a line to a reader: where something reads otherwise and is not called a loss.
  if ((['cached', 'torn', 'edited'] as const).some((one) => counts.has(one)))
    tally.remarks.push(summary(kind.name, share, counts, cached))
  const part =
    tries < ways.count ? `, ${tries.toLocaleString('en-GB')} of ${ways.count.toLocaleString('en-GB')} damages` : ''
  options.report(`${kind.name}${part}: ${inWords(counts)}`)
}

const inWords = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', ')

function summary(
  name: string,
  { index, of }: FamilyOptions['share'],
  counts: ReadonlyMap<Outcome, number>,
  cached: ReadonlyMap<string, number>,
): string {
  const part = of === 1 ? '' : ` (part ${index + 1} of ${of})`
  const where = cached.size === 0 ? '' : `; cached: ${inWords(cached)}`
  return `${name}${part}: ${inWords(counts)}, ${counts.get('silent') ?? 0} silent${where}`
}
