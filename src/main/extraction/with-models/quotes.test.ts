import { describe, expect, it } from 'vitest'
import { checkQuotes } from './quotes.ts'
import { indexTranscript } from './transcript-index.ts'

const segment = (startSeconds: number, speaker: string | null, text: string) => ({
  startSeconds,
  endSeconds: startSeconds + 10,
  speaker,
  text,
})
const index = indexTranscript([
  segment(10, 'Ada', 'The moon pulls the water, and the water doesn’t care'),
  segment(20, 'Ada', 'what the harbour master thinks of it. Not at all.'),
  segment(62, 'Bo', 'Art is long — a café is short; 1,200 gauges stand along the coast.'),
  segment(80, null, '潮汐表は月の引力によって計算されます。'),
])
const check = (markdown: string) => checkQuotes(markdown, index)

describe('quotations', () => {
  it.each([
    "the moon pulls the water and the water doesn't care",
    'THE MOON PULLS THE WATER, and the water doesnt care what the harbour master thinks of it',
    'Art is long, a café is short',
    'The moon pulls the water … what the harbour master thinks of it.',
    'The moon pulls [...] the harbour master thinks',
    '潮汐表は月の引力によって',
  ])('finds “%s”', (quote) => {
    expect(index.find(quote)).not.toBeNull()
  })
  it.each([
    'the moon pulls the sea and the water does not care',
    'rt is long a café is shor',
    'what the harbour master thinks … the moon pulls the water',
    'moon … care … thinks',
    '潮汐表は太陽の引力によって',
    '',
  ])('does not find “%s”', (quote) => {
    expect(index.find(quote)).toBeNull()
  })

  it('gives a quotation the speaker and time of the transcript, not the ones the model wrote', () => {
    const { markdown, quotes } = check(
      '> *The moon pulls the water, and the water doesn’t care*\n\n— **Bo**, [99:59]\n\nMore.',
    )
    expect(markdown).toBe(
      '> *The moon pulls the water, and the water doesn’t care*\n\n— **Ada**, [0:10](#t=10)\n\nMore.',
    )
    expect(quotes).toEqual([
      { words: 'The moon pulls the water, and the water doesn’t care', found: { startSeconds: 10, speaker: 'Ada' } },
    ])
  })

  it('calls what was never said a paraphrase', () => {
    const { markdown, quotes } = check(
      '> “The sea obeys no harbour and no master.”\n> — Ada\n\nBo says “tides are simply the memory of the moon” to her.',
    )
    expect(markdown).toBe(
      'The sea obeys no harbour and no master. (paraphrase)\n\n— Ada\n\nBo says tides are simply the memory of the moon (paraphrase) to her.',
    )
    expect(quotes.every(({ found }) => found === null)).toBe(true)
  })

  it('keeps what is found in a line, and leaves short ones and code alone', () => {
    const text =
      'As "1,200 gauges stand along the coast" says, a "tide gauge" is “cheap”.\n\n```\n> “no words of anyone at all here”\n```'
    const { markdown, quotes } = check(text)
    expect(markdown).toBe(text)
    expect(quotes).toHaveLength(1)
  })

  it('takes no time squared on hostile text', () => {
    const big = indexTranscript([segment(0, null, 'a b '.repeat(300_000))])
    expect(big.find(`${'a b '.repeat(400)}c … a b c … d e`)).toBeNull()
    expect(checkQuotes('“'.repeat(20_000), index).quotes).toHaveLength(0)
  })
})
