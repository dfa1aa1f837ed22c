import type { Job, JobStage } from '#shared/contract/jobs.ts'
import { formatMoney, formatTook, plural } from '../../lib/format.ts'
import { stageNames } from '../../ui/Stages.tsx'

export interface JobGroups {
  running: Job[]
  stopped: Job[]
  waiting: Job[]
  done: Job[]
  cancelled: Job[]
}

/** By what the user has to do with them; waiting ones in the order they will run, the rest newest first. */
export function groupJobs(jobs: readonly Job[]): JobGroups {
  const of = (state: Job['state']) => jobs.filter((job) => job.state === state)
  const newestEnd = (a: Job, b: Job) => (b.finishedAtMs ?? 0) - (a.finishedAtMs ?? 0)
  return {
    running: of('running'),
    stopped: of('failed').toSorted(newestEnd),
    waiting: of('queued').toSorted((a, b) => a.createdAtMs - b.createdAtMs),
    done: of('done').toSorted(newestEnd),
    cancelled: of('cancelled').toSorted(newestEnd),
  }
}

/** "2 running, 3 waiting, 1 stopped." */
export function summaryOf({ running, waiting, stopped }: JobGroups): string {
  const parts = [
    running.length > 0 && `${running.length} running`,
    waiting.length > 0 && `${waiting.length} waiting`,
    stopped.length > 0 && `${stopped.length} stopped`,
  ].filter(Boolean)
  return parts.length > 0 ? `${parts.join(', ')}.` : 'Nothing is under way.'
}

/** "4 notes in 1 min 52 s" */
export function doneIn(job: Job): string {
  const notes = plural(job.doneTemplates.length, 'note')
  if (job.startedAtMs === null || job.finishedAtMs === null) return notes
  return `${notes} in ${formatTook((job.finishedAtMs - job.startedAtMs) / 1000)}`
}

/** What stopped it is the notes folder: choosing another one mends it. */
export const isVaultTrouble = (code: string): boolean => code.startsWith('vault-') || code === 'path-refused'

const causes: Record<string, string> = {
  'needs-speech-recognition': 'it has no transcript',
  'transcript-unreachable': 'its transcript could not be fetched',
  'transcript-unreadable': 'its transcript cannot be read',
  'transcript-empty': 'its transcript has too few words',
  'needs-password': 'its transcript asks for a password',
  'language-not-supported': 'its language is not known offline',
  'needs-model': 'its template needs a model',
  'templates-failed': 'a note is missing',
  'episode-missing': 'it is not in the list any more',
  'vault-missing': 'the notes folder is not there',
  'vault-read-only': 'the notes folder cannot be written to',
  'vault-full': 'the disk is full',
  'no-vault': 'no notes folder is chosen',
  'path-refused': 'something stands in the place of its folder',
  'write-failed': 'its notes could not be written',
}
/** One short sentence; Activity says the rest. */
export function stopWords(job: Pick<Job, 'episodeTitle' | 'error'>): string {
  const cause = causes[job.error?.code ?? '']
  return cause ? `“${job.episodeTitle}” stopped: ${cause}.` : `“${job.episodeTitle}” stopped and needs you.`
}

export interface Progress {
  stage: JobStage
  fraction: number
  words: string
}
const quarterOf = (progress: Progress): number => Math.min(3, Math.floor(progress.fraction * 4))

/** What to tell a screen reader of a job's progress: at stage changes and every 25 %; null in between. */
export function progressWords(title: string, before: Progress | undefined, now: Progress): string | null {
  if (before && before.stage === now.stage && quarterOf(before) === quarterOf(now)) return null
  const percent = quarterOf(now) * 25
  return `${title}: ${stageNames[now.stage]}${percent > 0 ? `, ${percent} %` : ''}. ${now.words}`
}

/** How far the estimate was from what was paid; null where nothing was paid or nothing was reckoned. */
export function estimateWords({ estimate, costMicroUsd, unknownCharges }: Job): string | null {
  if (unknownCharges > 0) return costMicroUsd > 0 ? `and ${unknownCharges} unknown` : null
  const high = estimate?.highMicroUsd ?? null
  if (costMicroUsd === 0 || high === null) return null
  const low = estimate?.lowMicroUsd ?? high
  if (costMicroUsd >= low && costMicroUsd <= high) return `as estimated, ${formatMoney(low)} to ${formatMoney(high)}`
  const off = Math.round((costMicroUsd / (costMicroUsd > high ? high : low) - 1) * 100)
  return `${off > 0 ? '+' : '−'}${Math.abs(off)} % of the estimate`
}
