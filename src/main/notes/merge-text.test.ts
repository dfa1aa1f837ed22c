import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinBlocks, splitBlocks } from './merge-blocks.ts'
import { compareTexts, type Take } from './merge-text.ts'

const parts = [
  '# Title',
  '## Section one',
  'A paragraph of some words.',
  'Another paragraph, of other words.',
  '- one\n- two\n\n  still two\n- three',
  '```js\nconst a = 1\n\nconst b = 2\n```',
  '> a quote\n> goes on',
  '| a | b |\n|---|---|\n| 1 | 2 |',
  'My own words.',
  '%% a comment %%',
  '$$\nx = 1\n$$',
  '---',
  'é ü 日本 🎧',
]
const frontmatter = fc.constantFrom(
  '',
  '---\ntitle: "x"\ntags:\n  - a\n---\n',
  '---\nextracted: 2026-11-23\nstatus: read\n---\n',
)
const gap = fc.constantFrom('\n\n', '\n\n\n', '\n', '\n \n')
const body = fc
  .tuple(
    fc.array(fc.tuple(gap, fc.oneof(fc.constantFrom(...parts), fc.string({ unit: 'grapheme' }))), { maxLength: 8 }),
    fc.constantFrom('', '\n', '\n\n'),
  )
  .map(([blocks, tail]) => blocks.map(([between, text], at) => (at === 0 ? text : between + text)).join('') + tail)
const text = fc.tuple(frontmatter, body).map((pieces) => pieces.join(''))
const takeAll = (mine: string, newer: string, base: string | null, take: Take): string => {
  const { blocks, merge } = compareTexts(mine, newer, base)
  return merge(new Map(blocks.map(({ index }) => [index, take])))
}
const isUniformlyCrLf = (value: string): boolean => /\r\n/.test(value) && !/[^\r]\n|^\n|\r(?!\n)/.test(value)
const runs = { numRuns: 500 }

test('blocks are the text again, byte for byte', () => {
  fc.assert(
    fc.property(
      fc.oneof(text, fc.string({ unit: fc.constantFrom('\r', '\n', ' ', '`', '#', '-', '$', '%', 'a') })),
      (value) => {
        expect(joinBlocks(splitBlocks(value))).toBe(value)
      },
    ),
    runs,
  )
})

test('all mine is my text, all new the newer one, byte for byte', () => {
  fc.assert(
    fc.property(text, text, fc.option(text), (mine, newer, base) => {
      const differs = compareTexts(mine, newer, base).blocks.some(({ kind }) => kind !== 'same')
      fc.pre(differs && !isUniformlyCrLf(mine))
      expect(takeAll(mine, newer, base, 'mine')).toBe(mine)
      expect(takeAll(mine, newer, base, 'new')).toBe(newer)
    }),
    runs,
  )
})

test('both holds every block of both, in the order of each', () => {
  fc.assert(
    fc.property(text, text, fc.option(text), (mine, newer, base) => {
      const both = takeAll(mine, newer, base, 'both')
      for (const side of [mine, newer]) {
        let at = 0
        for (const block of splitBlocks(side).blocks) {
          const found = both.indexOf(isUniformlyCrLf(mine) ? block.text.replace(/\r?\n/g, '\r\n') : block.text, at)
          expect(found).toBeGreaterThanOrEqual(0)
          at = found + 1
        }
      }
    }),
    runs,
  )
})

test('a line of the user goes only where the newer text was chosen', () => {
  fc.assert(
    fc.property(
      text,
      text,
      fc.option(text),
      fc.infiniteStream(fc.constantFrom<Take>('mine', 'both', 'new')),
      (mine, newer, base, stream) => {
        const { blocks, merge } = compareTexts(mine, newer, base)
        const takes = new Map(blocks.map(({ index }) => [index, stream.next().value as Take]))
        const merged = merge(takes)
        for (const { index, kind, mine: own } of blocks)
          if (own !== null && (kind === 'same' || takes.get(index) !== 'new')) expect(merged).toContain(own)
      },
    ),
    runs,
  )
})

test('new is suggested only where the user changed nothing', () => {
  fc.assert(
    fc.property(text, text, (base, newer) => {
      // The user changed nothing at all.
      for (const { kind, suggested } of compareTexts(base, newer, base).blocks)
        if (kind !== 'same') expect(suggested).toBe('new')
      // Inkwell changed nothing.
      for (const { kind, suggested } of compareTexts(newer, base, base).blocks)
        if (kind !== 'same') expect(suggested).toBe('mine')
      for (const { suggested } of compareTexts(base, newer, null).blocks) expect(suggested).toBe('mine')
    }),
    runs,
  )
})

const note = (...blocks: string[]): string => `${blocks.join('\n\n')}\n`

