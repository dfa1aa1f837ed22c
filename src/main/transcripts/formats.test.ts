import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Segment } from '#shared/contract/transcripts.ts'
import { parseTranscript } from './parse.ts'
import type { ParsedTranscript } from './parsed.ts'
import { joinForReading } from './reading.ts'

const read = (name: string, declaredType: string | null = null): ParsedTranscript => {
  const result = parseTranscript(readFileSync(join(import.meta.dirname, 'fixtures', name)), {
    fileName: name,
    declaredType,
  })
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
const rows = (segments: readonly Segment[]) =>
  segments.map(({ startSeconds, endSeconds, speaker, text }) => [startSeconds, endSeconds, speaker, text])
const parseText = (text: string, fileName: string | null = null) => {
  const result = parseTranscript(Buffer.from(text), { fileName, declaredType: null })
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

describe('the namespace’s own examples', () => {
  test('all four have speakers and times', () => {
    for (const extension of ['vtt', 'srt', 'json', 'html']) {
      const transcript = read(`transcript-example.${extension}`)
      expect([extension, transcript.hasTimes, transcript.hasSpeakers]).toEqual([extension, true, true])
    }
  })
  test('SRT and HTML are the same talk', () => {
    expect(read('transcript-example.srt').wordCount).toBe(read('transcript-example.html').wordCount)
    const speakers = (name: string) => [
      ...new Set(joinForReading(read(name).segments).map((segment) => segment.speaker)),
    ]
    expect(speakers('transcript-example.srt')).toEqual(['Travis', 'Sarah', 'Gilon'])
    expect(speakers('transcript-example.html')).toEqual(['Travis', 'Sarah', 'Gilon'])
  })
  test('one word per segment becomes sentences', () => {
    expect(rows(read('transcript-example.json').segments)).toEqual([
      [0.5, 2.5, 'Darth Vader', 'I am your father.'],
      [2.75, 3, 'Luke', 'Nooooo'],
    ])
  })
})

describe('captions', () => {
  test('SRT with BOM, CRLF, tags, missing number, end before start', () => {
    const transcript = read('quirks.srt', 'text/vtt')
    expect(transcript.format).toBe('srt')
    expect(rows(transcript.segments)).toEqual(
      [
        [0, 2.5, 'Maren', 'The tide comes in & goes.'],
        [2.5, 4, 'Maren', 'Nobody sets'],
        [5.5, 8, 'Teo', '42'],
        [6, 8, 'Teo', 'the table by hand.'],
        [8, 9, 'Maren', 'Why 42?'],
      ].toSorted((left, right) => Number(left[0]) - Number(right[0])),
    )
    expect(transcript.warnings).toHaveLength(2)
  })
  test('VTT with STYLE, REGION, NOTE, settings, voices, inline times, entities', () => {
    const transcript = read('quirks.vtt')
    expect([transcript.language, transcript.title]).toEqual(['en-GB', 'The tide tables'])
    expect(rows(transcript.segments)).toEqual([
      [1, 4, 'Maren Oyelaran', 'Welcome to the tide room & its clerk.'],
      [3604, 3606, 'Teo Brandt', 'Thank you.'],
      [3604, 3606, 'Maren Oyelaran', 'With pleasure.'],
    ])
  })
  test('scrolling captions are said once', () => {
    const transcript = read('youtube-auto.vtt')
    expect(transcript.segments.map((segment) => segment.text).join(' ')).toBe(
      'the harbour office keeps the book of every tide since 1871',
    )
    expect(transcript.segments.at(-1)?.endSeconds).toBe(9)
  })
  test('a name only where the speaker changes goes on; among named captions an unnamed one stays unnamed', () => {
    const cue = (second: number, text: string) => `00:00:0${second}.000 --> 00:00:0${second}.900\n${text}\n\n`
    const speakers = (texts: string[]) =>
      parseText(texts.map((text, index) => cue(index, text)).join('')).segments.map((segment) => segment.speaker)
    expect(speakers(['Maren: one', 'two', 'three', 'Teo: four', 'five'])).toEqual([
      'Maren',
      'Maren',
      'Maren',
      'Teo',
      'Teo',
    ])
    expect(speakers(['Maren: one', 'Teo: two', 'three', 'Teo: four'])).toEqual(['Maren', 'Teo', null, 'Teo'])
    expect(speakers(['It is so', 'Remember: the tide', 'and again: the tide'])).toEqual([null, null, null])
    expect(speakers(['[SPEAKER_00]: one', '[SPEAKER_01]: two'])).toEqual(['SPEAKER_00', 'SPEAKER_01'])
  })
})

describe('JSON', () => {
  test('WhisperX splits a segment where its words change the speaker', () => {
    const transcript = read('whisperx.json')
    expect([transcript.format, transcript.language]).toEqual(['whisper-json', 'en'])
    expect(rows(transcript.segments)).toEqual([
      [0.309, 3.812, 'SPEAKER_00', 'Welcome to the tide room.'],
      [4, 4.4, 'SPEAKER_00', 'Is it 1871?'],
      [5.6, 7.5, 'SPEAKER_01', 'Yes, since 1871.'],
    ])
  })
  test('Whisper and whisper.cpp', () => {
    expect(rows(read('whisper-verbose.json').segments)[1]).toEqual([3.32, 8.47, null, 'The table knows.'])
    expect(read('whisper-verbose.json').language).toBe('en')
    expect(rows(read('whisper-cpp.json').segments)[1]).toEqual([2.48, 5, null, 'Die Flut kommt.'])
    expect(read('whisper-cpp.json').language).toBe('de')
  })
  test('Deepgram: paragraphs, else words, else utterances', () => {
    const whole = read('deepgram.json')
    const expected = [
      [0.08, 1.4, 'Speaker 0', 'The tide comes in.'],
      [2, 2.9, 'Speaker 1', 'Who says so?'],
      [3, 3.9, 'Speaker 0', 'The table.'],
    ]
    expect(rows(whole.segments)).toEqual(expected)
    const json = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/deepgram.json'), 'utf8'))
    delete json.results.channels[0].alternatives[0].paragraphs
    expect(rows(parseText(JSON.stringify(json)).segments)).toEqual(expected)
    json.results = { utterances: [{ start: 1, end: 2, transcript: 'The tide.', speaker: 1 }], channels: [] }
    expect(rows(parseText(JSON.stringify(json)).segments)).toEqual([[1, 2, 'Speaker 1', 'The tide.']])
  })
  test('AssemblyAI counts milliseconds', () => {
    expect(rows(read('assemblyai.json').segments)).toEqual([
      [0.25, 1.2, 'Speaker A', 'The tide comes in.'],
      [1.3, 1.9, 'Speaker A', 'It does.'],
      [2.5, 3.2, 'Speaker B', 'Who says so?'],
    ])
  })
  test('an unknown shape is named with what was looked for', () => {
    const result = parseTranscript(Buffer.from('{"items": [], "total": 3}'), { fileName: 'a.json', declaredType: null })
    expect(result).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/segments.*utterances.*“items”, “total”/s) },
    })
    const cut = parseTranscript(Buffer.from('{"segments": [{"text": "a'), { fileName: null, declaredType: null })
    expect(cut).toMatchObject({ ok: false, error: { message: expect.stringContaining('ends in the middle') } })
  })
})

