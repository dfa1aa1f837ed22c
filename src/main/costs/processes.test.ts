import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isAlive, leaseOwner } from '../jobs/lease.ts'
import { moneyOf } from './costs-testing.ts'

const child = fileURLToPath(new URL('./test-child.ts', import.meta.url))
let folder: string
const running = new Set<ChildProcess>()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-money-'))
})
afterEach(() => {
  for (const one of running) one.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

function start(mode: string, seed: number) {
  const process_ = spawn(process.execPath, [child, join(folder, 'inkwell.db'), mode, String(seed)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  running.add(process_)
  let out = ''
  let err = ''
  process_.stdout.on('data', (data: Buffer) => {
    out += data.toString()
  })
  process_.stderr.on('data', (data: Buffer) => {
    err += data.toString()
  })
  const ended = new Promise<{ lines: string[]; code: number | null; err: string }>((resolve) => {
    process_.on('close', (code) => {
      running.delete(process_)
      // The last line may be cut off.
      resolve({ lines: out.split('\n').slice(0, -1), code, err })
    })
  })
  const said = async (lines: number): Promise<void> => {
    while (out.split('\n').length <= lines && running.has(process_)) await new Promise((done) => setTimeout(done, 5))
  }
  return { ended, said, go: () => process_.stdin.end('!'), kill: () => process_.kill('SIGKILL') }
}
const here = () =>
  moneyOf({ path: join(folder, 'inkwell.db'), nowMs: Date.now(), owner: leaseOwner('here'), alive: isAlive })

test('two processes that race for one budget never pass it', async () => {
  const budget = 2_000
  const before = here()
  before.unlimited()
  before.limits.set({ scope: 'month', kind: 'stops', feedId: null, limitMicroUsd: budget })
  before.storage.close()
  const both = [start('race', 1), start('race', 2)]
  for (const { said } of both) await said(1)
  for (const { go } of both) go()
  const ends = await Promise.all(both.map(({ ended }) => ended))
  for (const { code, err } of ends) expect(code, err).toBe(0)
  const money = here()
  const spent = money.costs.facts().totalMicroUsd
  expect(spent + money.held()).toBeLessThanOrEqual(budget)
  expect(ends.flatMap(({ lines }) => lines.filter((line) => line.startsWith('over')))).toEqual([])
  // Both had a part of it, and what they left held comes back.
  expect(Math.min(...ends.map(({ lines }) => lines.length))).toBeGreaterThan(20)
  expect(money.held()).toBeGreaterThan(0)
  money.spending.recover()
  expect(money.held()).toBe(0)
  expect(money.costs.facts().wrongMonths).toEqual([])
  money.storage.close()
})

test('a process killed anywhere loses no charge and enters none twice', async () => {
  const before = here()
  before.unlimited()
  before.storage.close()
  const begun = new Set<string>()
  const settled = new Map<string, number>()
  for (let round = 1; round <= 8; round++) {
    const one = start('spend', round)
    await one.said(6 + round)
    await new Promise((done) => setTimeout(done, round))
    one.kill()
    const { lines, err } = await one.ended
    expect(lines.length, err).toBeGreaterThan(6)
    for (const line of lines) {
      const [what, id, cost] = line.split(' ')
      if (what === 'begun') begun.add(id!)
      if (what === 'settled') settled.set(id!, Number(cost))
    }
  }
  const money = here()
  money.spending.recover()
  const rows = new Map(money.ledger().map((row) => [row.id as string, row]))
  expect(rows.size).toBe(money.ledger().length)
  for (const id of begun) {
    const row = rows.get(id)
    const cost = settled.get(id)
    if (cost === undefined) {
      // Killed between the request and the word of its end: entered, whether as it was or as estimated.
      expect(row, id).toBeDefined()
    } else expect(row, id).toMatchObject({ cost_micro_usd: cost, amount_kind: 'known', outcome: 'succeeded' })
    // What was paid for is there exactly when its charge is.
    const answer = money.storage.get('SELECT 1 FROM settings WHERE name = ?', [`answer.${id}`])
    expect(answer !== undefined, id).toBe(row?.outcome === 'succeeded')
  }
  // One more for each round at most: killed after the mark was made, and before it could be said.
  expect(rows.size - begun.size).toBeLessThanOrEqual(8)
  expect(money.held()).toBe(0)
  expect(money.spending.recover()).toBe(0)
  expect(money.costs.facts().wrongMonths).toEqual([])
  money.storage.close()
})
