import { cutoffOf, type SweepKind, sift } from '../kind.ts'

interface Row {
  readonly id: string
  readonly title: string | null
  readonly state: string
  readonly cost_micro_usd: number
  readonly bytes: number
  readonly made_since: number
}

/** A job that ended without its notes holds what was paid for, until another one made them. */
const reasonOf = ({ state, cost_micro_usd, made_since }: Row): string | null =>
  state !== 'done' && cost_micro_usd > 0 && made_since === 0 ? 'paid for, and in no note yet' : null

export const extractionsKind: SweepKind = {
  kind: 'extractions',
  defaults: { days: 90, maxBytes: null },
  stored: (reader) =>
    reader.get<{ items: number; bytes: number }>(
      `SELECT count(DISTINCT job_id) AS items, coalesce(sum(length(CAST(result_json AS BLOB))), 0) AS bytes
       FROM job_steps WHERE job_id IN (SELECT id FROM jobs WHERE state IN ('done', 'failed', 'cancelled'))`,
    )!,
  due: (reader, question) =>
    question.rule.days === null
      ? { items: [], spared: new Map() }
      : sift(
          reader.all<Row>(
            `SELECT j.id, json_extract(j.params_json, '$.episodeTitle') AS title, j.state, j.cost_micro_usd,
               (SELECT coalesce(sum(length(CAST(result_json AS BLOB))), 0) FROM job_steps WHERE job_id = j.id) AS bytes,
               EXISTS (SELECT 1 FROM jobs later WHERE later.episode_id = j.episode_id AND later.state = 'done'
                       AND later.created_at_ms > j.created_at_ms) AS made_since
             FROM jobs j
             WHERE j.state IN ('done', 'failed', 'cancelled') AND j.finished_at_ms < ?
               AND EXISTS (SELECT 1 FROM job_steps WHERE job_id = j.id)
             ORDER BY j.finished_at_ms, j.id`,
            [cutoffOf(question)],
          ),
          reasonOf,
          ({ id, title, bytes }) => ({ id, bytes, words: title ?? id }),
        ),
  forget: (tx, items) => {
    for (const { id } of items) tx.run('DELETE FROM job_steps WHERE job_id = ?', [id])
    return []
  },
}
