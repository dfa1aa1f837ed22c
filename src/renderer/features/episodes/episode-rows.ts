import type { EpisodeRow } from '#shared/contract/episodes.ts'

export type Segment = 'all' | 'without' | 'with' | 'failed'
export const segments: readonly { readonly key: Segment; readonly words: string }[] = [
  { key: 'all', words: 'All' },
  { key: 'without', words: 'Without notes' },
  { key: 'with', words: 'With notes' },
  { key: 'failed', words: 'Failed' },
]

const isIn: Record<Segment, (row: EpisodeRow) => boolean> = {
  all: () => true,
  without: (row) => row.noteCount === 0,
  with: (row) => row.noteCount > 0,
  failed: (row) => row.failedTemplates > 0,
}

export function countBySegment(rows: readonly EpisodeRow[]): Record<Segment, number> {
  const counts = { all: rows.length, without: 0, with: 0, failed: 0 }
  for (const row of rows) {
    if (isIn.without(row)) counts.without++
    else counts.with++
    if (isIn.failed(row)) counts.failed++
  }
  return counts
}

export interface Shown {
  readonly segment: Segment
  readonly oldestFirst: boolean
  readonly titleFilter: string
}

/** For comparing by eye: case and accents do not matter. */
const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()

/** `rows` come newest first with undated ones last; undated ones stay last in both orders. */
export function shownRows(rows: readonly EpisodeRow[], shown: Shown): EpisodeRow[] {
  const words = folded(shown.titleFilter).split(/\s+/).filter(Boolean)
  const kept = rows.filter((row) => {
    if (!isIn[shown.segment](row)) return false
    if (words.length === 0) return true
    const title = folded(`${row.number ?? ''} ${row.title}`)
    return words.every((word) => title.includes(word))
  })
  if (!shown.oldestFirst) return kept
  const dated = kept.filter((row) => row.publishedAtMs !== null).reverse()
  return [...dated, ...kept.filter((row) => row.publishedAtMs === null)]
}

export type NotesTone = 'ok' | 'wait' | 'bad' | 'new' | 'plain'

/** What the Notes column says; the first that applies is what the user has to know. */
export function notesStateOf(row: EpisodeRow): { tone: NotesTone; words: string } {
  if (row.activeJobId) return { tone: 'wait', words: 'Making notes…' }
  if (row.failedTemplates > 0) {
    const failed = row.failedTemplates === 1 ? '1 note failed' : `${row.failedTemplates} notes failed`
    return { tone: 'bad', words: row.noteCount > 0 ? `${failed}, ${row.noteCount} kept` : failed }
  }
  if (row.noteCount > 0) return { tone: 'ok', words: row.noteCount === 1 ? '1 note' : `${row.noteCount} notes` }
  if (!row.inFeed) return { tone: 'wait', words: 'Left the feed, kept here' }
  if (row.transcript === 'none')
    return { tone: row.state === 'new' ? 'new' : 'plain', words: 'Needs speech recognition' }
  return row.state === 'new' ? { tone: 'new', words: 'New' } : { tone: 'plain', words: 'Seen' }
}

export interface SelectionSummary {
  readonly count: number
  readonly seconds: number
  readonly withTranscript: number
  /** Ids that can be started: words are at hand or can be made, and nothing is under way. */
  readonly startable: readonly string[]
}

/** @param canHear whether speech recognition is set up */
export function summarise(rows: readonly EpisodeRow[], ids: ReadonlySet<string>, canHear: boolean): SelectionSummary {
  const chosen = rows.filter((row) => ids.has(row.id))
  const withTranscript = chosen.filter((row) => row.transcript !== 'none')
  return {
    count: chosen.length,
    seconds: chosen.reduce((sum, row) => sum + (row.durationSeconds ?? 0), 0),
    withTranscript: withTranscript.length,
    startable: (canHear ? chosen : withTranscript).filter((row) => row.activeJobId === null).map((row) => row.id),
  }
}

/** Where the words come from, for the selection bar and the announcement. */
export function transcriptWords({ count, withTranscript }: SelectionSummary): string {
  const missing = count - withTranscript
  if (missing === 0) return count === 1 ? 'Its transcript is free.' : `All ${count} transcripts are free.`
  const need = missing === 1 ? '1 needs speech recognition' : `${missing} need speech recognition`
  if (withTranscript === 0) return `${need}.`
  return `${withTranscript === 1 ? '1 transcript' : `${withTranscript} transcripts`} free, ${need}.`
}
