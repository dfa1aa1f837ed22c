import { describe, expect, it } from 'vitest'
import type { EpisodeRow } from '#shared/contract/episodes.ts'
import { countBySegment, notesStateOf, shownRows, summarise, transcriptWords } from './episode-rows.ts'

const row = (over: Partial<EpisodeRow>): EpisodeRow => ({
  id: over.title ?? 'x',
  feedId: 'f',
  feedTitle: 'The Slow Almanac',
  artworkPath: null,
  title: 'A year of one hedge',
  number: null,
  publishedAtMs: 1,
  durationSeconds: 60,
  state: 'new',
  inFeed: true,
  transcript: 'publisher',
  noteCount: 0,
  failedTemplates: 0,
  activeJobId: null,
  language: 'en',
  ...over,
})
const rows = [
  row({ title: 'Café at the quay', publishedAtMs: 3, number: '119' }),
  row({ title: 'Bees', publishedAtMs: 2, noteCount: 4 }),
  row({ title: 'Salt', publishedAtMs: 1, noteCount: 3, failedTemplates: 1 }),
  row({ title: 'Undated', publishedAtMs: null }),
]
const titles = (list: EpisodeRow[]) => list.map((one) => one.title)
const shown = { segment: 'all', oldestFirst: false, titleFilter: '' } as const

describe('rows shown', () => {
  it('counts and filters by segment; a failed one with notes is in both', () => {
    expect(countBySegment(rows)).toEqual({ all: 4, without: 2, with: 2, failed: 1 })
    expect(titles(shownRows(rows, { ...shown, segment: 'without' }))).toEqual(['Café at the quay', 'Undated'])
    expect(titles(shownRows(rows, { ...shown, segment: 'failed' }))).toEqual(['Salt'])
  })

  it('turns the order round but leaves undated ones last', () => {
    expect(titles(shownRows(rows, { ...shown, oldestFirst: true }))).toEqual([
      'Salt',
      'Bees',
      'Café at the quay',
      'Undated',
    ])
  })

  it('finds every word, whatever case and accents, and the number', () => {
    expect(titles(shownRows(rows, { ...shown, titleFilter: 'QUAY cafe' }))).toEqual(['Café at the quay'])
    expect(titles(shownRows(rows, { ...shown, titleFilter: '119' }))).toEqual(['Café at the quay'])
    expect(titles(shownRows(rows, { ...shown, titleFilter: 'quay salt' }))).toEqual([])
  })
})

describe('the Notes column', () => {
  it.each([
    [{ activeJobId: 'j', failedTemplates: 1 }, 'Making notes…'],
    [{ failedTemplates: 1, noteCount: 3 }, '1 note failed, 3 kept'],
    [{ failedTemplates: 2 }, '2 notes failed'],
    [{ noteCount: 1, inFeed: false }, '1 note'],
    [{ inFeed: false }, 'Left the feed, kept here'],
    [{ transcript: 'none' }, 'Needs speech recognition'],
    [{}, 'New'],
    [{ state: 'seen' }, 'Seen'],
  ] as const)('%j says %s', (over, words) => {
    expect(notesStateOf(row(over)).words).toBe(words)
  })
})

describe('the selection bar', () => {
  it('sums hours and leaves out what cannot be started', () => {
    const list = [row({ id: 'a', durationSeconds: 3600 }), row({ id: 'b', transcript: 'none', durationSeconds: null })]
    const busy = row({ id: 'c', activeJobId: 'j' })
    const chosen = new Set(['a', 'b', 'c', 'gone'])
    const summary = summarise([...list, busy], chosen, false)
    expect(summarise([...list, busy], chosen, true).startable).toEqual(['a', 'b'])
    expect(summary).toEqual({ count: 3, seconds: 3660, withTranscript: 2, startable: ['a'] })
    expect(transcriptWords(summary)).toBe('2 transcripts free, 1 needs speech recognition.')
  })

  it('says it in whole sentences', () => {
    const of = (count: number, withTranscript: number) =>
      transcriptWords({ count, withTranscript, seconds: 0, startable: [] })
    expect(of(1, 1)).toBe('Its transcript is free.')
    expect(of(4, 4)).toBe('All 4 transcripts are free.')
    expect(of(2, 0)).toBe('2 need speech recognition.')
  })
})
