import fc from 'fast-check'
import type { SessionState } from '../../../src/main/interviews/store.ts'

/** Few, so that one thing is met several times. */
const number = fc.nat({ max: 3 })
const text = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('', '  a   b ', "O'Brien", '🌊', 'a\tb'),
)
const sometimes = fc.nat({ max: 4 }).map((nth) => nth === 4)
const takes = fc.array(fc.constantFrom('mine' as const, 'both' as const, 'new' as const), {
  minLength: 1,
  maxLength: 5,
})
const states = fc.constantFrom<SessionState>('active', 'paused', 'completed', 'abandoned')
const one = <Name extends string, Fields extends object>(
  name: Name,
  fields: { [Field in keyof Fields]: fc.Arbitrary<Fields[Field]> },
) => fc.record({ do: fc.constant(name), ...fields }) as unknown as fc.Arbitrary<{ do: Name } & Fields>

/** Numbers name what there is at that moment, whatever came before: so every shorter sequence is one too. */
const lists = [
  one('add-feed', { n: number }),
  one('rename-feed', { n: number, text: fc.option(text, { freq: 3 }) }),
  one('set-category', { n: number, text: fc.option(text) }),
  one('pause-feed', { n: number, on: fc.boolean() }),
  one('remove-feed', { n: number }),
  one('undo-remove', { n: number }),
  one('settings', { scheme: fc.constantFrom('auto', 'light', 'dark'), keys: fc.boolean() }),
  one('charge', { n: number, old: fc.boolean() }),
  one('sweep', {}),
  one('crash', {}),
] as const
const interviews = [
  one('start-interview', {}),
  one('ask', { s: number, stale: sometimes }),
  one('draft', { s: number, e: number, stale: sometimes, text }),
  one('answer', { s: number, e: number, stale: sometimes, text }),
  one('set-state', { s: number, stale: sometimes, state: states }),
  one('crash', {}),
] as const
const notes = [
  one('write-notes', { n: number, words: number, away: sometimes }),
  one('write-notes', { n: number, words: number, away: sometimes }),
  one('edit-note', { n: number }),
  one('edit-note', { n: number }),
  one('edit-offer', { n: number }),
  one('delete-note', { n: number }),
  one('keep-mine', { n: number }),
  one('take-new', { n: number }),
  one('merge', { n: number, takes }),
  one('bring-back', { n: number }),
  one('restore-version', { n: number, v: number }),
  one('crash', {}),
] as const
const parts = { lists: fc.oneof(...lists), interviews: fc.oneof(...interviews), notes: fc.oneof(...notes) }
const step = fc.oneof(
  { weight: 6, arbitrary: parts.lists },
  { weight: 6, arbitrary: parts.interviews },
  { weight: 18, arbitrary: parts.notes },
  one('move-house', {}),
)
export type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never
export type StepOf<Name> = Extract<Step, { do: Name }>

/** Lives of at most so many steps: of everything, or of one part, which then goes deeper. @param part only of this */
export function lives(most: number, part: string | undefined): fc.Arbitrary<Step[]> {
  const of = (steps: fc.Arbitrary<Step>): fc.Arbitrary<Step[]> =>
    fc.array(steps, { minLength: 5, maxLength: most, size: 'max' })
  const only = part === undefined ? undefined : parts[part as keyof typeof parts]
  return only
    ? of(only)
    : fc.oneof({ weight: 2, arbitrary: of(step) }, of(parts.lists), of(parts.interviews), {
        weight: 2,
        arbitrary: of(parts.notes),
      })
}
