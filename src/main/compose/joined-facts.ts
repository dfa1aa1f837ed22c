import type { EpisodeFacts, ReadEpisodeFacts } from '../episodes/facts.ts'
import type { EpisodeJobFacts } from '../jobs/service.ts'
import type { Reader } from '../storage/storage.ts'

/** What episode rows show of notes, jobs and transcripts; the one place that reads across features. */
export const joinEpisodeFacts =
  (deps: {
    reader: Reader
    jobFacts: (of?: readonly string[]) => Map<string, EpisodeJobFacts>
    folderOf: (episodeId: string) => string | null
  }): ReadEpisodeFacts =>
  (scope) => {
    const { reader } = deps
    const only = 'episodeIds' in scope ? scope.episodeIds : null
    const counts = new Map<string, number>()
    const transcribed = new Set<string>()
    if (only) {
      for (const id of only) {
        counts.set(id, notesOf(reader, id))
        if (reader.get('SELECT 1 FROM transcripts WHERE episode_id = ?', [id])) transcribed.add(id)
      }
    } else {
      for (const { episode_id, notes } of reader.all<{ episode_id: string; notes: number }>(
        "SELECT episode_id, count(*) AS notes FROM notes WHERE state <> 'deleted' GROUP BY episode_id",
      ))
        counts.set(episode_id, notes)
      for (const { episode_id } of reader.all<{ episode_id: string }>('SELECT episode_id FROM transcripts'))
        transcribed.add(episode_id)
    }
    const jobs = deps.jobFacts(only ?? undefined)
    const facts = new Map<string, EpisodeFacts>()
    for (const id of new Set([...counts.keys(), ...transcribed, ...jobs.keys()])) {
      const job = jobs.get(id)
      facts.set(id, {
        noteCount: counts.get(id) ?? 0,
        failedTemplates: job?.failedTemplates ?? 0,
        activeJobId: job?.activeJobId ?? null,
        storedTranscript: transcribed.has(id),
        // One query each: only where few are asked for.
        folderDisplay: only ? deps.folderOf(id) : null,
      })
    }
    return facts
  }

const notesOf = (reader: Reader, episodeId: string): number =>
  reader.get<{ notes: number }>("SELECT count(*) AS notes FROM notes WHERE episode_id = ? AND state <> 'deleted'", [
    episodeId,
  ])!.notes

/** Episodes with notes, by feed. */
export const notedCounts = (reader: Reader): ReadonlyMap<string, number> =>
  new Map(
    reader
      .all<{ feed_id: string; noted: number }>(
        `SELECT feed_id, count(*) AS noted FROM episodes
         WHERE id IN (SELECT episode_id FROM notes WHERE state <> 'deleted') GROUP BY feed_id`,
      )
      .map(({ feed_id, noted }) => [feed_id, noted]),
  )
