import type { Job, JobLogLine, JobStage } from '#shared/contract/jobs.ts'
import type { Json } from '#shared/result.ts'
import type { Reader, Transaction } from '../storage/storage.ts'
import type { Lease } from './lease.ts'
import type { JobFacts, JobParams } from './stage.ts'

export interface JobRow extends Lease {
  readonly id: string
  readonly episode_id: string
  readonly params_json: string
  readonly run: number
  readonly state: Job['state']
  readonly stage: JobStage
  readonly fraction: number
  readonly words: string
  readonly done_templates_json: string
  readonly failed_templates_json: string
  readonly error_json: string | null
  readonly cost_micro_usd: number
  readonly estimate_json: string | null
  readonly cancel_requested: number
  readonly deaths: number
  readonly created_at_ms: number
  readonly started_at_ms: number | null
  readonly finished_at_ms: number | null
}

const keptLogLines = 500

export const paramsOf = (row: JobRow): JobParams => JSON.parse(row.params_json) as JobParams

export const insertJob = (
  tx: Transaction,
  id: string,
  params: JobParams,
  words: string,
  nowMs: number,
  estimate: Job['estimate'] = null,
): void =>
  void tx.run(
    `INSERT INTO jobs (id, episode_id, params_json, state, stage, words, created_at_ms, estimate_json)
     VALUES (?, ?, ?, 'queued', 'source', ?, ?, ?)`,
    [id, params.episodeId, JSON.stringify(params), words, nowMs, estimate && JSON.stringify(estimate)],
  )

export const jobRow = (reader: Reader, id: string): JobRow | null =>
  reader.get<JobRow>('SELECT * FROM jobs WHERE id = ?', [id]) ?? null

export const activeJobOf = (reader: Reader, episodeId: string): JobRow | null =>
  reader.get<JobRow>("SELECT * FROM jobs WHERE episode_id = ? AND state IN ('queued', 'running')", [episodeId]) ?? null

/** Active ones and those finished since, newest first, without those taken off the list. */
export const listedRows = (reader: Reader, finishedSinceMs: number): JobRow[] =>
  reader.all<JobRow>(
    `SELECT * FROM jobs
     WHERE cleared_at_ms IS NULL AND (state IN ('queued', 'running') OR finished_at_ms >= ?)
     ORDER BY created_at_ms DESC, id DESC`,
    [finishedSinceMs],
  )

export const newestJobOf = (reader: Reader, episodeId: string): JobRow | undefined =>
  reader.get<JobRow>('SELECT * FROM jobs WHERE episode_id = ? ORDER BY created_at_ms DESC, id DESC LIMIT 1', [
    episodeId,
  ])

/** Of every episode that ever had one. */
export const newestJobs = (reader: Reader): JobRow[] =>
  reader.all<JobRow>(
    `SELECT * FROM jobs WHERE id IN (
       SELECT first_value(id) OVER (PARTITION BY episode_id ORDER BY created_at_ms DESC, id DESC) FROM jobs)`,
  )

/** Ends a job. @param owner only if this owner still holds it; null when nobody does. Answers whether it was ended. */
export function finishJob(
  tx: Transaction,
  id: string,
  owner: string | null,
  end: { state: 'done' | 'failed' | 'cancelled'; words: string; error: Job['error']; nowMs: number },
): boolean {
  const changed = tx.run(
    `UPDATE jobs SET state = ?, words = ?, error_json = ?, finished_at_ms = ?, cancel_requested = 0,
       fraction = CASE WHEN ? = 'done' THEN 1 ELSE fraction END,
       lease_owner = NULL, lease_host = NULL, lease_pid = NULL, lease_expires_at_ms = NULL
     WHERE id = ? AND state IN ('queued', 'running') AND lease_owner IS ?`,
    [end.state, end.words, end.error ? JSON.stringify(end.error) : null, end.nowMs, end.state, id, owner],
  )
  // A finished job is never resumed: another run of it is a new job. What its last stage gave is its result.
  if (changed > 0 && end.state === 'done')
    tx.run('DELETE FROM job_steps WHERE job_id = ? AND stage <> (SELECT stage FROM jobs WHERE id = ?)', [id, id])
  return changed > 0
}

