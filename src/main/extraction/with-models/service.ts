import type { ModelChoice } from '#shared/contract/models.ts'
import type { Result } from '#shared/result.ts'
import type { AskDeps } from './ask.ts'
import { estimateByLength, estimateNote, type NoteEstimate } from './estimate.ts'
import { type MadeNote, makeNote, type NoteFailure, type NoteOrder } from './make-note.ts'
import type { Material } from './plan-requests.ts'
import type { PromptFailure } from './prompt/render.ts'
import { answerStore, type Spent } from './store.ts'

/** Notes by models. */
export interface ModelNotes {
  /** Answers that were paid for are kept with their charge: the same order again buys only what is missing. */
  make(order: NoteOrder, choice: ModelChoice): Promise<Result<MadeNote, NoteFailure>>
  /** Sends nothing. */
  estimate(material: Material, choice: ModelChoice): Result<NoteEstimate, PromptFailure>
  /** Of a transcript that is not there yet. */
  estimateByLength(
    material: Pick<Material, 'prompt' | 'source'>,
    choice: ModelChoice,
    seconds: number | null,
  ): Result<NoteEstimate, PromptFailure>
  /** What the ledger says of a job. */
  spentOn(jobId: string): Spent
}

export const createModelNotes = (deps: AskDeps): ModelNotes => ({
  make: (order, choice) => makeNote(deps, order, choice),
  estimate: (material, choice) => estimateNote(deps, material, choice),
  estimateByLength: (material, choice, seconds) => estimateByLength(deps, material, choice, seconds),
  spentOn: (jobId) => answerStore.spentOn(deps.storage, jobId),
})

/** Failures that lie with the provider or model: another one may do better. Money is never a reason to change. */
const itsOwnFault: ReadonlySet<string> = new Set([
  'no-such-provider',
  'key-missing',
  'key-refused',
  'credit-used-up',
  'model-retired',
  'too-long',
  'rate-limited',
  'provider-down',
  'provider-unreachable',
  'answer-cut-off',
  'answer-unreadable',
  'answer-empty',
  'answer-unusable',
  'answer-refused',
  'keychain-unavailable',
] satisfies NoteFailure[])
export const mayFallBack = (code: string): boolean => itsOwnFault.has(code)
