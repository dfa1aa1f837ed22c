import type { Estimate } from '#shared/contract/costs.ts'
import type { Job, JobEstimate, JobLogLine, TemplateChoice } from '#shared/contract/jobs.ts'
import type { RungId } from '#shared/contract/transcripts.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Clock, Events, Ids, Log } from '../ports.ts'
import type { Episodes, Templates, VaultSettings, WrittenNotes } from '../services.ts'
import type { Models } from '../services-models.ts'
import type { Storage } from '../storage/storage.ts'
import { createAnnouncer } from './announce.ts'
import { cancelledWords } from './claims.ts'
import { createEngine } from './engine.ts'
import { isFree, type LeaseOwner } from './lease.ts'
import { pinnedIn, pinTemplates } from './pin.ts'
import type { JobRoom } from './room.ts'
import type { JobParams, Stage } from './stage.ts'
import {
  activeJobOf,
  addLogLine,
  finishJob,
  insertJob,
  type JobRow,
  jobRow,
  lastResult,
  listedRows,
  logLines,
  newestJobOf,
  newestJobs,
  paramsOf,
  requeueJob,
} from './store.ts'
import { type EpisodeLabel, type JobCharges, jobView } from './view.ts'

export interface JobsDeps {
  readonly storage: Storage
  readonly events: Events
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly stages: readonly Stage[]
  readonly owner: LeaseOwner
  readonly episodes: Pick<Episodes, 'get'>
  readonly templates: Templates
  readonly vault: VaultSettings
  /** What makes a template's note; offline when not given. */
  readonly models?: Pick<Models, 'choiceFor'>
  readonly estimator?: JobEstimator
  /** What the ledger says of a job. */
  readonly charges?: (jobId: string) => JobCharges
  /** Title, artwork and length as they are now; null for an episode that is gone. */
  readonly label: (episodeId: string) => EpisodeLabel | null
  /** Whether what stopped a job is mended meanwhile, e.g. a transcript is there now. */
  readonly mended?: (code: string, episodeId: string) => boolean
  /** Whether its disks have room for a job; always when not given. */
  readonly room?: JobRoom
  /** Jobs at once. */
  readonly concurrency?: number
  readonly claim?: 'all' | 'own'
  readonly heartbeatMs?: number
}

export type StartFailure = 'no-vault' | 'no-such-episode' | 'no-such-template' | 'invalid-template'
export type JobFailure = 'no-such-job' | 'already-under-way' | 'not-retryable' | StartFailure

/** What notes would cost; see pipeline/estimate.ts. */
export interface JobEstimator {
  estimate(input: WhatToMake): Promise<Result<JobEstimate, StartFailure>>
  /** Of one episode, without asking anybody; null when nothing can be said. */
  now(input: WhatToMake & { readonly episodeId: string }): Estimate | null
  /** Of something that is not in the library yet, by the templates chosen in Settings. */
  unseen(about: { readonly title: string; readonly durationSeconds: number | null }): Estimate
}
export interface WhatToMake {
  readonly episodeIds: readonly string[]
  readonly templates?: readonly string[] | undefined
  /** In place of what is assigned. */
  readonly choices?: readonly TemplateChoice[] | undefined
  readonly rung?: RungId | undefined
}
export interface StartInput extends WhatToMake {
  readonly approvedMicroUsd?: number | undefined
  /** Nothing is sent that could go beyond it; micro-dollars for each job. */
  readonly capMicroUsd?: number | undefined
  readonly reviewChanges?: boolean | undefined
  readonly fresh?: boolean | undefined
  /** Absolute; the folder of the settings when not given. */
  readonly vaultPath?: string | undefined
}
export interface Started {
  readonly jobIds: string[]
  /** Jobs of the episodes that were under way already. */
  readonly activeJobIds: string[]
  readonly skipped: number
}
/** What episode rows show of jobs. */
export interface EpisodeJobFacts {
  readonly activeJobId: string | null
  readonly failedTemplates: number
}
export type JobsService = ReturnType<typeof createJobsService>

