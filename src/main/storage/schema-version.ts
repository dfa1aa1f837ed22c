import type { DatabaseSync } from 'node:sqlite'

/**
 * The number of the schema stands in the header twice: as `user_version`, and with its own opposite in `application_id`,
 * so that a flipped bit in either is told from a schema that a newer Inkwell made.
 */
export interface SchemaVersion {
  readonly said: number
  /** What it is: other than `said` when that differs in one bit only. */
  readonly is: number
}

const mark = 0x494b // IK
const stampOf = (version: number): number => mark * 65_536 + (version & 0xff) * 256 + (~version & 0xff)

const numberIn = (database: DatabaseSync, name: string): number =>
  Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0])

export function schemaVersion(database: DatabaseSync): SchemaVersion {
  const said = numberIn(database, 'user_version')
  const stamp = numberIn(database, 'application_id')
  const stamped = Math.floor(stamp / 256) % 256
  const hasStamp = stampOf(stamped) === stamp
  return { said, is: hasStamp && isOneBit(stamped ^ said) ? stamped : said }
}

const isOneBit = (difference: number): boolean => difference !== 0 && (difference & (difference - 1)) === 0

/** Inside the transaction that makes it so. */
export function setSchemaVersion(database: DatabaseSync, version: number): void {
  database.exec(`PRAGMA user_version = ${version}`)
  database.exec(`PRAGMA application_id = ${stampOf(version)}`)
}

export const isStamped = (database: DatabaseSync): boolean =>
  numberIn(database, 'application_id') === stampOf(numberIn(database, 'user_version'))
