import { describe, expect, test } from 'vitest'
import type { Segment } from '#shared/contract/transcripts.ts'
import { processorMs } from '../time-testing.ts'
import { parseTranscript } from './parse.ts'

const read = (content: string | object, fileName: string | null = null) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  const result = parseTranscript(Buffer.from(text), { fileName, declaredType: null })
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
const rows = (content: string | object, fileName: string | null = null) =>
  read(content, fileName).segments.map(({ startSeconds, endSeconds, speaker, text }: Segment) => [
    startSeconds,
    endSeconds,
    speaker,
    text,
  ])

/** Habits of files that other readers have in their collections. */
describe('captions of the wild', () => {
  test('times with few digits, many hours, blanks, wrong signs and wrong arrows', () => {
    expect(
      rows(
        [
          '0.500 --> 0.75\n0',
          '0:0:1.0 --> 0:0:2.25\na',
          '00:00:03,000 - > 00:00:04,000\nb',
          '-3\n00:00:05 , 500 -> 00:00:06;500\nc',
          '00:00:07500 --> 00:00:08:250\nd',
          '1088:00:09.000 --> 1088:00:10.000\ne',
        ].join('\n\n'),
      ),
    ).toEqual([
      [0.5, 0.75, null, '0'],
      [1, 2.25, null, 'a'],
      [3, 4, null, 'b'],
      [5.5, 6.5, null, 'c'],
      [7.5, 8.25, null, 'd'],
      [3_916_809, 3_916_810, null, 'e'],
    ])
  })
  test('a line of times that cannot be read is not said', () => {
    expect(
      rows(
        '1\n00:00:01,000 --> 00:00:02,000\nOne\n\n2\n00:99:99,000 --> 00:99:99,500\nTwo\n\n3\n00:00:05,000 --> 00:00:06,000\nThree',
      ),
    ).toEqual([
      [1, 2, null, 'One Two'],
      [5, 6, null, 'Three'],
    ])
  })
  test('SubViewer, as YouTube gives it', () => {
    expect(rows('0:00:00.378,0:00:11.378\nTides,\ntwice\n\n0:00:11.378,0:00:12.305\nEbb', 'a.sbv')).toEqual([
      [0.378, 11.378, null, 'Tides, twice'],
      [11.378, 12.305, null, 'Ebb'],
    ])
  })
  test('marks inside and between words, breaks that are no lines', () => {
    expect(rows('1\n00:00:01,000 --> 00:00:02,000\n<i>x</i>^2 <s>no</s>{\\an8}{y:i}\\Nyes<br>now')).toEqual([
      [1, 2, null, 'x^2 no yes now'],
    ])
  })
  test('WebVTT: the last word before the next times is said, a name or an arrow is not', () => {
    expect(
      rows(
        'WEBVTT\n\n00:01.000 --> 00:02.000\nEbb\nflow\n00:03.000 --> 00:04.000\ntide\n4d2a6c1e-0000-4000-8000-000000000001-0\n00:05.000 --> 00:06.000\nsea\nx-->\n00:07.000 --> 00:08.000\nmoon',
      ),
    ).toEqual([
      [1, 2, null, 'Ebb flow'],
      [3, 4, null, 'tide'],
      [5, 6, null, 'sea'],
      [7, 8, null, 'moon'],
    ])
  })
  test('who made the subtitles says nothing', () => {
    expect(
      rows('1\n00:00:01,000 --> 00:00:02,000\nSubtitles: tidefan\n\n2\n00:00:03,000 --> 00:00:04,000\nHello.'),
    ).toEqual([
      [1, 2, null, 'Subtitles: tidefan'],
      [3, 4, null, 'Hello.'],
    ])
  })
  test('subtitles from before UTF-8', () => {
    const words = [0xcf, 0xf0, 0xe8, 0xeb, 0xe8, 0xe2, 0xfb, 0x20, 0xe8, 0x20, 0xeb, 0xf3, 0xed, 0xe0]
    const bytes = Buffer.concat([Buffer.from('1\n00:00:01,000 --> 00:00:02,000\n'), Buffer.from(words)])
    expect(parseTranscript(bytes, { fileName: null, declaredType: null })).toMatchObject({
      value: { segments: [{ text: 'Приливы и луна' }], warnings: ['It was read as Windows-1251 text.'] },
    })
  })
  test('LRC', () => {
    expect(rows('[ti:Tides]\n[00:12.00]Ebb and then\n[00:15.30]flow again\n')).toEqual([
      [12, null, null, 'Ebb and then'],
      [15.3, null, null, 'flow again'],
    ])
  })
})

