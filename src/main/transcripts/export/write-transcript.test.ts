import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Segment, Transcript } from '#shared/contract/transcripts.ts'
import { parseTranscript } from '../parse.ts'
import { writeTranscriptFile } from './write-transcript.ts'

const of = (segments: Segment[], more: Partial<Transcript> = {}): Transcript => ({
  id: 'i',
  episodeId: 'e',
  source: 'publisher',
  model: null,
  format: 'vtt',
  language: 'en-GB',
  segments,
  wordCount: 1,
  hasTimes: true,
  hasSpeakers: true,
  warnings: [],
  ...more,
})
const about = { title: 'Ebb & *flow*', feedTitle: 'Tides' }
const back = (text: string) => {
  const read = parseTranscript(Buffer.from(text), { fileName: null, declaredType: null })
  if (!read.ok) throw new Error(read.error.message)
  return read.value
}

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map((value) => value.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Co}\p{Zl}\p{Zp}]/gu, '').normalize('NFC'))
  .filter((value) => /[\p{L}\p{N}]/u.test(value))
const milliseconds = fc.integer({ min: 0, max: 90_000_000 }).map((ms) => ms / 1000)
const anySegment = fc.record({
  startSeconds: fc.option(milliseconds),
  endSeconds: fc.option(milliseconds),
  speaker: fc.option(text.filter((value) => value.trim() === value)),
  text,
})

test('Podcasting 2.0 JSON comes back identical, whatever was said', () => {
  fc.assert(
    fc.property(fc.array(anySegment, { minLength: 1, maxLength: 30 }), (segments) => {
      const read = back(writeTranscriptFile(of(segments), about, 'json'))
      expect(read.segments).toEqual(segments)
      expect([read.format, read.language]).toEqual(['podcast-json', 'en-GB'])
    }),
  )
})

const spoken = fc
  .array(
    fc.record({ long: fc.integer({ min: 1, max: 9_000 }), who: fc.constantFrom('Maren', 'Teo'), words: fc.nat(5) }),
    {
      minLength: 2,
      maxLength: 20,
    },
  )
  .map((rows) => {
    let at = 0
    return rows.map(({ long, who, words }, index): Segment => {
      const start = at
      at += long
      return {
        startSeconds: start / 1000,
        endSeconds: at / 1000,
        speaker: who,
        text: `said <${index}> & ${'so '.repeat(words)}on`,
      }
    })
  })
test.each(['srt', 'vtt'] as const)('%s keeps every time, voice and word', (format) => {
  fc.assert(
    fc.property(spoken, (segments) => {
      const read = back(writeTranscriptFile(of(segments), about, format))
      const plain = (all: readonly Segment[]) =>
        all.map(({ text: said, ...rest }) => ({ ...rest, text: said.replaceAll(/<\d+>/g, '') }))
      // A caption in SRT may hold tags, which readers drop.
      expect(format === 'srt' ? read.segments.length : plain(read.segments)).toEqual(
        format === 'srt' ? segments.length : plain(segments),
      )
      expect(read.segments.map(({ startSeconds, speaker }) => [startSeconds, speaker])).toEqual(
        segments.map(({ startSeconds, speaker }) => [startSeconds, speaker]),
      )
    }),
  )
})

test('text and Markdown name the speaker where it changes, and nothing is taken for markup', () => {
  const segments: Segment[] = [
    { startSeconds: 0, endSeconds: 4, speaker: 'Maren', text: 'The *tide* turns.' },
    { startSeconds: 20, endSeconds: 24, speaker: 'Maren', text: '# It is noon.' },
    { startSeconds: 3_700, endSeconds: 3_705, speaker: 'Teo', text: '1. Is it?' },
  ]
  expect(writeTranscriptFile(of(segments), about, 'txt')).toBe(
    '[0:00] Maren: The *tide* turns.\n\n[0:20] # It is noon.\n\n[1:01:40] Teo: 1. Is it?\n',
  )
  expect(writeTranscriptFile(of(segments), about, 'md')).toBe(
    '# Ebb & \\*flow\\*\n\n*Tides*\n\n[0:00] **Maren:** The \\*tide\\* turns.\n\n[0:20] \\# It is noon.\n\n[1:01:40] **Teo:** 1\\. Is it?\n',
  )
})

test('a table runs no formula', () => {
  const csv = writeTranscriptFile(
    of([{ startSeconds: 1.5, endSeconds: null, speaker: '=cmd()', text: 'He said "so", and\nleft.' }]),
    about,
    'csv',
  )
  expect(csv).toBe('"start","end","speaker","text"\r\n"1.500","","\'=cmd()","He said ""so"", and\nleft."\r\n')
})

test('captions without times follow each other', () => {
  const segments: Segment[] = ['One two three.', 'Four --> five.'].map((said) => ({
    startSeconds: null,
    endSeconds: null,
    speaker: null,
    text: said,
  }))
  expect(writeTranscriptFile(of(segments), about, 'srt')).toBe(
    '1\n00:00:00,000 --> 00:00:01,200\nOne two three.\n\n2\n00:00:01,200 --> 00:00:02,400\nFour → five.\n',
  )
})
