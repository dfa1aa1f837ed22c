import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createTemplate, type HealthHouse } from '../../../src/main/health/health-testing.ts'
import { furnish } from '../../../src/main/health/healthy-house.ts'

/** A furnished house, to be had again as it was. */
export interface Ground {
  fresh(): Promise<HealthHouse>
  /** Its database, of the smallest pages, so that there are few bytes that mean nothing. */
  readonly database: Buffer
  /** A house that was closed, for reading. */
  readonly house: Pick<HealthHouse, 'profile' | 'vault' | 'root'>
  remove(): void
}

export async function layDamageGround(scratch: string): Promise<Ground> {
  const template = await createTemplate(furnish)
  const house = await template.fresh()
  const { profile, vault, root } = house
  await house.close()
  return {
    ...template,
    database: shrunk(join(profile, 'inkwell.db'), join(scratch, 'small.db')),
    house: { profile, vault, root },
  }
}

function shrunk(from: string, to: string): Buffer {
  const source = new DatabaseSync(from, { readOnly: true })
  source.prepare('VACUUM INTO ?').run(to)
  source.close()
  const database = new DatabaseSync(to)
  database.exec('DELETE FROM health_report; DELETE FROM health_marks')
  database.exec('PRAGMA journal_mode = DELETE')
  database.exec('PRAGMA page_size = 512')
  database.exec('VACUUM')
  database.exec('PRAGMA journal_mode = WAL')
  database.close()
  return readFileSync(to)
}
