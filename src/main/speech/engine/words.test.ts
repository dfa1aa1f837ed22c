import { describe, expect, it } from 'vitest'
import { isPhantom, withoutLoops } from './loops.ts'
import { toSegments } from './sentences.ts'
import { packChunks } from './speech-parts.ts'
import { sampleRate } from './wave-file.ts'
import { type Word, wordsOf } from './words.ts'

const chunk = {
  from: 10 * sampleRate,
  to: 16 * sampleRate,
  stretches: [{ from: 10 * sampleRate, to: 16 * sampleRate }],
}
const words = (text: string): Word[] =>
  text.split(' ').map((word, index) => ({ text: word, spaced: true, startSeconds: index, endSeconds: index + 0.5 }))

describe('words', () => {
  it('are put together from tokens, with times in the file', () => {
    const tokens = [' The', ' ti', 'de', ' ga', 'uge', '.']
    const found = wordsOf(
      { text: 'The tide gauge.', tokens, timestamps: [0.1, 0.4, 0.6, 1, 1.2, 1.5], language: null },
      chunk,
    )
    expect(found.map(({ text }) => text)).toEqual(['The', 'tide', 'gauge.'])
    expect(found.map(({ startSeconds }) => startSeconds)).toEqual([10.1, 10.4, 11])
    expect(found.every(({ startSeconds, endSeconds }) => endSeconds > startSeconds && endSeconds <= 16)).toBe(true)
  })
  it('of Chinese stand without spaces', () => {
    const tokens = ['潮', '汐', '表', '。']
    const found = wordsOf({ text: '潮汐表。', tokens, timestamps: [0, 0.3, 0.6, 0.8], language: 'zh' }, chunk)
    expect(toSegments(found).map(({ text }) => text)).toEqual(['潮汐表。'])
  })
  it('share the time of speech where the model gives none, and where its tokens are not its text', () => {
    for (const tokens of [[], ['<|en|>', 'a', 'b']]) {
      const found = wordsOf(
        { text: 'one two three four', tokens, timestamps: tokens.map(() => 0), language: null },
        chunk,
      )
      expect(found.map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four'])
      expect(found[0]!.startSeconds).toBe(10)
      expect(found.at(-1)!.endSeconds).toBeLessThanOrEqual(16)
      expect(found[3]!.startSeconds).toBeGreaterThan(found[2]!.startSeconds)
    }
  })
})

describe('loops', () => {
  it('are taken out, their first time is kept', () => {
    const said = words(`so we went home ${'thank you for watching '.repeat(9)}and then it ended`)
    const { words: kept, removed } = withoutLoops(said.filter(({ text }) => text !== ''))
    expect(kept.map(({ text }) => text).join(' ')).toBe('so we went home thank you for watching and then it ended')
    expect(removed).toBe(8)
  })
  it('of one word are taken out, a stammer is not', () => {
    expect(withoutLoops(words('no no no it is')).removed).toBe(0)
    expect(withoutLoops(words('la la la la la la la la la la')).words).toHaveLength(1)
  })
  it('do not eat what is said three times', () => {
    expect(withoutLoops(words('time and again time and again time and again they came')).removed).toBe(0)
  })
  it('what Whisper says over nothing is known, but not where somebody speaks for long', () => {
    expect(isPhantom('Thanks for watching!', 1.2)).toBe(true)
    expect(isPhantom('Thanks for watching!', 9)).toBe(false)
    expect(isPhantom('Thanks for watching the tide with me.', 1.2)).toBe(false)
  })
})

describe('sentences', () => {
  it('end at their marks, not at short forms, and at long pauses', () => {
    const said = words('Dr. Brandt came. She saw the gauge and left')
    const late = said.map((word, index) =>
      index >= 6 ? { ...word, startSeconds: word.startSeconds + 5, endSeconds: word.endSeconds + 5 } : word,
    )
    expect(toSegments(late).map(({ text }) => text)).toEqual(['Dr. Brandt came.', 'She saw the', 'gauge and left'])
  })
  it('are never too long to be read beside their time', () => {
    const segments = toSegments(words('a '.repeat(300).trim()))
    expect(segments.every(({ startSeconds, endSeconds }) => endSeconds - startSeconds <= 20)).toBe(true)
    expect(
      segments
        .map(({ text }) => text)
        .join(' ')
        .split(' '),
    ).toHaveLength(300)
  })
})

it('chunks hold what belongs together, none is longer than models take, and no sample is in two', () => {
  const at = (from: number, to: number) => ({ from: from * sampleRate, to: to * sampleRate })
  const stretches = [at(0, 4), at(4.5, 9), at(9.4, 20), at(20.4, 29), at(40, 41), at(60, 130)]
  const wave = { samples: 140 * sampleRate, read: (_: number, count: number) => new Float32Array(count).fill(0.1) }
  const chunks = packChunks(stretches, wave)
  expect(chunks.every(({ from, to }) => to - from <= 28 * sampleRate)).toBe(true)
  for (const [index, { from }] of chunks.entries()) expect(from).toBeGreaterThanOrEqual(chunks[index - 1]?.to ?? 0)
  expect(chunks[0]!.stretches).toHaveLength(3)
  expect(chunks.flatMap((one) => one.stretches).reduce((sum, { from, to }) => sum + to - from, 0)).toBe(
    stretches.reduce((sum, { from, to }) => sum + to - from, 0),
  )
})