describe('text and Markdown', () => {
  test('Otter: name and time above the words; a time inside a sentence is none', () => {
    expect(rows(read('otter.txt').segments)).toEqual([
      [4, null, 'Maren Oyelaran', 'The tide tables are printed a year ahead, so you can plan for them.'],
      [3729, null, 'Speaker 2', 'And who checks them?'],
      [3735, null, 'Maren Oyelaran', 'Nobody, since 1871. Meet me at 4:30 and I will show you.'],
    ])
  })
  test('Descript and Rev', () => {
    expect(rows(read('descript.txt').segments)).toEqual([
      [0, null, 'Maren', 'The tide tables are printed a year ahead.'],
      [7.5, null, 'Teo', 'And who checks them? Nobody I know.'],
      [12, null, 'Maren', 'Nobody. Note: that is a joke.'],
    ])
    expect(rows(read('rev.txt').segments)).toEqual([
      [3, null, 'Maren', 'The tide tables are printed a year ahead.'],
      [8, null, 'Teo', 'And who checks them?'],
      [10, null, 'Maren', 'Nobody.'],
    ])
  })
  test('other layouts', () => {
    const whisperLines = '[00:00.000 --> 00:02.000]  The tide\n[00:02.000 --> 00:04.500]  comes in.'
    expect(rows(parseText(whisperLines).segments)).toEqual([
      [0, 2, null, 'The tide'],
      [2, 4.5, null, 'comes in.'],
    ])
    expect(rows(parseText('0:00\nthe tide\n0:04\ncomes in').segments)).toEqual([
      [0, null, null, 'the tide'],
      [4, null, null, 'comes in'],
    ])
    expect(rows(parseText('Maren: Hello there.\nTeo: Hi.\nMaren: The tide is in.').segments)).toEqual([
      [null, null, 'Maren', 'Hello there.'],
      [null, null, 'Teo', 'Hi.'],
      [null, null, 'Maren', 'The tide is in.'],
    ])
  })
  test.each([
    [
      'Teams',
      'Maren Oyelaran   0:03\nThe tide.\n\nTeo Brandt   0:09\nWho checks?',
      [
        [3, 'Maren Oyelaran'],
        [9, 'Teo Brandt'],
      ],
    ],
    [
      'Meet',
      'Tides – Transcript\n\n00:00:00\n\nMaren: The tide.\nTeo: Who checks?',
      [
        [0, 'Maren'],
        [null, 'Teo'],
      ],
    ],
    [
      'Happy Scribe',
      '[00:00:01.120] - Maren\nThe tide.\n\n[00:00:05.000] - Teo\nWho checks?',
      [
        [1.12, 'Maren'],
        [5, 'Teo'],
      ],
    ],
    [
      'Sonix',
      'tides.mp3\n\nMaren: [00:00:01] The tide.\n\nTeo: [00:00:05] Who checks?',
      [
        [1, 'Maren'],
        [5, 'Teo'],
      ],
    ],
    [
      'Riverside',
      'Maren (00:00.48)\nThe tide.\n\nTeo (00:05.2)\nWho checks?',
      [
        [0.48, 'Maren'],
        [5.2, 'Teo'],
      ],
    ],
    [
      'bold with time',
      '**Maren (00:01):** The tide.\n\n**Teo (00:05):** Who checks?',
      [
        [1, 'Maren'],
        [5, 'Teo'],
      ],
    ],
    [
      'time in bold',
      '**[00:01] Maren:** The tide.\n\n**[00:05] Teo:** Who checks?',
      [
        [1, 'Maren'],
        [5, 'Teo'],
      ],
    ],
    [
      'headings',
      '### Maren 00:01\n\nThe tide.\n\n### Teo 00:05\n\nWho checks?',
      [
        [1, 'Maren'],
        [5, 'Teo'],
      ],
    ],
    [
      'bold alone',
      '**Maren**\n\nThe tide.\n\n**Teo**\n\nWho?\n\n**Maren**\n\nI.\n\n**Teo**\n\nYou.',
      [
        [null, 'Maren'],
        [null, 'Teo'],
        [null, 'Maren'],
        [null, 'Teo'],
      ],
    ],
    [
      'HTML bold',
      '<p><strong>Maren:</strong> The tide.</p><p><strong>Teo:</strong> Who checks?</p>',
      [
        [null, 'Maren'],
        [null, 'Teo'],
      ],
    ],
    [
      'HTML lines',
      '<p>Maren: The tide.<br>Teo: Who checks?</p>',
      [
        [null, 'Maren'],
        [null, 'Teo'],
      ],
    ],
    [
      'full-width colon',
      '田中：潮が来ます。\n鈴木：誰が確認しますか。',
      [
        [null, '田中'],
        [null, '鈴木'],
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(parseText(text).segments.map(({ startSeconds, speaker }) => [startSeconds, speaker])).toEqual(expected)
  })
  test('bold headings of an article are nobody', () => {
    const article = '**The Clerk**\n\nNobody checks the table.\n\n**The Harbour**\n\nThe tide is in.'
    expect(parseText(article)).toMatchObject({ hasSpeakers: false })
  })
  test('prose with colons and times is prose', () => {
    const prose = 'We met at 12:30.\n\n12:30 was late. Note: nobody came.\n\nNote: the tide was out.\n\nThen we left.'
    expect(parseText(prose)).toMatchObject({ hasTimes: false, hasSpeakers: false })
    expect(parseText(prose).segments.map((segment) => segment.text)).toEqual(prose.split('\n\n'))
  })
  test('Markdown turns: speaker goes on, times inside, breaks are nobody, escapes undone', () => {
    expect(rows(read('turns.md').segments)).toEqual([
      [null, null, 'Maren Oyelaran', 'Welcome to the tide room.'],
      [12, null, 'Teo Brandt', 'Thank you. [laughs]'],
      [null, null, 'Teo Brandt', 'It goes on in a second paragraph, which I called'],
      [20.5, null, 'Teo Brandt', 'the longer one.'],
      [null, null, 'Maren Oyelaran', 'Where were we?'],
    ])
    expect(joinForReading(read('turns.md').segments)[2]?.text).toMatch(/called the longer one/)
  })
  test('an article keeps its headings and loses its marks', () => {
    const article = read('article.md')
    expect(article).toMatchObject({ title: 'How a tide table is made', hasTimes: false, hasSpeakers: false })
    expect(article.segments.map((segment) => segment.text)).toEqual([
      'Note: this is an article, not a talk.',
      'The tide comes in at 12:30, the table says. Remember: tables can be wrong, and code too.',
      'The clerk',
      'Nobody checks the table [laughs]. 2 * 3 * 4 is twenty-four.',
    ])
  })
  test('inkwell-cli’s transcript: the words, not the summary', () => {
    expect(rows(read('inkwell-cli.md').segments)).toEqual([
      [4, null, 'Maren', 'The tide tables are printed a year ahead.'],
      [9, null, 'Teo', 'Who checks them?'],
    ])
  })
  test('Inkwell’s own transcript file comes back as it was', () => {
    expect(rows(read('own.md').segments)).toEqual([
      [0, null, 'Maren Oyelaran', 'The tide [laughs] comes in_and_out. It *does*.'],
      [5, null, 'Teo', 'Who checks: nobody?'],
      [44, null, 'Teo', 'More of it.'],
      [4000, null, 'Maren Oyelaran', '# not a heading.'],
    ])
  })
  test('a text in one piece is cut at ends of sentences, without a word lost', () => {
    const text = Array.from({ length: 200 }, (_, index) => `Sentence number ${index} is here.`).join(' ')
    const { segments } = parseText(text)
    expect(segments.length).toBeGreaterThan(5)
    expect(segments.map((segment) => segment.text).join(' ')).toBe(text)
    expect(segments.every((segment) => segment.text.endsWith('.'))).toBe(true)
  })
})
