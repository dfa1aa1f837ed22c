import { describe, expect, it } from 'vitest'
import type { Segment } from '#shared/contract/transcripts.ts'
import { hitsIn, mostHits, piecesOf, stepHit } from './search-hits.ts'
import { lineAt, linesOf, transcriptAsText } from './transcript-lines.ts'

const cue = (startSeconds: number | null, text: string, speaker: string | null = null): Segment => ({
  startSeconds,
  endSeconds: startSeconds === null ? null : startSeconds + 2,
  speaker,
  text,
})
const chapter = (startSeconds: number, title: string) => ({ startSeconds, endSeconds: null, title, url: null })

describe('transcript lines', () => {
  it('joins short cues of one speaker and names the speaker on change only', () => {
    const lines = linesOf(
      [cue(0, 'So the book', 'Maren'), cue(2, 'goes to print.', 'Maren'), cue(4, 'It does.', 'Ines')],
      [],
    )
    expect(lines.map((line) => [line.speaker, line.text, line.showSpeaker])).toEqual([
      ['Maren', 'So the book goes to print.', true],
      ['Ines', 'It does.', true],
    ])
    expect(lines[0]?.endSeconds).toBe(4)
  })

  it('starts a new line at a chapter, after a pause and at a sentence end once it is long', () => {
    const long = `${'word '.repeat(30)}end.`
    const lines = linesOf(
      [cue(0, long), cue(2, 'Next.'), cue(20, 'After a pause.'), cue(22, 'In a chapter.')],
      [chapter(22, 'The drawer')],
    )
    expect(lines.map((line) => line.text)).toEqual([long, 'Next.', 'After a pause.', 'In a chapter.'])
    expect(lines[3]?.chapter?.title).toBe('The drawer')
  })

  it('loses no word, whatever the cues', () => {
    const segments = Array.from({ length: 500 }, (_, index) => cue(index * 2, `w${index}${index % 7 ? '' : '.'}`))
    expect(
      linesOf(segments, [])
        .map((line) => line.text)
        .join(' '),
    ).toBe(segments.map((one) => one.text).join(' '))
  })

  it('finds the line of a minute, before the first too, and none without times', () => {
    const lines = linesOf([cue(5, 'a', 'A'), cue(10, 'b', 'B')], [])
    expect(lineAt(lines, 0)).toBe(0)
    expect(lineAt(lines, 9)).toBe(0)
    expect(lineAt(linesOf([cue(5, 'a', 'A'), cue(10.8, 'b', 'B')], []), 10)).toBe(1)
    expect(lineAt(lines, 10)).toBe(1)
    expect(lineAt(lines, 1e9)).toBe(1)
    expect(lineAt(linesOf([cue(null, 'a')], []), 3)).toBe(-1)
  })

  it('is copied with or without times', () => {
    const lines = linesOf([cue(5, 'Yes.', 'A'), cue(20, 'And.', 'A')], [chapter(5, 'One')])
    const timeOf = (seconds: number) => `${seconds}s`
    expect(transcriptAsText(lines, true, timeOf)).toBe('One\n\n[5s] A: Yes.\n\n[20s] A: And.')
    expect(transcriptAsText(lines, false, timeOf)).toBe('One\n\nA: Yes.\n\nAnd.')
  })
})

describe('transcript search', () => {
  const lines = [{ text: 'The table, a TABLE (c++)' }, { text: 'no' }, { text: 'tide\u00a0table' }]

  it('finds every place, case ignored, over any white space', () => {
    expect(hitsIn(lines, 'table')).toHaveLength(3)
    expect(hitsIn(lines, ' tide  table ')).toEqual([{ line: 2, start: 0, end: 10 }])
    expect(hitsIn(lines, '   ')).toEqual([])
  })

  it.each(['c++)', '(', '[a', '\\', '.*', '-', '$^', '/'])('takes %s as words, not as a pattern', (query) => {
    expect(() => hitsIn(lines, query)).not.toThrow()
  })
  it('finds signs as they are', () => expect(hitsIn(lines, 'c++)')).toHaveLength(1))

  it('stops counting at a limit', () => {
    expect(hitsIn([{ text: 'a'.repeat(mostHits * 2) }], 'a')).toHaveLength(mostHits)
  })

  it('steps round the ends', () => {
    expect(stepHit(3, 2, 1)).toBe(0)
    expect(stepHit(3, 0, -1)).toBe(2)
    expect(stepHit(3, -1, -1)).toBe(2)
    expect(stepHit(0, -1, 1)).toBe(-1)
  })

  it('cuts a line at its hits without losing a letter', () => {
    const text = lines[0]!.text
    const pieces = piecesOf(text, hitsIn([lines[0]!], 'table'), 7)
    expect(pieces.map((piece) => piece.text).join('')).toBe(text)
    expect(pieces.filter((piece) => piece.hit !== null).map((piece) => piece.hit)).toEqual([7, 8])
  })
})
