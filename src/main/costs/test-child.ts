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
  const [budget] = money.limits.list().map(({ limitMicroUsd }) => limitMicroUsd)
  for (let at = 0; at < 200; at++) {
    const microUsd = 500 + next(1_000)
    const purchase = money.spending.reserve(request(microUsd))
    if (!purchase.ok) continue
    say(`reserved ${microUsd}`)
    const { taken } = money.storage.get<{ taken: number }>(
      `SELECT (SELECT coalesce(sum(cost_micro_usd), 0) FROM cost_entries) +
              (SELECT coalesce(sum(held_micro_usd), 0) FROM cost_reservations) AS taken`,
    )!
    if (taken > budget!) say(`over ${taken}`)
    const begun = purchase.value.begin()
    if (!begun.ok) throw new Error(begun.error.message)
    // Most are refused and give all back, so that the two meet at the limit again and again.
    const [spent, charged] = next(10) === 0 ? ([next(20), 'yes'] as const) : ([0, 'no'] as const)
    purchase.value.settle(begun.value, { ok: charged === 'yes', usage: charged === 'no' ? null : used(spent), charged })
    purchase.value.close()
  }
  // What is held at the end stays behind.
  money.spending.reserve(request(1))
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
