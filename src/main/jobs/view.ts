import type { Job } from '#shared/contract/jobs.ts'
import type { LiveProgress } from './claims.ts'
import { type JobRow, paramsOf } from './store.ts'

/** What the list shows of a job's episode. */
export interface EpisodeLabel {
  readonly title: string
  readonly feedTitle: string
  readonly artworkPath: string | null
  readonly durationSeconds: number | null
}

/** @param live progress of a job that runs in this process: newer than its row */
export function jobView(row: JobRow, live: LiveProgress | null, label: EpisodeLabel | null, mended: boolean): Job {
  const params = paramsOf(row)
  const error = row.error_json === null ? null : (JSON.parse(row.error_json) as NonNullable<Job['error']>)
  return {
    id: row.id,
    episodeId: row.episode_id,
    episodeTitle: label?.title ?? params.episodeTitle,
    feedTitle: label?.feedTitle ?? params.feedTitle,
    artworkPath: label?.artworkPath ?? null,
    durationSeconds: label?.durationSeconds ?? null,
    state: row.state,
    stage: live?.stage ?? row.stage,
    fraction: live?.fraction ?? row.fraction,
    words: live?.words ?? row.words,
    templates: params.templates.map(({ name }) => name),
    doneTemplates: JSON.parse(row.done_templates_json) as string[],
    failedTemplates: JSON.parse(row.failed_templates_json) as string[],
    error: error && { ...error, retryable: error.retryable || mended },
    createdAtMs: row.created_at_ms,
    startedAtMs: row.started_at_ms,
    finishedAtMs: row.finished_at_ms,
    costMicroUsd: row.cost_micro_usd,
  }
}