const listedMs = 30 * 24 * 3_600_000
const queuedWords = 'Waits for its turn.'
const mostEstimated = 20
const nothingToPay: JobEstimate = {
  episodes: [],
  lowMicroUsd: 0,
  highMicroUsd: 0,
  unknownCount: 0,
  words: 'Made on this computer, free.',
}
/** Without what was not given: it is kept as JSON and compared. */
const given = <Fields extends object>(fields: Fields): { [Key in keyof Fields]?: NonNullable<Fields[Key]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never

export function createJobsService(deps: JobsDeps) {
  const { storage, clock, ids } = deps
  const announce = createAnnouncer(deps.events, (episodeId) => deps.episodes.get(episodeId)?.feedId ?? null)
  const engine = createEngine({
    ...deps,
    concurrency: deps.concurrency ?? 2,
    claim: deps.claim ?? 'all',
    room: deps.room ?? (() => null),
    onState: (row) => announce.changed(row.id, row.episode_id),
    onProgress: announce.progress,
  })

  const view = (row: JobRow): Job =>
    jobView(
      row,
      engine.live(row.id),
      deps.label(row.episode_id),
      isMended(row, deps.mended),
      deps.charges?.(row.id) ?? null,
    )
  const find = (jobId: string): Result<JobRow, 'no-such-job'> => {
    const row = jobRow(storage, jobId)
    return row ? ok(row) : fail('no-such-job', 'This job is not on the list any more. Its notes are kept.')
  }

  function start(input: StartInput): Result<Started, StartFailure> {
    const vaultPath = input.vaultPath ?? deps.vault.vaultPath()
    if (vaultPath === null)
      return fail('no-vault', 'No notes folder is chosen yet. Nothing was started. Choose one in Settings.')
    const templates = pinTemplates(deps, input)
    if (!templates.ok) return templates
    const wanted = [...new Set(input.episodeIds)]
    const episodes = wanted.map((id) => deps.episodes.get(id))
    if (episodes.includes(null))
      return fail('no-such-episode', 'This episode is not in the list any more. Nothing was started.')
    // Many at once are told apart when they run: reading every transcript now would hold the window up.
    const estimates = new Map(
      wanted.length > mostEstimated
        ? []
        : wanted.map((episodeId) => [episodeId, deps.estimator?.now({ ...input, episodeId }) ?? null]),
    )
    const started: Started = storage.write('jobs.start', (tx) => {
      const pinned = pinnedIn(tx, templates.value)
      const jobIds: string[] = []
      const activeJobIds: string[] = []
      for (const episode of episodes) {
        const active = activeJobOf(tx, episode!.id)
        if (active) {
          activeJobIds.push(active.id)
          continue
        }
        const params: JobParams = {
          episodeId: episode!.id,
          templates: pinned,
          ...given({
            approvedMicroUsd: input.approvedMicroUsd,
            capMicroUsd: input.capMicroUsd,
            rung: input.rung,
            reviewChanges: input.reviewChanges,
            fresh: input.fresh,
          }),
          vaultPath,
          vaultIsFromSettings: input.vaultPath === undefined,
          episodeTitle: episode!.title,
          feedTitle: episode!.feedTitle,
        }
        const id = ids.next()
        insertJob(tx, id, params, queuedWords, clock.now(), estimates.get(episode!.id) ?? null)
        tx.audit(`job:${id}`, null, {
          episodeId: episode!.id,
          templates: pinned.map(({ name }) => name),
          ...(input.approvedMicroUsd === undefined ? {} : { approvedMicroUsd: input.approvedMicroUsd }),
        })
        jobIds.push(id)
      }
      if (jobIds.length === 0) tx.audit('job:none', null, { skipped: activeJobIds.length })
      return { jobIds, activeJobIds, skipped: activeJobIds.length }
    })
    for (const id of [...started.jobIds, ...started.activeJobIds]) engine.adopt(id)
    if (started.jobIds.length > 0) announce.changedMany(started.jobIds)
    engine.pump()
    return ok(started)
  }

  function cancel(jobId: string): Result<Job, JobFailure> {
    const found = find(jobId)
    if (!found.ok) return found
    const after = storage.write('jobs.cancel', (tx) => {
      const row = jobRow(tx, jobId)!
      const nowMs = clock.now()
      if (row.state === 'running' && !isFree(row, deps.owner.host, nowMs))
        tx.run('UPDATE jobs SET cancel_requested = 1 WHERE id = ?', [jobId])
      // Nobody runs it: there is no checkpoint to wait for.
      else if (row.state === 'queued' || row.state === 'running') {
        finishJob(tx, jobId, row.lease_owner, { state: 'cancelled', words: cancelledWords, error: null, nowMs })
        addLogLine(tx, jobId, { atMs: nowMs, level: 'info', words: cancelledWords })
      }
      tx.audit(`job:${jobId}`, { state: row.state }, { cancelled: true })
      return jobRow(tx, jobId)!
    })
    engine.abort(jobId)
    announce.changed(jobId, after.episode_id)
    return ok(view(after))
  }

  /** @param approvedMicroUsd the sum for the whole job that the user says yes to now */
  function retry(jobId: string, approvedMicroUsd?: number): Result<Job, JobFailure> {
    const found = find(jobId)
    if (!found.ok) return found
    const row = found.value
    if (row.state === 'queued' || row.state === 'running') return ok(view(row))
    const params = paramsOf(row)
    if (row.state === 'done') return again(params, approvedMicroUsd)
    const shown = view(row)
    // A yes to a sum is what such a job waits for.
    const isPaidFor = approvedMicroUsd !== undefined && shown.error?.code === 'asks-first'
    if (shown.error && !shown.error.retryable && !isPaidFor) return fail('not-retryable', shown.error.message)
    // The folder may be what stopped it: one chosen meanwhile in Settings counts.
    const vaultPath = params.vaultIsFromSettings ? (deps.vault.vaultPath() ?? params.vaultPath) : params.vaultPath
    const outcome = storage.write('jobs.retry', (tx): Result<null, 'already-under-way'> => {
      tx.audit(`job:${jobId}`, { state: row.state }, { state: 'queued', ...given({ approvedMicroUsd }) })
      if (activeJobOf(tx, row.episode_id))
        return fail('already-under-way', 'Another job for this episode is under way. Nothing was changed.')
      requeueJob(tx, jobId, { ...params, ...given({ approvedMicroUsd }), vaultPath }, queuedWords)
      return ok(null)
    })
    if (!outcome.ok) return outcome
    engine.adopt(jobId)
    announce.changed(jobId, row.episode_id)
    engine.pump()
    return ok(view(jobRow(storage, jobId)!))
  }

  /** Process again: a new run with the templates as they are now. */
  function again(params: JobParams, approvedMicroUsd?: number): Result<Job, JobFailure> {
    const started = start({
      episodeIds: [params.episodeId],
      templates: params.templates.map(({ name }) => name),
      approvedMicroUsd,
      vaultPath: params.vaultIsFromSettings ? undefined : params.vaultPath,
    })
    if (!started.ok) return started
    return ok(view(jobRow(storage, [...started.value.jobIds, ...started.value.activeJobIds][0]!)!))
  }

  return {
    start,
    cancel,
    retry,
    estimate: (input: WhatToMake): Promise<Result<JobEstimate, StartFailure>> =>
      deps.estimator?.estimate(input) ?? Promise.resolve(ok(nothingToPay)),
    /** Of something that is not in the library yet. */
    unseen: (about: { readonly title: string; readonly durationSeconds: number | null }): Estimate =>
      deps.estimator?.unseen(about) ?? { lowMicroUsd: 0, highMicroUsd: 0, reason: 'Nothing is bought.' },
    list: (): Job[] => listedRows(storage, clock.now() - listedMs).map(view),
    get(jobId: string): Result<Job, 'no-such-job'> {
      const found = find(jobId)
      return found.ok ? ok(view(found.value)) : found
    },
    log(jobId: string): Result<JobLogLine[], 'no-such-job'> {
      const found = find(jobId)
      return found.ok ? ok(logLines(storage, jobId)) : found
    },
    /** Where the job's notes are, file by file; null before they are written. */
    written: (jobId: string): WrittenNotes | null => lastResult<WrittenNotes>(storage, jobId, 'notes'),
    /** Takes finished jobs off the list; what they made stays. */
    clearFinished(): number {
      const cleared = storage.write('jobs.clearFinished', (tx) => {
        const count = tx.run(
          "UPDATE jobs SET cleared_at_ms = ? WHERE cleared_at_ms IS NULL AND state IN ('done', 'failed', 'cancelled')",
          [clock.now()],
        )
        tx.audit('jobs', null, { cleared: count })
        return count
      })
      announce.changedMany([])
      return cleared
    },
    /** For episode rows: the job under way, and how many templates the newest job could not make. @param of all when not given */
    jobFacts(of?: readonly string[]): Map<string, EpisodeJobFacts> {
      const rows = of ? of.flatMap((id) => newestJobOf(storage, id) ?? []) : newestJobs(storage)
      return new Map(
        rows.map((row) => [
          row.episode_id,
          {
            activeJobId: row.state === 'queued' || row.state === 'running' ? row.id : null,
            failedTemplates: row.state === 'failed' ? (JSON.parse(row.failed_templates_json) as string[]).length : 0,
          },
        ]),
      )
    },
    /** Resumes what a dead process left and works through the queue from now on. */
    begin: (): void => engine.start(),
    idle: async (): Promise<void> => {
      await engine.idle()
      announce.flush()
    },
    /** Running jobs are given back at their next checkpoint, to be resumed by the next start. */
    stop: async (): Promise<void> => {
      await engine.stop()
      announce.flush()
    },
  }
}

function isMended(row: JobRow, mended: JobsDeps['mended']): boolean {
  if (row.error_json === null || !mended) return false
  return mended((JSON.parse(row.error_json) as { code: string }).code, row.episode_id)
}
