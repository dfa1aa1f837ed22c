import { RetentionKind } from '#shared/contract/retention.ts'
import { kindTitles } from '../retention/titles.ts'
import type { Reader } from '../storage/storage.ts'

const text = (reader: Reader, sql: string, id: string): string | null =>
  reader.get<{ words: string | null }>(sql, [id])?.words ?? null

const feedTitle = (reader: Reader, id: string): string | null =>
  text(reader, 'SELECT coalesce(user_title, own_title) AS words FROM feeds WHERE id = ?', id)
const episodeTitle = (reader: Reader, id: string): string | null =>
  text(reader, 'SELECT title AS words FROM episodes WHERE id = ?', id)

/** What stands before the colon of a subject → how the rest is named. */
const namesOf: Readonly<Record<string, (reader: Reader, id: string) => string | null>> = {
  feed: feedTitle,
  episode: episodeTitle,
  transcript: episodeTitle,
  note: (reader, id) => text(reader, 'SELECT file_name AS words FROM note_files WHERE id = ?', id),
  // What the job was made with outlives its episode.
  job: (reader, id) =>
    text(reader, "SELECT json_extract(params_json, '$.episodeTitle') AS words FROM jobs WHERE id = ?", id),
  interview: (reader, id) => text(reader, 'SELECT episode_title AS words FROM interview_sessions WHERE id = ?', id),
  retention: (_, id) => kindTitles[RetentionKind.safeParse(id).data ?? 'leftovers'],
  // Free work would otherwise be a row of figures: the episode and the note it was for.
  cost: (reader, id) =>
    text(
      reader,
      `SELECT coalesce(template_name, operation) || coalesce(', ' || episodes.title, '') AS words
       FROM cost_entries LEFT JOIN episodes ON episodes.id = episode_id WHERE cost_entries.id = ?`,
      id,
    ),
  backup: (_, fileName) => fileName,
  setting: (_, name) => plainName(name),
  template: (_, name) => name,
}

/** `maxBytes` → "max bytes". */
export const plainName = (name: string): string =>
  name
    .replace(/[._-]+/g, ' ')
    .replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .trim()

/** A subject as a person knows it: an episode's title, a feed's name. What is gone, or unknown, goes by its id. */
export function createSubjectWords(reader: Reader): (subject: string) => string {
  const known = new Map<string, string>()
  return (subject) => {
    const found = known.get(subject)
    if (found !== undefined) return found
    const [, kind = '', id = ''] = /^([a-z-]+):(.*)$/s.exec(subject) ?? []
    const name = namesOf[kind]?.(reader, id)
    const words = name || (id && kind in namesOf ? `${plainName(kind)} ${id}` : subject)
    known.set(subject, words)
    return words
  }
}
