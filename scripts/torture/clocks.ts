import { dayOf, rotate } from '../../src/main/backup/rotation.ts'
import { costStore } from '../../src/main/costs/store.ts'
import { createIds } from '../../src/main/ids.ts'
import { claimNext, holds, renew } from '../../src/main/jobs/claims.ts'
import type { LeaseOwner } from '../../src/main/jobs/lease.ts'
import {
  addSession,
  dayMs,
  openRetentionHouse,
  type RetentionHouse,
} from '../../src/main/retention/retention-testing.ts'
import { type FamilyOptions, type FamilyWork, Tally } from './family.ts'
import { charge } from './ground.ts'
import { mine } from './random.ts'

/** What the computer's clock says, from the honest time. */
interface Clock {
  readonly name: string
  readonly says: (honestMs: number) => number
  /** Back again afterwards, as when the network sets it right. */
}
const hourMs = 3_600_000
const at = (iso: string) => (): number => Date.parse(iso)

const clocks: readonly Clock[] = [
  { name: 'back one day', says: (ms) => ms - dayMs },
  { name: 'back an hour, as at the end of summer time', says: (ms) => ms - hourMs },
  { name: 'ahead an hour, as at its beginning', says: (ms) => ms + hourMs },
  { name: 'stands still', says: at('2026-06-01T00:00:00Z') },
  { name: 'a second twice', says: (ms) => ms - (ms % 2_000 >= 1_000 ? 1_000 : 0) },
  { name: 'after 2038', says: at('2038-01-19T03:14:08Z') },
  { name: 'in 9999', says: at('9999-12-31T23:59:58Z') },
  { name: 'in 1970', says: () => 0 },
  { name: 'before 1970', says: at('1901-12-13T20:45:51Z') },
  { name: 'in the year 1', says: at('0001-06-01T00:00:00Z') },
]

/** Invariant: whatever the clock says, nothing is lost by it, and what is written in it is found again. */
export const clocksFamily: FamilyWork = {
  async run(options) {
    const tally = new Tally()
    // Its profiles are made there; nothing of them has to outlive a power cut.
    process.env.TMPDIR = options.scratch
    for (const clock of mine(clocks, options.share)) {
      const rules = { ids: idsOf, ledger: ledgerOf, sweeps: sweepsOf, sessions: sessionsOf, leases: leasesOf }
      for (const [rule, look] of Object.entries(rules)) await tryRule(clock, rule, look, options, tally)
      tally.points += 1
      tally.states += 1
      for (const loss of rotationOf(clock)) tally.losses.push(`${clock.name}, rotation: ${loss}`)
    }
    options.report(`${clocks.length} clocks, ${tally.points} rules tried`)
    return tally.result()
  },
}

async function tryRule(
  clock: Clock,
  rule: string,
  look: (house: RetentionHouse, clock: Clock) => Promise<string[]> | string[],
  { mutant }: FamilyOptions,
  tally: Tally,
): Promise<void> {
  if (mutant && tally.losses.length > 0) return
  const house = openRetentionHouse()
  tally.points += 1
  tally.faults += 1
  tally.states += 1
  try {
    for (const loss of await look(house, clock)) tally.losses.push(`${clock.name}, ${rule}: ${loss}`)
  } catch (error) {
    tally.losses.push(`${clock.name}, ${rule}: it does not go on: ${(error as Error).message}`)
  } finally {
    house.close()
  }
}

/** Honest, wrong, honest again. */
function* leaps(house: RetentionHouse, { says }: Clock): Generator<'honest' | 'wrong'> {
  const honestMs = house.clock.nowMs
  yield 'honest'
  house.clock.nowMs = says(honestMs + 1_500)
  yield 'wrong'
  house.clock.nowMs = honestMs + 3_000
  yield 'honest'
}

function idsOf(house: RetentionHouse, clock: Clock): string[] {
  const ids = createIds(house.clock)
  const made: string[] = []
  for (const _ of leaps(house, clock)) for (let count = 0; count < 5_000; count++) made.push(ids.next())
  return [
    ...(new Set(made).size === made.length ? [] : ['an id was given twice']),
    ...(made.every((id, index) => index === 0 || made[index - 1]! < id) ? [] : ['ids do not sort as they were made']),
    ...(made.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))
      ? []
      : ['an id is no UUIDv7']),
  ]
}

function ledgerOf(house: RetentionHouse, clock: Clock): string[] {
  const { costs, storage } = house
  const months = new Map<string, number>()
  let number = 0
  for (const _ of leaps(house, clock))
    for (let count = 0; count < 3; count++) {
      number += 1
      const atMs = house.clock.nowMs
      costs.append({ ...charge(number), at_ms: atMs })
      const date = new Date(atMs)
      const month = `${String(date.getUTCFullYear()).padStart(4, '0')}-${String(date.getUTCMonth() + 1).padStart(2, '0')}`
      months.set(month, (months.get(month) ?? 0) + 1)
    }
  const { entries, wrongMonths } = costs.facts()
  const said = costStore.months(storage)
  return [
    ...(entries === number ? [] : [`${entries} of ${number} charges are in the journal`]),
    ...wrongMonths.map(({ month, journal, rows }) => `${month}: the journal says ${journal}, the rows ${rows}`),
    ...[...months].flatMap(([month, count]) =>
      said.some((one) => one.month === month && one.entries === count)
        ? []
        : [`${count} charges of ${month} are elsewhere`],
    ),
  ]
}