describe('texts of the wild', () => {
  test.each([
    ['a recorder', 'Speaker 1\n00:04\nEbb comes.\n\nSpeaker 2\n01:02\nFlow goes.', 'Speaker 1', 'Speaker 2', [4, 62]],
    ['a time in words', '0 (4s):\nEbb comes.\n\n2 (1m 2s):\nFlow goes.', 'Speaker 0', 'Speaker 2', [4, 62]],
    [
      'Zoom, with the time of the day',
      '[Maren Ofa] 10:03:02\nEbb comes.\n\n[Teo Anu] 10:03:10\nFlow goes.',
      'Maren Ofa',
      'Teo Anu',
      [null, null],
    ],
    [
      'Otter’s own last line',
      'Maren Ofa  0:04  \nEbb comes.\n\nTeo Anu  1:02  \nFlow goes.\n\nTranscribed by https://otter.ai\n',
      'Maren Ofa',
      'Teo Anu',
      [4, 62],
    ],
  ])('%s', (_, text, one, two, times) => {
    expect(rows(text)).toEqual([
      [times[0], null, one, 'Ebb comes.'],
      [times[1], null, two, 'Flow goes.'],
    ])
  })
})

describe('JSON of the wild', () => {
  test('captions in milliseconds; whole seconds stay seconds', () => {
    expect(
      rows([
        { start: 1, end: 5000, text: 'Ebb' },
        { start: 5200, end: 8000, text: 'Flow' },
      ]),
    ).toEqual([
      [0.001, 5, null, 'Ebb'],
      [5.2, 8, null, 'Flow'],
    ])
    expect(
      rows([
        { start: 0, end: 300, text: 'A long silence.' },
        { start: 300, end: 302, text: 'Flow' },
      ]),
    ).toEqual([
      [0, 300, null, 'A long silence.'],
      [300, 302, null, 'Flow'],
    ])
  })
  test('words in seconds with a language code are not AssemblyAI’s', () => {
    const words = ['The', 'tide', 'comes', 'in.', 'Yes.'].map((text, at) => ({
      text,
      start: at * 0.5,
      end: at * 0.5 + 0.4,
      type: 'word',
      speaker_id: at < 4 ? 'speaker_0' : 'speaker_1',
    }))
    expect(rows({ language_code: 'en', text: 'x', words })).toEqual([
      [0, 1.9, 'speaker_0', 'The tide comes in.'],
      [2, 2.4, 'speaker_1', 'Yes.'],
    ])
  })
  test('AssemblyAI’s sentences', () => {
    expect(rows({ audio_duration: 9, sentences: [{ text: 'Ebb.', start: 250, end: 950, speaker: 'A' }] })).toEqual([
      [0.25, 0.95, 'Speaker A', 'Ebb.'],
    ])
  })
  test('utterances inside a result', () => {
    const utterances = [{ text: 'Ebb.', start: 0.5, end: 1.25, speaker: 0 }]
    for (const json of [{ transcription: { utterances } }, { result: { transcription: { utterances } } }])
      expect(rows(json)).toEqual([[0.5, 1.25, 'Speaker 0', 'Ebb.']])
  })
  test('only a text; names beside ids; a speaker named once', () => {
    expect(rows({ text: 'Ebb and flow.' })).toEqual([[null, null, null, 'Ebb and flow.']])
    expect(rows([{ start: '00:00:01.000', end: '00:00:02.000', speaker: 'm', voice: 'Maren', text: 'Ebb.' }])).toEqual([
      [1, 2, 'Maren', 'Ebb.'],
    ])
    expect(
      rows({
        segments: [
          { speaker: 'Maren', startTime: 0, endTime: 1, body: 'Ebb and' },
          { startTime: 1, endTime: 2, body: 'flow, and' },
          { startTime: 2, endTime: 3, body: 'ebb.' },
        ],
      }).map((row) => row[2]),
    ).toEqual(['Maren', 'Maren', 'Maren'])
  })
  const word = (content: string, start: number, speaker: string) => ({
    type: 'pronunciation',
    start_time: String(start),
    end_time: String(start + 0.4),
    speaker_label: speaker,
    alternatives: [{ content }],
  })
  const sign = { type: 'punctuation', alternatives: [{ content: '.' }] }
  test.each([
    [
      'Amazon',
      { results: { items: [word('Ebb', 1, 'spk_0'), sign, word('Flow', 2, 'spk_1'), sign] } },
      'spk_0',
      'spk_1',
    ],
    [
      'Amazon, older',
      {
        results: {
          items: [
            { ...word('Ebb', 1, ''), speaker_label: undefined },
            sign,
            { ...word('Flow', 2, ''), speaker_label: undefined },
            sign,
          ],
          speaker_labels: {
            segments: [
              { items: [{ start_time: '1', speaker_label: 'spk_0' }] },
              { items: [{ start_time: '2', speaker_label: 'spk_1' }] },
            ],
          },
        },
      },
      'spk_0',
      'spk_1',
    ],
    [
      'Speechmatics',
      {
        results: [
          { type: 'word', start_time: 1, end_time: 1.4, alternatives: [{ content: 'Ebb', speaker: 'S1' }] },
          { type: 'punctuation', start_time: 1.4, end_time: 1.4, alternatives: [{ content: '.', speaker: 'S1' }] },
          { type: 'word', start_time: 2, end_time: 2.4, alternatives: [{ content: 'Flow.', speaker: 'S2' }] },
        ],
      },
      'S1',
      'S2',
    ],
    [
      'Google',
      {
        results: [
          { alternatives: [{ transcript: 'Ebb. Flow.', words: [{ startTime: '1s', endTime: '1.4s', word: 'Ebb.' }] }] },
          {
            alternatives: [
              {
                transcript: '',
                words: [
                  { startTime: '1s', endTime: '1.400s', word: 'Ebb.', speakerTag: 1 },
                  { startTime: '2s', endTime: '2.400s', word: 'Flow.', speakerTag: 2 },
                ],
              },
            ],
          },
        ],
      },
      'Speaker 1',
      'Speaker 2',
    ],
    [
      'Rev AI',
      {
        speakers: [{ id: 0, name: 'Maren' }],
        monologues: [
          {
            speaker: 0,
            elements: [
              { type: 'text', value: 'Ebb', ts: 1, end_ts: 1.4 },
              { type: 'punct', value: '.' },
            ],
          },
          {
            speaker: 1,
            elements: [
              { type: 'text', value: 'Flow', ts: 2, end_ts: 2.4 },
              { type: 'punct', value: '. ' },
            ],
          },
        ],
      },
      'Maren',
      'Speaker 1',
    ],
    [
      'YouTube',
      {
        events: [
          { tStartMs: 0, id: 1 },
          { tStartMs: 1000, dDurationMs: 400, segs: [{ utf8: 'E' }, { utf8: 'bb.', tOffsetMs: 10 }] },
          { tStartMs: 1400, aAppend: 1, segs: [{ utf8: '\n' }] },
          { tStartMs: 2000, dDurationMs: 400, segs: [{ utf8: 'Flow.' }] },
        ],
      },
      null,
      null,
    ],
  ])('%s', (_, json, one, two) => {
    expect(read(json).format).toBe('service-json')
    expect(rows(json)).toEqual([
      [1, 1.4, one, 'Ebb.'],
      [2, 2.4, two, 'Flow.'],
    ])
  })
  test('a list of chapters or of other things is still none of them', () => {
    for (const json of [
      { chapters: [{ startTime: 0, title: 'x' }] },
      { results: [] },
      { events: [{ title: 'x' }] },
      { text: '' },
    ])
      expect(parseTranscript(Buffer.from(JSON.stringify(json)), { fileName: null, declaredType: null }).ok).toBe(false)
  })
})

