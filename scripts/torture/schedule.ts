import { createInterface } from 'node:readline'
import { added, type Family, type FamilyResult, type Mutant, nothing } from './family.ts'
import { mutantsOf, staleEdits } from './mutants.ts'
import { startNode } from './processes.ts'
import type { Message, Task } from './run-family.ts'

export interface Planted {
  readonly name: string
  readonly fault: string
  readonly found: boolean
  /** The loss it led to, or why it was not found. */
  readonly words: string
  readonly processorSeconds: number
}
export interface Outcome extends FamilyResult {
  readonly family: Family
  readonly planted: readonly Planted[]
  /** Of all its processes together, from start to end. */
  readonly seconds: number
  /** Of the processor, with what its processes started. */
  readonly processorSeconds: number
}
interface Options {
  readonly quick: boolean
  readonly seed: number
  readonly cores: number
  readonly report: (family: Family, line: string) => void
}
/** One process: a share of a family's work on the real sources, or the hunt for one planted fault. */
interface Piece {
  readonly family: Family
  readonly share: Task['share']
  readonly mutant: Mutant | null
  /** About, by its family. */
  readonly expectedSeconds: number
}
interface Done extends Ended {
  readonly piece: Piece
  readonly seconds: number
}

/** Runs the pieces of all families in processes of their own, over the cores: the long ones first. */
export async function runFamilies(families: readonly Family[], options: Options): Promise<Outcome[]> {
  const pieces = families.flatMap((family) => piecesOf(family, options))
  const waiting = pieces.toSorted(
    (one, other) =>
      Number(other.family.alone ?? false) - Number(one.family.alone ?? false) ||
      other.expectedSeconds - one.expectedSeconds,
  )
  const done: Done[] = []
  const work = async (count: number, wanted: (piece: Piece) => boolean): Promise<void> => {
    const next = (): Piece | undefined => (waiting[0] && wanted(waiting[0]) ? waiting.shift() : undefined)
    await Promise.all(
      Array.from({ length: count }, async () => {
        for (let piece = next(); piece; piece = next()) done.push(await runPiece(piece, options))
      }),
    )
  }
  // One that needs all cores runs by itself.
  await work(1, ({ family }) => family.alone === true)
  await work(options.cores, () => true)
  return families.map((family) =>
    outcomeOf(
      family,
      done.filter(({ piece }) => piece.family === family),
    ),
  )
}

/** A hunt ends at the first loss. */
const huntSeconds = 5

function piecesOf(family: Family, { quick, cores }: Options): Piece[] {
  const of = family.shares ?? cores
  const expectedSeconds = family.seconds[quick ? 'quick' : 'full'] / of
  const hunted = mutantsOf(family.name, quick)
  return [
    ...Array.from({ length: of }, (_, index) => ({ family, share: { index, of }, mutant: null, expectedSeconds })),
    ...hunted.map((mutant) => ({
      family,
      share: { index: 0, of: 1 },
      mutant,
      expectedSeconds: huntSeconds,
    })),
  ]
}

function outcomeOf(family: Family, done: readonly Done[]): Outcome {
  const sum = (pick: (one: Done) => number): number => done.reduce((total, one) => total + pick(one), 0)
  return {
    ...added(done.filter(({ piece }) => piece.mutant === null).map(({ result }) => result)),
    family,
    planted: done.flatMap((one) => (one.piece.mutant === null ? [] : [plantedOf(one.piece.mutant, one)])),
    seconds: sum(({ seconds }) => seconds),
    processorSeconds: sum(({ processorSeconds }) => processorSeconds),
  }
}

/** A loss by a mistake in the fault itself; a file that is torn may well not be JSON any more. */
const mistake = /\bReferenceError\b|\bis not defined\b|\bis not a (function|constructor)\b|SyntaxError: (?!.*JSON)/

function plantedOf(mutant: Mutant, { result, unused, processorSeconds }: Ended): Planted {
  const { name, fault } = mutant
  const { losses, broken } = result
  const [loss] = losses
  const stale = staleEdits(mutant)
  const why =
    stale.length > 0
      ? `stale: ${stale.join(', ')} went on without it`
      : broken
        ? broken
        : unused.length > 0
          ? `never loaded: ${unused.join(', ')}`
          : loss === undefined
            ? 'no loss was seen'
            : mistake.test(loss)
              ? `stale: it is no program any more: ${loss}`
              : null
  return { name, fault, found: why === null, words: why ?? loss!, processorSeconds }
}

interface Ended {
  readonly result: FamilyResult
  readonly unused: readonly string[]
  readonly processorSeconds: number
}

async function runPiece(piece: Piece, options: Options): Promise<Done> {
  const { family, share, mutant } = piece
  const { quick, seed } = options
  const began = performance.now()
  const task = { family: family.name, quick, seed, share, mutant: mutant?.name ?? null }
  const isStale = mutant !== null && staleEdits(mutant).length > 0
  const ended = isStale ? { result: nothing, unused: [], processorSeconds: 0 } : await runTask(family, task, options)
  return { ...ended, piece, seconds: (performance.now() - began) / 1_000 }
}

/** After which a process hangs, however busy the computer is. */
const limitMinutes = { quick: 30, full: 120 }

async function runTask(family: Family, task: Task, { report, quick }: Options): Promise<Ended> {
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
  const limit = setTimeout(
    () => {
      errors = `it hung and was ended. ${errors}`
      child.kill('SIGKILL')
    },
    limitMinutes[quick ? 'quick' : 'full'] * 60_000,
  )
  const code = await new Promise((resolve) => child.once('close', resolve))
  clearTimeout(limit)
  return (
    ended ?? {
      result: brokenBy(`the process of the family ended with ${code}: ${errors.split('\n').slice(0, 6).join(' | ')}`),
      unused: [],
      processorSeconds: 0,
    }
  )
}

const brokenBy = (broken: string): FamilyResult => ({ ...nothing, losses: [broken], broken })
