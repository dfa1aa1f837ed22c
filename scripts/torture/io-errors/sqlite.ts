import { join } from 'node:path'
import { judge } from '../check.ts'
import type { FamilyOptions, Tally } from '../family.ts'
import { copyRoot } from '../home.ts'
import { bundledVictim } from '../kill-points/bundle.ts'
import { type Point, readPoints, startVictim } from '../kill-points/killer.ts'
import type { Stage } from '../port-faults.ts'
import { whyNoStrace } from '../processes.ts'
import type { Random } from '../random.ts'

/** What SQLite asks of the system, and how that fails. */
const failures: readonly { call: RegExp; code: string }[] = [
  { call: /^(fsync|fdatasync)$/, code: 'EIO' },
  { call: /^pwrite64$/, code: 'ENOSPC' },
  { call: /^pwrite64$/, code: 'EIO' },
  { call: /^ftruncate$/, code: 'EIO' },
]
const sizes = { quick: 1, full: 20 }

/** The database's own calls, which no port sees, fail by strace: once, and for ever. */
export async function failSqlite(stage: Stage, options: FamilyOptions, random: Random, tally: Tally): Promise<void> {
  const noStrace = await whyNoStrace()
  if (noStrace) {
    const remark = `SQLite's own calls were not made to fail: ${noStrace}`
    if (!tally.remarks.includes(remark)) tally.remarks.push(remark)
    return
  }
  const { scenario, root, prepared } = stage
  const { scratch, mutant, quick, seed } = options
  const [acks, record] = [join(scratch, 'acks'), join(scratch, 'record')]
  const bundle = mutant ? undefined : await bundledVictim()
  const start = () =>
    startVictim({
      root,
      scenario: scenario.name,
      acks,
      action: 'act',
      mutant: mutant?.name ?? null,
      how: 'strace',
      bundle,
    })
  copyRoot(prepared, root)
  const recorded = await start().run(null, record)
  if (recorded.errors) throw new Error(`${scenario.name} does not run undisturbed: ${recorded.errors}`)
  const points = readPoints(record, root, recorded.threads).filter(({ what }) => what.includes('inkwell.db'))
  const plans = failures.flatMap(({ call, code }) =>
    points
      .filter((point) => call.test(point.call))
      .flatMap((point) => [false, true].map((forever) => ({ point, code, forever }))),
  )
  for (const { point, code, forever } of random.sample(plans, quick ? sizes.quick : sizes.full)) {
    copyRoot(prepared, root)
    const failing: Point = { ...point, fault: `error=${code}`, forever }
    const { acked, errors } = await start().run(failing)
    const place = `${scenario.name}, ${code} ${forever ? 'from' : 'at'} ${point.what} (${point.call} ${point.count}, seed ${seed})`
    tally.points += 1
    tally.faults += 1
    if (errors) tally.losses.push(`${place}: ${errors}`)
    for (const loss of await judge(root, scenario, acked)) tally.losses.push(`${place}: ${loss}`)
    tally.states += 1
    if (mutant && tally.losses.length > 0) return
  }
}
