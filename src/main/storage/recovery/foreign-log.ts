import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { auditTable } from '../audit-row.ts'
import { isSealed } from '../seals.ts'
import { idInSetting, profileIdIn } from './profile-id.ts'
import { type FoundRecord, isTableLeaf, recordsOn } from './records.ts'
import type { Row } from './tables.ts'
import type { Wal } from './wal.ts'

/**
 * Whether a log is of another database than the file beside it. SQLite does not ask: it lays the pages of any log over
 * any file. The trail tells, of which the file has the beginning and the log what follows: an entry that both have is the
 * same, or one of them is of another profile. So does the profile's id.
 * @param profileId that the file must have; null when it is not known
 */
export function isForeignLog(path: string, wal: Wal, profileId: string | null): boolean {
  const ids = new Set<string>()
  const file = openAlone(path)
  try {
    for (const record of recordsIn(wal)) {
      const id = record.columns === settingColumns ? idInSetting(record.value(0), record.value(1)) : null
      if (id !== null) ids.add(id)
      const isSame = record.columns === entryNames.length ? isSameEntry(record, file) : null
      if (isSame !== null) return !isSame
    }
  } finally {
    file?.close()
  }
  const own = ids.size === 0 ? null : (profileId ?? profileIdIn(path))
  return own !== null && !ids.has(own)
}

const entryNames = [...auditTable.columns, 'row_sha256']
const settingColumns = 4

const isTelling = ({ columns }: FoundRecord): boolean => columns === settingColumns || columns === entryNames.length

/** Without its log; null when SQLite makes nothing of it. */
function openAlone(path: string): DatabaseSync | null {
  try {
    const file = new DatabaseSync(`${pathToFileURL(path).href}?immutable=1`, { readOnly: true })
    file.prepare('SELECT max(id) FROM audit').get()
    return file
  } catch {
    return null
  }
}

/** Of each page as the log has it last. */
function* recordsIn({ frames }: Wal): Generator<FoundRecord> {
  const seen = new Set<number>()
  for (const { page, pageNumber, isWhole } of frames.toReversed()) {
    if (!isWhole || seen.has(pageNumber)) continue
    seen.add(pageNumber)
    if (isTableLeaf(page, pageNumber)) yield* recordsOn(page, pageNumber, () => null, isTelling)
  }
}

/** Null when that says nothing: the file does not have the entry, or a seal does not fit. */
function isSameEntry({ rowid, values }: FoundRecord, file: DatabaseSync | null): boolean | null {
  try {
    const there = file?.prepare('SELECT * FROM audit WHERE id = ?').get(rowid) as Row | undefined
    const found = there && isSealed(auditTable, there) ? values() : null
    if (!there || !found) return null
    const entry: Row = { ...Object.fromEntries(entryNames.map((name, at) => [name, found[at]!])), id: rowid }
    return isSealed(auditTable, entry) ? entry.row_sha256 === there.row_sha256 : null
  } catch {
    return null
  }
}
