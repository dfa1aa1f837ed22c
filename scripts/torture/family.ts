/** The shape of a family of tests: one folder or file each, listed in `families.ts`. */

/** So many planted faults are hunted in a run of all families, at least. */
export const leastPlanted = 24

/** A fault put into the real sources on purpose. A family that does not find it proves nothing. */
export interface Mutant {
  /** Kebab case, unlike any other, e.g. `ignored-byte-count`. */
  readonly name: string
  /** What a programmer might have written, in words. */
  readonly fault: string
  /** Names of the families that must find it. */
  readonly families: readonly string[]
  readonly edits: readonly Edit[]
  /** Hunted in the sample too: those that show soonest, of each family one at least. */
  readonly quick?: true
  /** For the family: where it shows, so that the hunt is short. */
  readonly hint?: Readonly<Record<string, string>>
}
export interface Edit {
  /** From the root of the repository. */
  readonly file: string
  /** Must occur exactly once, or the mutant is stale. */
  readonly find: string
  readonly put: string
}

export interface FamilyOptions {
  readonly quick: boolean
  readonly seed: number
  /** This process does every `of`-th piece of the work, from `index` on. */
  readonly share: { readonly index: number; readonly of: number }
  /** Set while a planted fault is in the sources: the family tries where the hint says and stops at the first loss. */
  readonly mutant: Mutant | null
  /** A folder of this process, empty at the start; in memory where there is such a place. */
  readonly scratch: string
  /** One short line for the person who waits. */
  report(line: string): void
}
export interface FamilyResult {
  /** Places where something was made to go wrong: kill points, calls, sizes of free space, processes killed. */
  readonly points: number
  /** End states that were opened and judged. */
  readonly states: number
  /** Faults that were really injected, of those points. */
  readonly faults: number
  /** Bits and bytes damaged. */
  readonly flips: number
  /** Each a sentence with what is needed to see it again. None is the only good number. */
  readonly losses: readonly string[]
  /** What was left out and why, what stood in for it, what was harmless. */
  readonly remarks: readonly string[]
  /** Why the family could not do its work at all; that finds no planted fault. */
  readonly broken?: string
}
export interface FamilyWork {
  run(options: FamilyOptions): Promise<FamilyResult>
}
/** What is known of a family before its work is loaded. Its planted faults are those that name it (`mutants.ts`). */
export interface Family {
  readonly name: string
  /** A few words for the table. */
  readonly title: string
  /** Processes that share the work. Default: one for each core. */
  readonly shares?: number
  /** Needs all cores while it runs, e.g. because it counts what happens in a time. */
  readonly alone?: boolean
  /** Its processes get the file system that can be made to fail (`shim/`). */
  readonly shim?: boolean
  /** Starts processes that are killed (`kill-points/bundle.ts`). */
  readonly victims?: boolean
  /** About how long its work takes on one core, so that the long ones go first: seconds of processor time. */
  readonly seconds: { readonly quick: number; readonly full: number }
  load(): Promise<FamilyWork>
}

export const nothing: FamilyResult = { points: 0, states: 0, faults: 0, flips: 0, losses: [], remarks: [] }

/** Counts while a family runs. */
export class Tally {
  points = 0
  states = 0
  faults = 0
  flips = 0
  readonly losses: string[] = []
  readonly remarks: string[] = []
  result(): FamilyResult {
    const { points, states, faults, flips, losses, remarks } = this
    return { points, states, faults, flips, losses, remarks }
  }
}

export function added(results: readonly FamilyResult[]): FamilyResult {
  const sum = new Tally()
  for (const { points, states, faults, flips, losses, remarks } of results) {
    sum.points += points
    sum.states += states
    sum.faults += faults
    sum.flips += flips
    sum.losses.push(...losses)
    for (const remark of remarks) if (!sum.remarks.includes(remark)) sum.remarks.push(remark)
  }
  return sum.result()
}