/** Daily sweeps were agreed to; what is there is younger than any rule says. */
async function sweepsOf(house: RetentionHouse, clock: Clock): Promise<string[]> {
  const { storage, costs } = house
  for (const state of ['completed', 'abandoned'] as const)
    addSession(house, { state, ageDays: 2, answer: 'The tide.', exported: 'after' })
  costs.append({ ...charge(1), at_ms: house.clock.nowMs - dayMs })
  const first = house.service()
  await first.set({ kind: 'cost-history', days: 365 })
  await first.sweep((await first.preview()).token)
  await first.close()
  const count = (): number =>
    storage.get<{ rows: number }>(
      'SELECT (SELECT count(*) FROM interview_sessions) + (SELECT count(*) FROM cost_entries) AS rows',
    )!.rows
  const before = count()
  const losses: string[] = []
  for (const time of leaps(house, clock)) {
    const service = house.service()
    // Its first look is a start.
    await service.start()
    await service.close()
    if (count() !== before) losses.push(`${before - count()} rows that are two days old are swept (${time})`)
    if (losses.length > 0) break
  }
  return losses
}

function sessionsOf(house: RetentionHouse, clock: Clock): string[] {
  const { interviews } = house
  const id = addSession(house, { state: 'active', ageDays: 1, draft: 'Hm, the t' })
  const before = interviews.get(id)!
  const losses: string[] = []
  for (const _ of leaps(house, clock)) {
    const nowMs = house.clock.nowMs
    const isOld = nowMs - interviews.get(id)!.updated_at_ms > 7 * dayMs
    const abandoned = interviews.abandonIdle(nowMs - 7 * dayMs).includes(id)
    const session = interviews.get(id)!
    if (abandoned && !isOld) losses.push('an interview of yesterday was abandoned')
    // Where it looks old it may be closed, and goes on as it was.
    if (session.state === 'abandoned') {
      const resumed = interviews.setState(id, session.revision, 'active')
      if (!resumed.ok) losses.push(`it cannot be resumed: ${resumed.error.message}`)
    }
    const now = interviews.get(id)!
    if (JSON.stringify([now.exchanges, now.drafts]) !== JSON.stringify([before.exchanges, before.drafts]))
      losses.push('words of the interview are not as they were')
    if (!now.intact) losses.push('its row does not match its seal')
  }
  return losses
}

/** Two processes, one job. */
function leasesOf(house: RetentionHouse, clock: Clock): string[] {
  const { storage } = house
  const other = house.other()
  const owner = (id: string, host = 'here'): LeaseOwner => ({ id, host, pid: process.pid })
  const [one, two] = [owner('one'), owner('two', 'there')]
  const now = (): number => house.clock.nowMs
  const room = { of: () => null, onWait: () => {} }
  const claim = (from: typeof storage, who: LeaseOwner) => claimNext(from, who, now, null, () => {}, room)
  storage.write('jobs.test', (tx) => {
    tx.run(
      `INSERT INTO jobs (id, episode_id, params_json, state, stage, words, created_at_ms)
       VALUES ('job', 'episode', '{"vaultPath":"/vault"}', 'queued', 'source', '', ?)`,
      [now()],
    )
    tx.audit('job', null, null)
  })
  const losses: string[] = []
  if (!claim(storage, one)) losses.push('the job was not taken')
  for (const time of leaps(house, clock)) {
    const taken = claim(other, two)
    const holders = storage.writeUnaudited((tx) => [one, two].filter((who) => holds(tx, 'job', who)).length)
    if (holders !== 1) losses.push(`${holders} processes hold one job (${time})`)
    const progress = new Map([['job', { stage: 'source' as const, fraction: 0.5, words: 'On it.' }]])
    const { lost } = renew(storage, one, progress, now())
    if (taken && lost.length === 0) losses.push(`who lost the job was not told (${time})`)
  }
  // Nobody renews it any more, wherever it ran: it must not wait for what the clock said.
  house.clock.nowMs = clock.says(house.clock.nowMs) + 60_000
  if (Math.abs(clock.says(0) - clock.says(dayMs)) > 0 && !claim(storage, owner('three', 'elsewhere')))
    losses.push('a job that nobody runs is not taken up again')
  return losses
}

/** Backups that were made while the clock was wrong push out none of the honest ones. */
function rotationOf({ says }: Clock): string[] {
  const nowMs = Date.UTC(2026, 9, 26, 3)
  const backup = (name: string, madeAtMs: number) => ({
    fileName: name,
    madeAtMs,
    automatic: true,
    good: true,
    flawless: true,
  })
  const honest = Array.from({ length: 7 }, (_, days) => backup(`honest-${days}`, nowMs - days * dayMs))
  const wrong = Array.from({ length: 40 }, (_, month) => backup(`wrong-${month}`, says(nowMs) + month * 31 * dayMs))
  const all = [...honest, ...wrong]
  const going = new Set(rotate(all, undefined, nowMs))
  const days = new Set(all.filter(({ fileName }) => !going.has(fileName)).map(({ madeAtMs }) => dayOf(madeAtMs)))
  return honest.filter(({ madeAtMs }) => !days.has(dayOf(madeAtMs))).map(({ fileName }) => `${fileName} is deleted`)
}
