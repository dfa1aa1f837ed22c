/**
 * A process that spends, for tests: `race` reserves 200 times and keeps what it gets; `spend` goes on until it is
 * killed. What it knows for sure goes to standard output, one line each.
 */
import { readSync, writeSync } from 'node:fs'
import { createIds } from '../ids.ts'
import { leaseOwner } from '../jobs/lease.ts'
import { openStorage } from '../storage/storage.ts'
import { moneyOf, plan, purpose, used } from './costs-testing.ts'

const [path = '', mode = 'race', seed = '1'] = process.argv.slice(2)
const clock = { now: () => Date.now() }
const opened = openStorage(path, { clock, origin: 'child' })
if (!opened.ok) throw new Error(opened.error.message)
const money = moneyOf({
  storage: opened.value,
  nowMs: Date.now(),
  owner: leaseOwner(createIds(clock).next()),
  alive: undefined,
})
const say = (line: string): void => void writeSync(1, `${line}\n`)
const request = (microUsd: number) => ({
  provider: 'claude',
  model: 'model-1',
  purpose: purpose({ jobId: `job-${seed}` }),
  planned: plan(microUsd),
  approvedMicroUsd: 1_000_000_000,
})
let state = Number(seed) * 7_919
const next = (below: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 4_294_967_296) * below)
}

if (mode === 'race') {
  say('ready')
  // Until the other one is ready too.
  readSync(0, Buffer.alloc(1))
  for (let at = 0; at < 200; at++) {
    const microUsd = 500 + next(1_000)
    const purchase = money.spending.reserve(request(microUsd))
    if (!purchase.ok) continue
    say(`reserved ${microUsd}`)
    const begun = purchase.value.begin()
    if (!begun.ok) throw new Error(begun.error.message)
    // Some cost less than was held, some fail, some are refused.
    const [spent, charged] = (
      [
        [microUsd, 'yes'],
        [microUsd >> 1, 'yes'],
        [0, 'no'],
        [microUsd, 'maybe'],
      ] as const
    )[next(4)]!
    purchase.value.settle(begun.value, { ok: charged === 'yes', usage: charged === 'no' ? null : used(spent), charged })
    if (next(3) > 0) purchase.value.close()
  }
  process.exit(0)
}
for (;;) {
  const purchase = money.spending.reserve(request(1_000))
  if (!purchase.ok) throw new Error(purchase.error.message)
  const begun = purchase.value.begin()
  if (!begun.ok) throw new Error(begun.error.message)
  say(`begun ${begun.value}`)
  const cost = next(1_000)
  purchase.value.settle(begun.value, { ok: true, usage: used(cost), charged: 'yes' }, (tx) =>
    tx.run("INSERT INTO settings (name, value_json, updated_at_ms, row_sha256) VALUES (?, '1', 1, '')", [
      `answer.${begun.value}`,
    ]),
  )
  say(`settled ${begun.value} ${cost}`)
  purchase.value.close()
}
