import { createInterface } from 'node:readline'
import { added, type Family, type FamilyResult, nothing } from './family.ts'
import { staleEdits } from './mutants.ts'
import { startNode } from './processes.ts'
import type { Message, Task } from './run-family.ts'

export interface Planted {
  readonly name: string
  readonly fault: string
  readonly found: boolean
  /** The loss it led to, or why it was not found. */
  readonly words: string
}
export interface Outcome extends FamilyResult {
  readonly family: Family
  readonly planted: readonly Planted[]
  readonly seconds: number
  /** Of all its processes together. */
  readonly coreSeconds: number
}
interface Options {
  readonly quick: boolean
  readonly seed: number
  readonly cores: number
  readonly report: (family: Family, line: string) => void
}

/** Runs every family over the cores, each in processes of its own: first the real sources, then the planted faults. */
export async function runFamilies(families: readonly Family[], options: Options): Promise<Outcome[]> {
  const { quick, seed, cores } = options
  const slots = createSlots(cores)
  return Promise.all(
    families.map(async (family) => {
      const of = family.shares ?? cores
      let began = 0
      let coreSeconds = 0
      const run = async (task: Omit<Task, 'family' | 'quick' | 'seed'>): Promise<Ended> => {
        await slots.take(family.alone === true ? cores : 1)
        const from = performance.now()
        began ||= from
        try {
          return await runTask(family, { family: family.name, quick, seed, ...task }, options)
        } finally {
          coreSeconds += (performance.now() - from) / 1_000
          slots.give(family.alone === true ? cores : 1)
        }
      }
      const shares = Array.from({ length: of }, (_, index) => run({ share: { index, of }, mutant: null }))
      const planted = family.mutants.map(async (mutant): Promise<Planted> => {
        const { name, fault } = mutant
        const stale = staleEdits(mutant)
        if (stale.length > 0)
          return { name, fault, found: false, words: `stale: ${stale.join(', ')} went on without it` }
        const { result, unused } = await run({ share: { index: 0, of: 1 }, mutant: name })
        const [loss] = result.losses
        if (unused.length > 0) return { name, fault, found: false, words: `never loaded: ${unused.join(', ')}` }
        return { name, fault, found: loss !== undefined && !result.broken, words: loss ?? 'no loss was seen' }
      })
      const results = (await Promise.all(shares)).map(({ result }) => result)
      const found = await Promise.all(planted)
      const seconds = (performance.now() - began) / 1_000
      return { ...added(results), family, planted: found, seconds, coreSeconds }
    }),
  )
}

interface Ended {
  readonly result: FamilyResult
  readonly unused: readonly string[]
}

async function runTask(family: Family, task: Task, { report }: Options): Promise<Ended> {
  const child = startNode('./run-family.ts', [JSON.stringify(task)], {
    mutant: task.mutant,
    shim: family.shim === true,
  })
  let ended: Ended | null = null
  let errors = ''
  child.stderr!.on('data', (part) => {
    errors = (errors + String(part)).slice(-2_000)
  })
  createInterface({ input: child.stdout! }).on('line', (line) => {
    if (!line.startsWith('{')) return
    const message = JSON.parse(line) as Message
    if ('result' in message) ended = message
    else if (task.mutant === null) report(family, message.report)
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  return (
    ended ?? {
      result: brokenBy(`the process of the family ended with ${code}: ${errors.split('\n').slice(0, 6).join(' | ')}`),
      unused: [],
    }
  )
}

const brokenBy = (broken: string): FamilyResult => ({ ...nothing, losses: [broken], broken })

/** So many at once, first come first served; one that needs all of them waits until all are free. */
function createSlots(total: number): { take(count: number): Promise<void>; give(count: number): void } {
  let free = total
  const waiting: { count: number; go: () => void }[] = []
  const serve = (): void => {
    while (waiting[0] && waiting[0].count <= free) {
      const { count, go } = waiting.shift()!
      free -= count
      go()
    }
  }
  return {
    take: (count) =>
      new Promise((go) => {
        waiting.push({ count, go })
        serve()
      }),
    give(count) {
      free += count
      serve()
    },
  }
}
