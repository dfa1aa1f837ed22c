import { lstat, unlink } from 'node:fs/promises'
import { ok } from '#shared/result.ts'
import { type FileRow, noteStore, unknownSha } from '../../notes/store.ts'
import type { HistoryRow } from '../../notes/versions-store.ts'
import type { Reader } from '../../storage/storage.ts'
import { ChangedMeanwhile, hashOf, type Mend } from '../check.ts'
import type { CheckDeps } from '../ports.ts'
import { count } from '../words.ts'

/** Texts that cannot be had back, as the rows that count on them name them. */
interface Rows {
  readonly history: readonly HistoryRow[]
  readonly written: readonly FileRow[]
}

const rowsOf = (reader: Reader, shas: readonly string[]): Rows => ({
  history: shas.flatMap((sha) =>
    reader.all<HistoryRow>('SELECT * FROM note_history WHERE sha256 = ? ORDER BY id', [sha]),
  ),
  written: shas
    .flatMap((sha) =>
      reader.all<{ id: string }>('SELECT id FROM note_files WHERE ? IN (base_sha256, newer_sha256)', [sha]),
    )
    // One that rotted itself is for the check of rows.
    .flatMap(({ id }) => (noteStore.fileIntact(reader, id) ? [noteStore.file(reader, id)!] : [])),
})

/**
 * Ends the counting on texts that are lost: an earlier text leaves the list of what can be had back, and a note whose
 * text as written is gone is the user's from then on, which Inkwell never overwrites.
 */
export const forgetTexts = (
  { storage }: CheckDeps,
  texts: readonly { readonly sha256: string; readonly name: string; readonly vaultFile: string | null }[],
  pathOf: (sha: string) => string,
): Mend => ({
  label: texts.length === 1 ? 'Forget it' : `Forget the ${texts.length} texts`,
  prepare: async () => {
    const shas = texts.map(({ sha256 }) => sha256)
    const seen = rowsOf(storage, shas)
    const gone = new Set<string>()
    for (const { sha256, vaultFile } of texts)
      if (vaultFile !== null && !(await lstat(vaultFile).catch(() => null))) gone.add(sha256)
    return {
      scope:
        'Takes these texts off the list of what can be had back. They are lost either way. The notes in your folder stay as they are, and count as yours: Inkwell does not write over them.',
      rows: texts.map(({ sha256, name }) => ({
        before: name,
        after: '',
        remark: seen.history.some((row) => row.sha256 === sha256) ? 'an earlier text' : 'the text as Inkwell wrote it',
      })),
      seen: [seen, [...gone]],
      perform: async () => {
        storage.write('health.mend.texts', (tx) => {
          if (hashOf(rowsOf(tx, shas)) !== hashOf(seen)) throw new ChangedMeanwhile()
          for (const { id } of seen.history) tx.run('DELETE FROM note_history WHERE id = ?', [id])
          for (const row of seen.written) noteStore.putFile(tx, withoutText(row, new Set(shas), gone))
          for (const { file_id } of seen.history) tx.audit(`note:${file_id}`, { earlierText: true }, null)
          for (const { id } of seen.written) tx.audit(`note:${id}`, { textKept: true }, { textKept: false })
        })
        // What is left of them would count as used by nothing.
        for (const sha of shas) await unlink(pathOf(sha)).catch(() => {})
        return ok(`${count(texts.length, 'lost text')} forgotten.`)
      },
    }
  },
})

function withoutText(row: FileRow, lost: ReadonlySet<string>, gone: ReadonlySet<string>): FileRow {
  const base =
    row.base_sha256 !== null && lost.has(row.base_sha256)
      ? {
          base_sha256: unknownSha,
          content_sha256: null,
          base_stamp: null,
          // Neither the note nor its text is there: it cannot be brought back.
          ...(gone.has(row.base_sha256) ? { state: 'deleted' as const } : {}),
        }
      : {}
  const newer =
    row.newer_sha256 !== null && lost.has(row.newer_sha256) ? { newer_sha256: unknownSha, newer_stamp: null } : {}
  return { ...row, ...base, ...newer }
}