test('suggests section by section: theirs where they wrote, the newer where they did not', () => {
  const base = note(
    '# Summary',
    'Tides are pulled by the moon.',
    '## Tables',
    'A table is made from a year of data.',
    'Old end.',
  )
  const mine = note(
    '# Summary',
    'Tides are pulled by the moon. I saw it myself!',
    '## Tables',
    'A table is made from a year of data.',
    'Old end.',
    'My thoughts.',
  )
  const newer = note(
    '# Summary',
    'Tides are pulled by the moon and sun.',
    '## Tables',
    'A table is made from 19 years of data.',
    'A new end.',
  )
  const { blocks, merge } = compareTexts(mine, newer, base)
  expect(blocks.map(({ kind, section, suggested }) => [kind, section, suggested])).toEqual([
    ['same', 'Summary', 'mine'],
    ['changed', 'Summary', 'mine'],
    ['same', 'Tables', 'mine'],
    ['changed', 'Tables', 'new'],
    ['changed', 'Tables', 'new'],
    ['only-mine', 'Tables', 'mine'],
  ])
  expect(merge(new Map(blocks.map(({ index, suggested }) => [index, suggested])))).toBe(
    note(
      '# Summary',
      'Tides are pulled by the moon. I saw it myself!',
      '## Tables',
      'A table is made from 19 years of data.',
      'A new end.',
      'My thoughts.',
    ),
  )
})

test('what the user took out is not suggested again', () => {
  const base = note('# A', 'One.', 'Two.')
  const { blocks } = compareTexts(note('# A', 'One.'), note('# A', 'One.', 'Two.', 'Three of it.'), base)
  expect(blocks.filter(({ kind }) => kind === 'only-new').map(({ newer, suggested }) => [newer, suggested])).toEqual([
    ['Two.', 'mine'],
    ['Three of it.', 'new'],
  ])
})

test('outside the marks everything is the user\u2019s', () => {
  const marked = (inside: string, after: string): string =>
    note('%% inkwell:begin summary %%', inside, '%% inkwell:end summary %%', after)
  const { blocks } = compareTexts(
    marked('Old text inside.', 'Old text after.'),
    marked('New text inside.', 'New text after.'),
    marked('Old text inside.', 'Old text after.'),
  )
  expect(blocks.filter(({ kind }) => kind === 'changed').map(({ mine, suggested }) => [mine, suggested])).toEqual([
    ['Old text inside.', 'new'],
    ['Old text after.', 'mine'],
  ])
})

test('properties that the user changed, added or took away stay so; the rest is as in the newer text', () => {
  const properties = (lines: string, text: string): string => `---\n${lines}---\n\n${text}\n\nSame.\n`
  const base = properties('extracted: 2026-11-01\nmodel: "a"\nurl: "u"\ntags:\n  - podcast\n', 'Old words here.')
  const mine = properties(
    'extracted: 2026-11-01\nmodel: "a"\ntags:\n  - podcast\n  - mine\nrating: 5\n',
    'Old words here, mine.',
  )
  const newer = properties(
    'extracted: 2026-11-23\nmodel: "b"\nurl: "u"\ntags:\n  - podcast\nprovider: "c"\n',
    'New words here.',
  )
  const { blocks, merge } = compareTexts(mine, newer, base)
  expect(merge(new Map(blocks.map(({ index }) => [index, 'both'])))).toBe(
    '---\nextracted: 2026-11-23\nmodel: "b"\ntags:\n  - podcast\n  - mine\nrating: 5\nprovider: "c"\n---\n\nOld words here, mine.\n\nNew words here.\n\nSame.\n',
  )
})

test('line ends of the user stay, and so does a missing one at the end', () => {
  const newer = note('# A', 'New words of it.', 'Same.', 'More.')
  const { blocks, merge } = compareTexts('# A\r\n\r\nOld words of it.\r\n\r\nSame.', newer, null)
  expect(blocks.map(({ kind }) => kind)).toEqual(['same', 'changed', 'same', 'only-new'])
  expect(merge(new Map([[1, 'both']]))).toBe('# A\r\n\r\nOld words of it.\r\n\r\nNew words of it.\r\n\r\nSame.')
  expect(
    merge(
      new Map([
        [1, 'new'],
        [3, 'new'],
      ]),
    ),
  ).toBe(newer.replace(/\n/g, '\r\n'))
})

test('two long texts with nothing in common are compared at once', () => {
  const long = (word: string): string => note(...Array.from({ length: 6_000 }, (_, at) => `${word} ${at}.`))
  const { blocks } = compareTexts(long('one'), long('two'), long('three'))
  expect(blocks.length).toBeGreaterThanOrEqual(6_000)
})
