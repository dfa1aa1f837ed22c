import fc from 'fast-check'

const line = fc.oneof(
  fc.constantFrom('', '---', '...', '```', '~~~', '$$', '# A', '## Thoughts', '- one', '  - two', '1. x', '> q', '%%'),
  fc.constantFrom(
    '%% inkwell:begin x %%',
    '%% inkwell:end %%',
    '| a | b |',
    '[[link]]',
    '<% tp %>',
    '\u2028',
    '\ufeff',
  ),
  fc.constantFrom(
    'title: x',
    'tags: [a, b]',
    'tags:',
    '  - a',
    'key: "a',
    "key: 'b'",
    'a: &x 1',
    'b: *x',
    '? k',
    ': v',
  ),
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 10 }),
)
const end = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r', '')
/** Text as people and programs make it, and as nobody does. */
export const markdown = fc
  .array(fc.tuple(line, end), { maxLength: 30 })
  .map((parts) => parts.map(([words, end]) => words + end).join(''))

/** Two that have something in common, and what both come from. */
export const threeTexts = fc
  .tuple(
    markdown,
    fc.array(fc.tuple(fc.nat(), markdown), { maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(), markdown), { maxLength: 3 }),
  )
  .map(([base, mine, newer]) => ({ base, mine: spliced(base, mine), newer: spliced(base, newer) }))

const spliced = (text: string, changes: readonly (readonly [number, string])[]): string =>
  changes.reduce((now, [at, put]) => {
    const lines = now.split(/(?<=\n)/)
    lines.splice(at % (lines.length + 1), at % 3, put)
    return lines.join('')
  }, text)

/** Some bytes of it changed, left out, doubled or moved. */
export const mutation = fc.array(
  fc.record({
    kind: fc.constantFrom('flip', 'cut', 'double', 'put', 'end'),
    at: fc.nat(),
    value: fc.nat({ max: 255 }),
  }),
  { minLength: 1, maxLength: 4 },
)
export function mutated(
  bytes: Buffer,
  changes: typeof mutation extends fc.Arbitrary<infer Value> ? Value : never,
): Buffer {
  let now = Buffer.from(bytes)
  for (const { kind, at, value } of changes) {
    const place = at % (now.length + 1)
    if (kind === 'flip' && place < now.length) now[place]! ^= 1 << (value % 8)
    else if (kind === 'cut') now = Buffer.concat([now.subarray(0, place), now.subarray(place + value)])
    else if (kind === 'double') now = Buffer.concat([now.subarray(0, place), now.subarray(Math.max(0, place - value))])
    else if (kind === 'put') now = Buffer.concat([now.subarray(0, place), Buffer.from([value]), now.subarray(place)])
    else if (kind === 'end') now = now.subarray(0, place)
  }
  return now
}
