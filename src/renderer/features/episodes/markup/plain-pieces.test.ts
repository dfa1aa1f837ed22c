import { expect, it } from 'vitest'
import { plainPieces } from './plain-pieces.ts'

it.each([
  ['lines', 'A line of some words.\n'.repeat(20_000), '\n'],
  ['one line', 'word '.repeat(80_000), ''],
  ['one word', 'x'.repeat(330_000), ''],
  ['characters of two units', '𝔞'.repeat(10_001), ''],
])('cuts %s into small pieces and loses nothing', (_name, text, joint) => {
  const pieces = plainPieces(text)
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(2_000)
  expect(pieces.length).toBeLessThan(text.length / 900)
  expect(pieces.join(joint)).toBe(text)
  expect(pieces.every((piece) => piece.isWellFormed())).toBe(true)
})

it('leaves a short text whole', () => {
  expect(plainPieces('a\n\nb')).toEqual(['a\n\nb'])
  expect(plainPieces('')).toEqual([''])
})
