import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createTemplate } from '../../../src/main/health/health-testing.ts'
import { furnish } from '../../../src/main/health/healthy-house.ts'

/** What a furnished house left when it was closed. */
export interface Ground {
  /** Its database, of the smallest pages, so that there are few bytes that mean nothing. */
  readonly database: Buffer
  /** The `.metadata.yaml` of a note. */
  readonly metadata: Buffer
  remove(): void
}

export async function layDamageGround(scratch: string): Promise<Ground> {
  const template = await createTemplate(furnish)
  const house = await template.fresh()
  const { profile, vault } = house
  await house.close()
  const name = readdirSync(vault, { recursive: true })
    .map(String)
    .find((one) => one.endsWith('.metadata.yaml'))!
  return {
    database: shrunk(join(profile, 'inkwell.db'), join(scratch, 'small.db')),
    metadata: readFileSync(join(vault, name)),
    remove: () => template.remove(),
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
