import type { AuditFilter } from '#shared/contract/audit.ts'
import { RetentionKind } from '#shared/contract/retention.ts'
import { kindTitles } from '../retention/titles.ts'
import { auditTable } from '../storage/audit-row.ts'
import { isSealed } from '../storage/seals.ts'
import type { Reader, SqlValue } from '../storage/storage.ts'

export interface AuditRow {
  readonly id: number
  readonly at_ms: number
  readonly action: string
  readonly origin: string
  readonly subject: string
  readonly before_json: string | null
  readonly after_json: string | null
  readonly row_sha256: string
}
/** As it was written. */
export const isIntact = (row: AuditRow): boolean => isSealed(auditTable, { ...row })
/** Where a page ends: the next one begins below. Null: at the newest. */
export type Cursor = { readonly atMs: number; readonly id: number } | null

/** What words may stand for besides themselves: actions and subjects whose shown words hold them. */
export interface Meanings {
  readonly actions: readonly string[]
  readonly subjects: readonly string[]
}
export interface Search {
  readonly filter: Omit<AuditFilter, 'text'>
  /** All of them must be found, each anywhere. */
  readonly words: readonly { readonly word: string; readonly meanings: Meanings }[]
}

/** The expression of the index `audit_by_feature`: only spelled the same way is it used. */
export const featureOf = "substr(action, 1, instr(action, '.') - 1)"

const likePattern = (word: string): string => `%${word.replace(/[\\%_]/g, '\\$&')}%`

function conditions({ filter, words }: Search, below: Cursor, end: Cursor = null): { sql: string; params: SqlValue[] } {
  const parts: string[] = []
  const params: SqlValue[] = []
  const add = (sql: string, ...values: SqlValue[]): void => {
    parts.push(sql)
    params.push(...values)
  }
  if (filter.feature !== undefined) add(`${featureOf} = ?`, filter.feature)
  // One bound on each side for the index; with a second one it would scan from the wrong of the two.
  const from = Math.max(filter.fromMs ?? Number.NEGATIVE_INFINITY, end?.atMs ?? Number.NEGATIVE_INFINITY)
  const until = Math.min((filter.untilMs ?? Number.POSITIVE_INFINITY) - 1, below?.atMs ?? Number.POSITIVE_INFINITY)
  if (from > Number.NEGATIVE_INFINITY) add('at_ms >= ?', from)
  if (until < Number.POSITIVE_INFINITY) add('at_ms <= ?', until)
  // Several rows of one millisecond.
  if (below) add('(+at_ms < ? OR +id < ?)', below.atMs, below.id)
  if (end) add('(+at_ms > ? OR +id >= ?)', end.atMs, end.id)
  for (const { word, meanings } of words) {
    const like = likePattern(word)
    const places = ['after_json', 'before_json', 'subject', 'action'].map((column) => `${column} LIKE ? ESCAPE '\\'`)
    const values: SqlValue[] = [like, like, like, like]
    for (const [column, meant] of [
      ['subject', meanings.subjects],
      ['action', meanings.actions],
    ] as const)
      if (meant.length > 0) {
        places.push(`${column} IN (SELECT value FROM json_each(?))`)
        values.push(JSON.stringify(meant))
      }
    add(`(${places.join(' OR ')})`, ...values)
  }
  return { sql: parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : '', params }
}

const newestFirst = 'ORDER BY at_ms DESC, id DESC'

/** One page, newest first. */
export function readRows(reader: Reader, search: Search, below: Cursor, limit: number): AuditRow[] {
  const { sql, params } = conditions(search, below)
  return reader.all(`SELECT * FROM audit ${sql} ${newestFirst} LIMIT ?`, [...params, limit])
}

