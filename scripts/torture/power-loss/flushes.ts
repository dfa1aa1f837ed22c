import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { FamilyOptions, Tally } from '../family.ts'
import { layGround } from '../ground.ts'
import { startVictim } from '../kill-points/killer.ts'
import { whyNoStrace } from '../processes.ts'
import { mine } from '../random.ts'
import { scenarios } from '../scenarios/index.ts'

const tried = ['append-ledger', 'save-interview', 'edit-feeds']

/** Every acknowledged change of the database was flushed before it was acknowledged: seen in the system calls themselves. */
export async function checkFlushes(options: FamilyOptions, tally: Tally): Promise<void> {
  const { scratch, mutant, share, report } = options
  const why = await whyNoStrace()
  if (why) {
    tally.remarks.push(`flushes of the database are not looked at: ${why}`)
    return
  }
  const all = scenarios.filter(({ name }) => tried.includes(name))
  for (const scenario of mutant ? all.slice(0, 1) : mine(all, share)) {
    const [root, acks, record] = ['root', 'acks', 'record'].map((name) => join(scratch, name)) as [
      string,
      string,
      string,
    ]
    rmSync(root, { recursive: true, force: true })
    mkdirSync(root)
    await layGround(root, scenario)
    const how = { root, scenario: scenario.name, acks, action: 'act', mutant: mutant?.name ?? null } as const
    const { errors } = await startVictim({ ...how, how: 'strace' }).run(null, record)
    if (errors) tally.losses.push(`${scenario.name}: ${errors}`)
    let unflushed = 0
    let acknowledged = 0
    for (const line of readFileSync(record, 'utf8').split('\n')) {
      const [, call, rest] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? []
      if (!call) continue
      if (/^p?write/.test(call) && rest!.includes('inkwell.db-wal')) unflushed += 1
      if (/^f(data)?sync$/.test(call) && rest!.includes('inkwell.db-wal')) unflushed = 0
      if (call === 'write' && rest!.includes(acks)) {
        acknowledged += 1
        if (unflushed > 0)
          tally.losses.push(
            `${scenario.name}: acknowledged with ${unflushed} writes of the log not flushed (its ack ${acknowledged})`,
          )
      }
    }
    if (acknowledged === 0) tally.losses.push(`${scenario.name}: nothing was acknowledged`)
    tally.points += acknowledged
    tally.states += acknowledged
    report(`${scenario.name}: ${acknowledged} acknowledgements, each after its flush`)
  }
}
