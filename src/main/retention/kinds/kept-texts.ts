import { statSync } from 'node:fs'
import { join } from 'node:path'
import { cutoffOf, type SweepKind } from '../kind.ts'
import { blobIsReferenced, whileDamaged } from '../references.ts'

interface Row {
  readonly id: string
  readonly file_name: string
  readonly sha256: string
}
const blobPath = (sha: string): string => `blobs/${sha.slice(0, 2)}/${sha}`

/** Texts of the user that a newer note took the place of: as long as the rule says, they can be had back. */
export const keptTextsKind = (profilePath: string): SweepKind => {
  const sizeOf = (sha: string): number =>
    statSync(join(profilePath, blobPath(sha)), { throwIfNoEntry: false })?.size ?? 0
  return {
    kind: 'kept-texts',
    defaults: { days: 30, maxBytes: null },
    stored: (reader) => {
      const rows = reader.all<{ sha256: string; rows: number }>(
        'SELECT sha256, count(*) AS rows FROM note_history GROUP BY sha256',
      )
      return {
        items: rows.reduce((sum, { rows: each }) => sum + each, 0),
        bytes: rows.reduce((sum, { sha256 }) => sum + sizeOf(sha256), 0),
      }
    },
    due: (reader, question) => {
      if (question.rule.days === null) return { items: [], spared: new Map() }
      const rows = reader.all<Row>('SELECT * FROM note_history WHERE saved_at_ms < ? ORDER BY saved_at_ms, id', [
        cutoffOf(question),
      ])
      if (!question.notesAreWhole)
        return { items: [], spared: new Map(rows.length > 0 ? [[whileDamaged, rows.length]] : []) }
      const counted = new Set<string>()
      const items = rows.map(({ id, file_name, sha256 }) => {
        const bytes = counted.has(sha256) ? 0 : sizeOf(sha256)
        counted.add(sha256)
        return { id, bytes, words: file_name }
      })
      return { items, spared: new Map() }
    },
    forget: (tx, items) => {
      const shas = new Set<string>()
      for (const { id } of items) {
        const row = tx.get<{ sha256: string }>('SELECT sha256 FROM note_history WHERE id = ?', [id])
        if (row) shas.add(row.sha256)
        tx.run('DELETE FROM note_history WHERE id = ?', [id])
      }
      return [...shas]
        .filter((sha) => !blobIsReferenced(tx, sha))
        .map((sha) => ({ path: blobPath(sha), bytes: sizeOf(sha) }))
    },
  }
}