export function countRows(reader: Reader, search: Search): number {
  const { sql, params } = conditions(search, null)
  return reader.get<{ rows: number }>(`SELECT count(*) AS rows FROM audit ${sql}`, params)!.rows
}
/** Of the rows after one. */
export const countSince = (reader: Reader, id: number): number =>
  reader.get<{ rows: number }>('SELECT count(*) AS rows FROM audit WHERE id > ?', [id])!.rows
export const lastId = (reader: Reader): number =>
  reader.get<{ id: number | null }>('SELECT max(id) AS id FROM audit')!.id ?? 0

/**
 * Where the next `rows` end of those that time and feature let through: a search for words goes through a long trail in
 * slices, so that nothing waits for all of it. Null at the oldest.
 */
export function sliceEnd(reader: Reader, search: Search, below: Cursor, rows: number): Cursor {
  const { sql, params } = conditions({ ...search, words: [] }, below)
  const last = reader.get<{ at_ms: number; id: number }>(
    `SELECT at_ms, id FROM audit ${sql} ${newestFirst} LIMIT 1 OFFSET ?`,
    [...params, rows - 1],
  )
  return last ? { atMs: last.at_ms, id: last.id } : null
}

/** Those of a slice that hold the words. */
export function readWithin(reader: Reader, search: Search, below: Cursor, end: Cursor): AuditRow[] {
  const { sql, params } = conditions(search, below, end)
  return reader.all(`SELECT * FROM audit ${sql} ${newestFirst}`, params)
}
export function countWithin(reader: Reader, search: Search, below: Cursor, end: Cursor): number {
  const { sql, params } = conditions(search, below, end)
  return reader.get<{ rows: number }>(`SELECT count(*) AS rows FROM audit ${sql}`, params)!.rows
}

export const cursorAt = (reader: Reader, id: number): Cursor => {
  const row = reader.get<{ at_ms: number }>('SELECT at_ms FROM audit WHERE id = ?', [id])
  // A row that is not there (a damaged trail): the numbers go on below it.
  return row ? { atMs: row.at_ms, id } : cursorBelow(reader, id)
}
const cursorBelow = (reader: Reader, id: number): Cursor => {
  const next = reader.get<{ id: number; at_ms: number }>(
    'SELECT id, at_ms FROM audit WHERE id < ? ORDER BY id DESC LIMIT 1',
    [id],
  )
  return next ? { atMs: next.at_ms, id: next.id + 1 } : { atMs: Number.MIN_SAFE_INTEGER, id: 0 }
}

/** Every feature that has a row, found by as many steps as there are features. */
export const readFeatures = (reader: Reader): string[] =>
  reader
    .all<{ feature: string | null }>(
      `WITH RECURSIVE found (feature) AS (
         SELECT min(${featureOf}) FROM audit
         UNION ALL
         SELECT (SELECT min(${featureOf}) FROM audit WHERE ${featureOf} > feature) FROM found WHERE feature IS NOT NULL)
       SELECT feature FROM found WHERE feature IS NOT NULL`,
    )
    .flatMap(({ feature }) => (feature ? [feature] : []))

/** Subjects of episodes, feeds and rules whose names hold a word. @returns e.g. `feed:…`, at most a few hundred */
export function subjectsNamed(reader: Reader, word: string): string[] {
  const like = likePattern(word)
  const feeds = reader.all<{ id: string }>(
    "SELECT id FROM feeds WHERE own_title LIKE ?1 ESCAPE '\\' OR user_title LIKE ?1 ESCAPE '\\' LIMIT 200",
    [like],
  )
  const episodes = reader.all<{ id: string }>("SELECT id FROM episodes WHERE title LIKE ? ESCAPE '\\' LIMIT 200", [
    like,
  ])
  return [
    ...RetentionKind.options.flatMap((kind) =>
      kindTitles[kind].toLowerCase().includes(word.toLowerCase()) ? [`retention:${kind}`] : [],
    ),
    ...feeds.map(({ id }) => `feed:${id}`),
    ...episodes.flatMap(({ id }) => [`episode:${id}`, `transcript:${id}`]),
  ]
}
