import { backupsFamily } from './backups/family.ts'
import { clocksFamily } from './clocks.ts'
import { concurrency } from './concurrency/family.ts'
import { damage } from './damage/family.ts'
import { diskFull } from './disk-full.ts'
import { editorRace } from './editor-race.ts'
import type { Family } from './family.ts'
import { fuzzFamily } from './fuzz/family.ts'
import { ioErrors } from './io-errors/family.ts'
import { killPoints } from './kill-points/family.ts'
import { migrationsFamily } from './migrations/family.ts'
import { modelFamily } from './model/family.ts'
import { powerLoss } from './power-loss/family.ts'
import { shortWrites } from './short-writes.ts'

/** In the order of the test plan. */
export const families: readonly Family[] = [
  killPoints,
  ioErrors,
  diskFull,
  shortWrites,
  powerLoss,
  damage,
  concurrency,
  editorRace,
  clocksFamily,
  migrationsFamily,
  backupsFamily,
  modelFamily,
  fuzzFamily,
]

export function familyCalled(name: string): Family {
  const found = families.find((family) => family.name === name)
  if (!found) throw new Error(`no family is called ${name}; there are ${families.map((one) => one.name).join(', ')}`)
  return found
}
