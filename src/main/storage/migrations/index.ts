import type { Migration } from '../migrate.ts'
import { foundation } from './0001-foundation.ts'
import { feeds } from './0002-feeds.ts'
import { transcripts } from './0003-transcripts.ts'
import { jobs } from './0004-jobs.ts'
import { notes } from './0005-notes.ts'
import { seals } from './0006-seals.ts'
import { costs } from './0007-costs.ts'
import { interviews } from './0008-interviews.ts'
import { noteVersions } from './0009-note-versions.ts'
import { health } from './0010-health.ts'
import { backups } from './0011-backups.ts'
import { retention } from './0012-retention.ts'
import { movedNotes } from './0013-moved-notes.ts'
import { transcriptRungs } from './0014-transcript-rungs.ts'
import { models } from './0015-models.ts'
import { money } from './0016-money.ts'
import { extraction } from './0017-extraction.ts'
import { transcriptWords } from './0018-transcript-words.ts'
import { episodeSeals } from './0019-episode-seals.ts'

/** In order, without a gap. A released one is never edited: a change is a new file. */
export const migrations: readonly Migration[] = [
  foundation,
  feeds,
  transcripts,
  jobs,
  notes,
  seals,
  costs,
  interviews,
  noteVersions,
  health,
  backups,
  retention,
  movedNotes,
  transcriptRungs,
  models,
  money,
  extraction,
  transcriptWords,
  episodeSeals,
]
