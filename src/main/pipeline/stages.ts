import type { CostsService } from '../costs/service.ts'
import type { ModelNotes } from '../extraction/with-models/service.ts'
import type { Stage } from '../jobs/stage.ts'
import type { Clock, Ids } from '../ports.ts'
import type { Episodes, Extraction, Notes, TranscriptLadder } from '../services.ts'
import { extractionStage } from './extraction.ts'
import { notesStage } from './notes.ts'
import { sourceStage } from './source.ts'
import { transcriptStage } from './transcript.ts'

export interface PipelineDeps {
  readonly episodes: Episodes
  readonly ladder: TranscriptLadder
  readonly extraction: Extraction
  readonly modelNotes: ModelNotes
  readonly notes: Pick<Notes, 'write'>
  readonly costs: Pick<CostsService, 'appendIn'>
  readonly clock: Clock
  readonly ids: Ids
  /** Show notes as plain text. */
  readonly toText: (html: string) => string
}

/** source → transcript → extraction → notes: what makes notes of an episode, in order. */
export const pipelineStages = (deps: PipelineDeps): Stage[] => [
  sourceStage(deps),
  transcriptStage(deps),
  extractionStage(deps),
  notesStage(deps),
]

/** For `createJobsService`: what stopped a job may have been mended since. */
export const mendedBy =
  (ladder: Pick<TranscriptLadder, 'stored'>) =>
  (code: string, episodeId: string): boolean =>
    code === 'needs-speech-recognition' && ladder.stored(episodeId) !== null
