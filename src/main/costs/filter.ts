import type { CostFilter } from '#shared/contract/costs.ts'
import type { Reader, SqlValue } from '../storage/storage.ts'
import { type Dims, dims } from './sums.ts'

export interface Where {
  readonly sql: string
  readonly params: readonly SqlValue[]
}
const both = (parts: readonly Where[]): Where => ({
  sql: parts.length === 0 ? 'true' : parts.map(({ sql }) => `(${sql})`).join(' AND '),
  params: parts.flatMap(({ params }) => params),
})

/** What sums can answer: conditions on `cost_combos c`. */
export const comboWhere = (filter: CostFilter): Where =>
  both(
    asked(filter).flatMap(({ dim, value }) => (value === undefined ? [] : [{ sql: `c.${dim} = ?`, params: [value] }])),
  )
const asked = (filter: CostFilter): { dim: keyof Dims; value: string | undefined }[] => [
  { dim: 'provider', value: filter.provider },
  { dim: 'model', value: filter.model },
  { dim: 'operation', value: filter.operation },
  { dim: 'feed_id', value: filter.feedId },
  { dim: 'template_name', value: filter.template },
]
/** The one of `dims` that is asked for, when it is only one. */
export function onlyDim(filter: CostFilter): number | null {
  const found = asked(filter).filter(({ value }) => value !== undefined)
  return found.length === 1 ? dims.indexOf(found[0]!.dim) : null
}
export const hasComboFilter = (filter: CostFilter): boolean => comboWhere(filter).params.length > 0
/** Only the rows themselves can answer these. */
export const needsRows = (filter: CostFilter): boolean =>
  filter.episodeId !== undefined || filter.jobId !== undefined || Boolean(filter.text)

const like = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`
const episodesSql = "SELECT id FROM episodes WHERE title LIKE ? ESCAPE '\\'"
const feedsSql = "SELECT id FROM feeds WHERE coalesce(user_title, own_title) LIKE ? ESCAPE '\\'"

/** Conditions on `cost_entries e`, time left out. */
export function rowsWhere(reader: Reader, filter: CostFilter): Where {
  const parts: Where[] = []
  if (filter.episodeId !== undefined) parts.push({ sql: 'e.episode_id = ?', params: [filter.episodeId] })
  if (filter.jobId !== undefined) parts.push({ sql: 'e.job_id = ?', params: [filter.jobId] })
  if (filter.text) {
    const feeds = reader.all<{ id: string }>(feedsSql, [like(filter.text)]).map(({ id }) => id)
    // The index over episodes serves when few match; rows of a whole feed are found by their combo.
    const ofFeeds =
      feeds.length === 0
        ? ''
        : ` OR e.combo_id IN (SELECT id FROM cost_combos WHERE feed_id IN (SELECT value FROM json_each(?)))`
    parts.push({
      sql: `e.episode_id IN (${episodesSql})${ofFeeds}`,
      params: [like(filter.text), ...(feeds.length === 0 ? [] : [JSON.stringify(feeds)])],
    })
  }
  if (hasComboFilter(filter)) {
    const { sql, params } = comboWhere(filter)
    parts.push({ sql: `e.combo_id IN (SELECT c.id FROM cost_combos c WHERE ${sql})`, params })
  }
  return both(parts)
}

export const timeWhere = (column: string, fromMs: number | undefined, toMs: number | undefined): Where =>
  both([
    ...(fromMs === undefined ? [] : [{ sql: `${column} >= ?`, params: [fromMs] }]),
    ...(toMs === undefined ? [] : [{ sql: `${column} < ?`, params: [toMs] }]),
  ])
export { both as allOf }
