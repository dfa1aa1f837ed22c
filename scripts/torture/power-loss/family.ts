import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type FamilyOptions, type FamilyWork, Tally } from '../family.ts'
import { createRandom, mine, type Random, seedOf } from '../random.ts'
import { checkFlushes } from './flushes.ts'
import { loseHouse } from './house.ts'
import { diskAfter, fates, pendingAt } from './model.ts'
import { type Protocol, protocols } from './protocols.ts'
import { type Recording, record } from './record.ts'

/** Subsets of what was not flushed, at each point. */
const subsets = 4_096

/** Invariant: the power may go at any call; whatever of the unflushed calls reached the medium, the promises hold. */
export const powerLoss: FamilyWork = {
  async run(options) {
    const { mutant, share } = options
    const tally = new Tally()
    const part = mutant?.hint?.part
    if (part === undefined || part === 'protocols')
      for (const protocol of mutant ? protocols : mine(protocols, share)) {
        await loseProtocol(protocol, options, tally)
        if (mutant && tally.losses.length > 0) return tally.result()
      }
    if (part === undefined || part === 'house') await loseHouse(options, tally)
    if (part === undefined || part === 'flushes') await checkFlushes(options, tally)
    return tally.result()
  },
}

async function loseProtocol(protocol: Protocol, options: FamilyOptions, tally: Tally): Promise<void> {
  const root = join(options.scratch, 'protocol')
  rmSync(root, { recursive: true, force: true })
  mkdirSync(root, { recursive: true })
  protocol.prepare(root)
  const random = createRandom(seedOf(options.seed, protocol.name))
  const recording = await record(root, () => protocol.act(root))
  const { states, faults } = tryAll(protocol, recording, root, -1, random)
  tally.points += recording.operations.length + 1
  tally.states += states
  tally.faults += recording.operations.length + 1
  for (const fault of faults.slice(0, 3))
    tally.losses.push(`${protocol.name}, ${fault.replaceAll(root, '')} (seed ${options.seed})`)
  if (options.mutant) return
  // Each flush is taken away in turn: one that nobody misses must have a reason.
  const flushes = recording.operations.flatMap(({ kind }, index) => (kind.startsWith('sync') ? [index] : []))
  const idle = flushes.filter((flush) => {
    const without = tryAll(protocol, recording, root, flush, random)
    tally.states += without.states
    return without.faults.length === 0
  })
  tally.faults += flushes.length
  const words = idle.map((index) => {
    const operation = recording.operations[index]!
    const path = 'path' in operation ? operation.path.replace(root, '').replace(/[0-9a-f]{6,}/g, '#') || '/' : ''
    return `${operation.kind === 'sync-folder' ? 'folder' : 'file'} ${path}`
  })
  options.report(
    `${protocol.name}: ${states} states of ${recording.operations.length} calls, ${flushes.length - idle.length} of ${flushes.length} flushes are missed when taken away`,
  )
  if (idle.length > 0)
    tally.remarks.push(
      `${protocol.name}: nobody misses the flush of ${[...new Set(words)].join(', ')} (see docs/torture.md)`,
    )
}

function tryAll(
  protocol: Protocol,
  { start, operations }: Recording,
  root: string,
  deaf: number,
  random: Random,
): { states: number; faults: string[] } {
  const faults: string[] = []
  let states = 0
  for (let crash = 0; crash <= operations.length; crash++) {
    const done = crash === operations.length
    for (const fate of fates(pendingAt(operations, crash, deaf), subsets, random)) {
      states += 1
      for (const fault of protocol.faults(diskAfter(start, operations, crash, fate, deaf), root, done))
        faults.push(`power cut after call ${crash} of ${operations.length}: ${fault}`)
    }
    if (faults.length > 0) break
  }
  return { states, faults }
}