/** Only while this owner holds the job. Answers whether it does. */
export const saveProgress = (
  tx: Transaction,
  id: string,
  owner: string,
  live: { stage: JobStage; fraction: number; words: string },
): boolean =>
  tx.run("UPDATE jobs SET stage = ?, fraction = ?, words = ? WHERE id = ? AND state = 'running' AND lease_owner = ?", [
    live.stage,
    live.fraction,
    live.words,
    id,
    owner,
  ]) > 0

/** Puts a stopped job back in the queue, its checkpoints kept. */
export const requeueJob = (tx: Transaction, id: string, params: JobParams, words: string): void =>
  void tx.run(
    `UPDATE jobs SET state = 'queued', run = run + 1, params_json = ?, words = ?, error_json = NULL, deaths = 0,
       cancel_requested = 0, failed_templates_json = '[]', finished_at_ms = NULL, cleared_at_ms = NULL,
       lease_owner = NULL, lease_host = NULL, lease_pid = NULL, lease_expires_at_ms = NULL
     WHERE id = ?`,
    [JSON.stringify(params), words, id],
  )

export function storedStep<Value>(reader: Reader, jobId: string, stage: JobStage, key: string): Value | null {
  const row = reader.get<{ result_json: string | null }>(
    'SELECT result_json FROM job_steps WHERE job_id = ? AND stage = ? AND key = ?',
    [jobId, stage, key],
  )
  return row?.result_json == null ? null : (JSON.parse(row.result_json) as Value)
}

export function storeSteps(
  tx: Transaction,
  jobId: string,
  stage: JobStage,
  results: Readonly<Record<string, Json>>,
  nowMs: number,
): void {
  for (const [key, result] of Object.entries(results))
    tx.run(
      `INSERT INTO job_steps (job_id, stage, key, result_json, attempts, finished_at_ms) VALUES (?, ?, ?, ?, 1, ?)
       ON CONFLICT (job_id, stage, key) DO UPDATE SET
         result_json = excluded.result_json, attempts = attempts + 1, finished_at_ms = excluded.finished_at_ms`,
      [jobId, stage, key, JSON.stringify(result), nowMs],
    )
  // It got further than the last death: it is not the job that kills the program.
  tx.run('UPDATE jobs SET deaths = 0 WHERE id = ? AND deaths > 0', [jobId])
}

/** What the last step of a stage gave; null when there is none. */
export function lastResult<Value>(reader: Reader, jobId: string, stage: JobStage): Value | null {
  const row = reader.get<{ result_json: string }>(
    `SELECT result_json FROM job_steps WHERE job_id = ? AND stage = ? AND result_json IS NOT NULL
     ORDER BY finished_at_ms DESC, rowid DESC LIMIT 1`,
    [jobId, stage],
  )
  return row ? (JSON.parse(row.result_json) as Value) : null
}

export const saveFacts = (tx: Transaction, jobId: string, facts: JobFacts): void =>
  void tx.run('UPDATE jobs SET done_templates_json = ?, failed_templates_json = ?, cost_micro_usd = ? WHERE id = ?', [
    JSON.stringify(facts.doneTemplates),
    JSON.stringify(facts.failedTemplates),
    facts.costMicroUsd,
    jobId,
  ])

export function addLogLine(tx: Transaction, jobId: string, line: JobLogLine): void {
  tx.run('INSERT INTO job_log (job_id, at_ms, level, words) VALUES (?, ?, ?, ?)', [
    jobId,
    line.atMs,
    line.level,
    line.words,
  ])
  tx.run(
    `DELETE FROM job_log WHERE job_id = ?1 AND id <= (
       SELECT id FROM job_log WHERE job_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ${keptLogLines})`,
    [jobId],
  )
}

export const logLines = (reader: Reader, jobId: string): JobLogLine[] =>
  reader.all<JobLogLine>('SELECT at_ms AS atMs, level, words FROM job_log WHERE job_id = ? ORDER BY id', [jobId])
