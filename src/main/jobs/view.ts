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

/** What the ledger says of a job. */
export interface JobCharges {
  readonly entries: number
  readonly costMicroUsd: number
  readonly unknown: number
  readonly estimated: number
}

/** @param live progress of a job that runs in this process: newer than its row */
export function jobView(
  row: JobRow,
  live: LiveProgress | null,
  label: EpisodeLabel | null,
  mended: boolean,
  charges: JobCharges | null,
): Job {
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
    // Rows of the ledger may be swept; the job remembers their sum.
    costMicroUsd: Math.max(charges?.costMicroUsd ?? 0, row.cost_micro_usd),
    costKind: charges && charges.unknown > 0 ? 'unknown' : charges && charges.estimated > 0 ? 'estimated' : 'known',
    unknownCharges: charges?.unknown ?? 0,
    estimate: row.estimate_json === null ? null : (JSON.parse(row.estimate_json) as Job['estimate']),
  }
}
