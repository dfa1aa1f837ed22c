import type { JobLogLine, JobStage } from '#shared/contract/jobs.ts'
import type { ModelChoice } from '#shared/contract/models.ts'
import type { RungId } from '#shared/contract/transcripts.ts'
import type { Json, Result } from '#shared/result.ts'
import type { Template, TemplatePrompt } from '../services.ts'
import type { Transaction } from '../storage/storage.ts'

export interface PinnedTemplate extends Pick<Template, 'name' | 'title' | 'version' | 'offlineRecipe'> {
  /** What makes it. Jobs of earlier versions have none: theirs were made offline. */
  readonly choice?: ModelChoice
  /** What takes over when the choice fails for a reason that lies with it. */
  readonly fallback?: ModelChoice | null
  /** Of what it asks a model, in `job_prompts`. */
  readonly promptSha256?: string
}
export const offlineChoice: ModelChoice = { providerId: 'offline', model: 'offline-1' }
export const choiceOf = ({ choice }: PinnedTemplate): ModelChoice => choice ?? offlineChoice

/** Fixed when the job is made: a change of settings or templates afterwards does not change what it does. */
export interface JobParams {
  readonly episodeId: string
  readonly templates: readonly PinnedTemplate[]
  /** In jobs of earlier versions only. */
  readonly provider?: 'offline'
  /** The sum for this job that the user said yes to, in micro-dollars. */
  readonly approvedMicroUsd?: number | null
  /** Nothing is sent that could go beyond it. */
  readonly capMicroUsd?: number | null
  readonly rung?: RungId
  /** When not given: for notes that a model made. */
  readonly reviewChanges?: boolean
  /** Kept answers are not used. */
  readonly fresh?: boolean
  /** Absolute. */
  readonly vaultPath: string
  /** False for a folder given for this job alone. */
  readonly vaultIsFromSettings: boolean
  /** Names the job when its episode is gone. */
  readonly episodeTitle: string
  readonly feedTitle: string
}

/** What the list shows of a job's templates; kept with the job. */
export interface JobFacts {
  readonly doneTemplates: readonly string[]
  readonly failedTemplates: readonly string[]
  readonly costMicroUsd: number
}

export interface StageContext {
  readonly jobId: string
  /** 1, and one more for each retry. */
  readonly run: number
  readonly params: JobParams
  /** Aborted by cancel, by the end of the program, and when another process has taken the job. */
  readonly signal: AbortSignal
  /** Results of earlier runs and of earlier lives of this one; null when there is none. Keys belong to the stage. */
  stored<Value>(key: string, stage?: JobStage): Value | null
  /** What a pinned template asks a model; null when it is lost or the job is of an earlier version. */
  prompt(template: PinnedTemplate): TemplatePrompt | null
  /**
   * Stores several results at once, durable when it returns. Answers `cancelled` without storing when the job is no
   * longer this process's own; what is done is kept even while a cancel waits. `alongside` is an audited change of the
   * same transaction, e.g. the charges for what is stored: neither is ever there without the other.
   */
  store(
    results: Readonly<Record<string, Json>>,
    facts?: JobFacts,
    alongside?: { readonly action: string; readonly change: (tx: Transaction) => void },
  ): Result<null, 'cancelled'>
  /** The stored result, else runs `make` and stores its value. A failure is not stored. A cancelled job stops here. */
  checkpoint<Value, Code extends string>(
    key: string,
    make: () => Promise<Result<Value, Code>>,
  ): Promise<Result<Value, Code | 'cancelled'>>
  /** @param fraction of this stage, 0 to 1 */
  progress(fraction: number, words: string): void
  log(words: string, level?: JobLogLine['level']): void
}

/** One part of a job. Run again after a kill or a retry, it goes on from its checkpoints: it must be idempotent. */
export interface Stage {
  readonly id: JobStage
  /** What it says when it begins. */
  readonly words: string
  run(context: StageContext): Promise<Result<null, string>>
}
