import { basename } from 'node:path'
import type { AuditEntry, AuditFilter } from '#shared/contract/audit.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Clock, Desktop } from '../ports.ts'
import type { Reader } from '../storage/storage.ts'
import { errorCode, type FileSystem, writeFileAtomic } from '../storage/write-file.ts'
import { type ExportFormat, exportText } from './export-text.ts'
import {
  type AuditRow,
  type Cursor,
  countRows,
  countSince,
  countWithin,
  cursorAt,
  isIntact,
  lastId,
  readFeatures,
  readRows,
  readWithin,
  type Search,
  sliceEnd,
  subjectsNamed,
} from './store.ts'
import { createSubjectWords } from './subjects.ts'
import { summaryOf } from './summary.ts'
import { actionsNamed, titleOf } from './words.ts'

export interface AuditDeps {
  readonly reader: Reader
  readonly clock: Clock
  /** Null without a window. */
  readonly desktop: Pick<Desktop, 'chooseSavePath'> | null
  readonly fs?: FileSystem
}
export interface AuditPage {
  entries: AuditEntry[]
  /** All that the filter lets through. */
  total: number
  /** Every feature with a row. */
  features: string[]
}
export type ExportFailure = 'not-available' | 'export-failed'

export interface AuditService {
  /** Newest first. A search for words goes through the whole trail in slices: other work goes on meanwhile. */
  list(input: { filter: AuditFilter; beforeId?: number | undefined; limit: number }): Promise<AuditPage>
  /** Asks where to; null when the user left the dialog. */
  exportTo(input: {
    filter: AuditFilter
    format: ExportFormat
  }): Promise<Result<{ fileName: string; entries: number } | null, ExportFailure>>
  /** @param path absolute; what is there is replaced */
  exportFile(
    path: string,
    input: { filter: AuditFilter; format: ExportFormat },
  ): Promise<Result<{ entries: number }, ExportFailure>>
}

/** A few milliseconds of work each. */
const sliceRows = 2_000
const exportPage = 250
const maxWords = 10
const everything: Search = { filter: {}, words: [] }

export function createAuditService({ reader, clock, desktop, fs }: AuditDeps): AuditService {
  const searchOf = ({ text, ...filter }: AuditFilter): Search => ({
    filter,
    words: (text ?? '')
      .split(/\s+/)
      .filter(Boolean)
      .slice(0, maxWords)
      .map((word) => ({
        word,
        meanings: { actions: actionsNamed(word), subjects: subjectsNamed(reader, word) },
      })),
  })
  const entriesOf = (rows: readonly AuditRow[], words = createSubjectWords(reader)): AuditEntry[] =>
    rows.map((row) => ({
      id: row.id,
      atMs: row.at_ms,
      action: row.action,
      title: titleOf(row.action),
      subject: words(row.subject),
      origin: row.origin === 'headless' ? 'headless' : 'app',
      summary: summaryOf(row.before_json, row.after_json),
      beforeJson: row.before_json,
      afterJson: row.after_json,
      intact: isIntact(row),
    }))

  const searched = async (search: Search, below: Cursor, limit: number) => {
    const found: AuditRow[] = []
    let total = 0
    let cursor: Cursor = null
    do {
      const end = sliceEnd(reader, search, cursor, sliceRows)
      if (found.length === limit) total += countWithin(reader, search, cursor, end)
      else {
        const rows = readWithin(reader, search, cursor, end)
        total += rows.length
        found.push(...rows.filter((row) => isBelow(row, below)).slice(0, limit - found.length))
      }
      cursor = end
      await nextTurn()
    } while (cursor)
    return { found, total }
  }

  let counted: { rows: number; id: number } | null = null
  /** Rows are never taken away, so that only those since the last count are counted. */
  const countAll = (): number => {
    const id = lastId(reader)
    counted = { rows: counted ? counted.rows + countSince(reader, counted.id) : countRows(reader, everything), id }
    return counted.rows
  }

  async function* pages(filter: AuditFilter, tell: (entries: number) => void): AsyncGenerator<AuditEntry[]> {
    const search = searchOf(filter)
    const words = createSubjectWords(reader)
    let cursor: Cursor = null
    do {
      const end = sliceEnd(reader, search, cursor, exportPage)
      const rows = readWithin(reader, search, cursor, end)
      tell(rows.length)
      yield entriesOf(rows, words)
      cursor = end
      await nextTurn()
    } while (cursor)
  }

  const exportFile: AuditService['exportFile'] = async (path, { filter, format }) => {
    let entries = 0
    const counting = pages(filter, (rows) => {
      entries += rows
    })
    try {
      await writeFileAtomic(path, exportText(format, counting), { ...(fs ? { fs } : {}), mode: 0o600 })
      return ok({ entries })
    } catch (error) {
      const code = errorCode(error)
      if (code === '') throw error
      return fail('export-failed', `${path} could not be written (${code}). What was there is as it was.`, {
        retryable: true,
      })
    }
  }

  return {
    async list({ filter, beforeId, limit }) {
      const search = searchOf(filter)
      const below = beforeId === undefined ? null : cursorAt(reader, beforeId)
      const features = readFeatures(reader)
      if (search.words.length === 0) {
        const total = Object.keys(search.filter).length === 0 ? countAll() : countRows(reader, search)
        return { entries: entriesOf(readRows(reader, search, below, limit)), total, features }
      }
      const { found, total } = await searched(search, below, limit)
      return { entries: entriesOf(found), total, features }
    },
    async exportTo(input) {
      if (!desktop) return fail('not-available', 'There is no window here to choose a file in.')
      const day = new Date(clock.now()).toISOString().slice(0, 10)
      const path = await desktop.chooseSavePath('Save the history of changes', `inkwell-history-${day}.${input.format}`)
      if (path === null) return ok(null)
      const written = await exportFile(path, input)
      return written.ok ? ok({ fileName: basename(path), entries: written.value.entries }) : written
    },
    exportFile,
  }
}

const isBelow = (row: AuditRow, below: Cursor): boolean =>
  below === null || row.at_ms < below.atMs || (row.at_ms === below.atMs && row.id < below.id)

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
