import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Segment } from '#shared/contract/transcripts.ts'
import { countWords } from './clean-text.ts'
import { parseTranscript } from './parse.ts'
import { joinForReading } from './reading.ts'

const word = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzäöüßéøñ漢字あ'),
  minLength: 1,
  maxLength: 9,
})
const text = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(' '))
const cues = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 9_000 }),
      length: fc.integer({ min: 1, max: 9_000 }),
      lines: fc.array(text, { minLength: 1, maxLength: 2 }),
    }),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((rows) => {
    let at = 0
    return rows.map(({ gap, length, lines }, index) => {
      const start = at + gap
      at = start + length
      // A running number keeps neighbours different: equal ones are taken for scrolling captions.
      return { start, end: at, lines: lines.map((line) => `${line} ${index}x`) }
    })
  })
const clock = (ms: number, mark: string): string =>
  `${[ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60].map((part) => String(Math.floor(part)).padStart(2, '0')).join(':')}${mark}${String(ms % 1000).padStart(3, '0')}`

const segmentsOf = (content: string): Segment[] => {
  const result = parseTranscript(Buffer.from(content), { fileName: null, declaredType: null })
  if (!result.ok) throw new Error(result.error.message)
  return result.value.segments
}
const expected = (rows: { start: number; end: number; lines: string[] }[]) =>
  rows.map(({ start, end, lines }) => ({ startSeconds: start / 1000, endSeconds: end / 1000, text: lines.join(' ') }))

test.each([
  ['SRT', ',', '\r\n', true, ''],
  ['SRT without numbers', '.', '\n', false, ''],
  ['VTT', '.', '\n', false, 'WEBVTT\n\n'],
  ['VTT with numbers', '.', '\r\n', true, 'WEBVTT\r\n\r\n'],
])('%s keeps every time and text', (_, mark, newline, numbered, header) => {
  fc.assert(
    fc.property(cues, (rows) => {
      const body = rows.map(({ start, end, lines }, index) =>
        [...(numbered ? [String(index + 1)] : []), `${clock(start, mark)} --> ${clock(end, mark)}`, ...lines].join(
          newline,
        ),
      )
      expect(segmentsOf(header + body.join(newline + newline) + newline)).toMatchObject(expected(rows))
    }),
    { numRuns: 150 },
  )
})

test('numbers said alone are words', () => {
  const srt =
    '1\n00:00:00,000 --> 00:00:01,000\n7\n\n2\n00:00:01,000 --> 00:00:02,000\n1984\n\n3\n00:00:02,000 --> 00:00:03,000\nYes.\n'
  expect(segmentsOf(srt).map((segment) => segment.text)).toEqual(['7', '1984', 'Yes.'])
})

test('joining for reading loses no word, no start, no end, no speaker', () => {
  const segment = fc.record({
    startSeconds: fc.option(fc.integer({ min: 0, max: 5_000 })),
    endSeconds: fc.option(fc.integer({ min: 0, max: 5_000 })),
    speaker: fc.constantFrom(null, 'Maren', 'Teo'),
    text: fc.tuple(text, fc.constantFrom('', '.', '?')).map((parts) => parts.join('')),
  })
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 40 }), (segments) => {
      const joined = joinForReading(segments)
      const words = (rows: readonly Segment[]) => rows.map((row) => row.text.replace(/\s/g, '')).join('')
      expect(words(joined)).toBe(words(segments))
      const runs = (rows: readonly Segment[]) =>
        rows.map((row) => row.speaker).filter((speaker, index, all) => index === 0 || speaker !== all[index - 1])
      expect(runs(joined)).toEqual(runs(segments))
      const ends = (rows: readonly Segment[]) => Math.max(0, ...rows.map((row) => row.endSeconds ?? 0))
      expect(ends(joined)).toBe(ends(segments))
      expect(joined[0]?.startSeconds ?? null).toBe(joined.length > 0 ? (joined[0]!.startSeconds ?? null) : null)
      for (const row of joined) expect(countWords(row.text)).toBeLessThan(240)
    }),
    { numRuns: 200 },
  )
})

test('captions become paragraphs from the first start to the last end', () => {
  const caption = (start: number, speaker: string, said: string): Segment => ({
    startSeconds: start,
    endSeconds: start + 2,
    speaker,
    text: said,
  })
  expect(
    joinForReading([
      caption(0, 'Maren', 'The tide tables'),
      caption(2, 'Maren', 'are printed.'),
      caption(4, 'Maren', 'A year ahead.'),
      caption(6, 'Teo', 'Who'),
      caption(8, 'Teo', 'checks?'),
      caption(30, 'Teo', 'Nobody.'),
    ]),
  ).toEqual([
    { startSeconds: 0, endSeconds: 6, speaker: 'Maren', text: 'The tide tables are printed. A year ahead.' },
    { startSeconds: 6, endSeconds: 10, speaker: 'Teo', text: 'Who checks?' },
    { startSeconds: 30, endSeconds: 32, speaker: 'Teo', text: 'Nobody.' },
  ])
})