describe('lines without end', () => {
  test.each([
    ['stars', 'a.md', '*', 5_000_000],
    ['brackets', 'a.md', '[', 1_000_000],
    ['beginnings of links', 'a.md', '[a](', 300_000],
    ['beginnings of elements', 'a.md', '<a ', 700_000],
    ['bold words that never end', 'a.md', '**a\t', 500_000],
    ['angles', 'a.srt', '>', 1_000_000],
  ])('%s are read at once', (_, fileName, part, times) => {
    const head = fileName === 'a.srt' ? '1\n00:00:01,000 --> 00:00:02,000\n' : '# Ebb\n\n**Maren:** Flow.\n\n'
    const bytes = Buffer.from(head + part.repeat(times))
    expect(processorMs(() => parseTranscript(bytes, { fileName, declaredType: null }))).toBeLessThan(3_000)
  })
  test('links keep their words: escaped brackets, brackets in the address, a picture inside', () => {
    const link = String.raw`**Maren:** See [a \[b\]](https://a.example/x_(y)), [![p](i.png) q](/z) and **the *whole* c**.`
    expect(rows(`# T\n\n${link}\n\n**Jan:** Yes.`, 'a.md')[0]).toEqual([
      null,
      null,
      'Maren',
      'See a [b], q and the whole c.',
    ])
  })
})
