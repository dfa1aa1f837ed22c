import { ok } from '#shared/result.ts'
import type { Reader, Storage } from '../../storage/storage.ts'
import { ChangedMeanwhile, type Found, found, hashOf, type Mend } from '../check.ts'
import { count } from '../words.ts'

interface Damaged {
  readonly episodeId: string
  readonly title: string
  readonly source: string
  readonly storedAtMs: number
  readonly words: number
  readonly stored: string
}
/** Publishers give theirs again; what was dropped or pasted has to be given again by the user. */
const fetched: ReadonlySet<string> = new Set(['publisher', 'sidecar'])

const readDamaged = (reader: Reader, episodeId: string): Damaged | undefined => {
  const row = reader.get<Omit<Damaged, 'stored'> & { segments: string; sum: string }>(
    `SELECT t.episode_id AS episodeId, coalesce(e.title, t.episode_id) AS title, t.source, t.stored_at_ms AS storedAtMs,
            t.word_count AS words, t.segments_json AS segments, t.segments_sha256 || t.segments_bytes AS sum
     FROM transcripts t LEFT JOIN episodes e ON e.id = t.episode_id WHERE t.episode_id = ?`,
    [episodeId],
  )
  if (!row) return undefined
  const { segments, sum, ...rest } = row
  return { ...rest, stored: hashOf([segments, sum]) }
}

export function damagedTranscripts(storage: Storage, episodeIds: readonly string[], deep: boolean): Found[] {
  const all = episodeIds.flatMap((id) => readDamaged(storage, id) ?? [])
  const again = all.filter(({ source }) => fetched.has(source))
  const given = all.filter(({ source }) => !fetched.has(source))
  const findings: Found[] = []
  const add = (id: string, of: readonly Damaged[], words: { detail: string; label: string; after: string }): void => {
    if (of.length === 0) return
    findings.push(
      found({
        id,
        severity: id === 'caches/transcripts' ? 'warning' : 'error',
        title: `${count(of.length, 'stored transcript')} ${of.length === 1 ? 'is' : 'are'} not as ${of.length === 1 ? 'it was' : 'they were'} stored.`,
        detail: words.detail,
        subjects: of.map(({ title }) => title),
        look: of,
        deep,
        mend: drop(storage, of, words),
      }),
    )
  }
  add('caches/transcripts', again, {
    detail:
      'They are not used any more. Your notes are kept; the publisher’s transcript is fetched again when it is needed.',
    label: 'Drop what is damaged',
    after: 'fetched again when it is needed',
  })
  add('caches/transcripts-given', given, {
    detail:
      'You gave them to Inkwell, so that it cannot fetch them again. They are not used any more. Your notes are kept, with the words in the note “_transcript”; drop the files or paste the words again.',
    label: 'Drop what is damaged',
    after: 'dropped; give it to Inkwell again',
  })
  return findings
}

const drop = (storage: Storage, damaged: readonly Damaged[], words: { label: string; after: string }): Mend => ({
  label: words.label,
  prepare: () => ({
    scope: 'Removes these stored transcripts from the database. Notes, recordings and files of yours are not touched.',
    rows: damaged.map(({ title, source, words: many }) => ({
      before: `${title}: ${count(many, 'word')}, ${source}`,
      after: words.after,
      remark: 'damaged',
    })),
    perform: () => {
      storage.write('health.mend.transcripts', (tx) => {
        for (const one of damaged) {
          if (hashOf(readDamaged(tx, one.episodeId)) !== hashOf(one)) throw new ChangedMeanwhile()
          tx.run('DELETE FROM transcripts WHERE episode_id = ?', [one.episodeId])
          tx.audit(`transcript:${one.episodeId}`, { source: one.source, damaged: true }, null)
        }
      })
      return ok(`${count(damaged.length, 'damaged transcript')} dropped.`)
    },
  }),
})
