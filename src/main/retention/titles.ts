import type { RetentionKind } from '#shared/contract/retention.ts'

/** In the order they are shown. */
export const kindTitles: Readonly<Record<RetentionKind, string>> = {
  transcripts: 'Transcripts that can be fetched again',
  extractions: 'Intermediate results of finished jobs',
  'completed-sessions': 'Finished interviews that are in your notes folder',
  'abandoned-sessions': 'Interviews that were left',
  'cost-history': 'Cost history',
  media: 'Recordings',
  'kept-texts': 'Earlier texts of notes',
  leftovers: 'Left-over files nothing refers to',
}
