import { diffArrays } from 'diff'
import type { ElementContent, Root } from 'hast'
import { element, type Parent, text, textOf } from './tree.ts'

/** Above this nobody compares word by word, and the comparison would be felt. */
const mostWords = 3_000
const mostEdits = 600

interface Word {
  readonly value: string
  readonly start: number
}
const wordsOf = (of: string): Word[] =>
  [...of.matchAll(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu)].map((match) => ({ value: match[0], start: match.index }))

export type Range = readonly [start: number, end: number]

/** Where a text says what the other does not: ranges of characters, joined across spaces. Empty when they are too long or too different. */
export function onlyIn(own: string, other: string): Range[] {
  const [ownWords, otherWords] = [wordsOf(own), wordsOf(other)]
  if (ownWords.length > mostWords || otherWords.length > mostWords) return []
  const parts = diffArrays(
    otherWords.map(({ value }) => value),
    ownWords.map(({ value }) => value),
    { maxEditLength: mostEdits },
  )
  const ranges: [number, number][] = []
  let at = 0
  for (const part of parts ?? []) {
    if (part.removed) continue
    if (part.added) {
      const last = ownWords[at + part.count - 1]!
      ranges.push([ownWords[at]!.start, last.start + last.value.length])
    }
    at += part.count
  }
  return ranges
}

/** Wraps the words that the other text does not have in `<ins>`. */
export const markWords = (other: string) => (tree: Root) => {
  const ranges = onlyIn(tree.children.map(textOf).join(''), other)
  if (ranges.length === 0) return
  let offset = 0
  const mark = (parent: Parent): void => {
    parent.children = parent.children.flatMap((child) => {
      if (child.type === 'text') {
        const start = offset
        offset += child.value.length
        return cut(child.value, start, ranges)
      }
      if (child.type === 'element') mark(child)
      return [child as ElementContent]
    })
  }
  mark(tree)
}

function cut(value: string, start: number, ranges: readonly Range[]): ElementContent[] {
  const pieces: ElementContent[] = []
  let done = 0
  for (const [from, to] of ranges) {
    const [a, b] = [Math.max(0, from - start), Math.min(value.length, to - start)]
    if (b <= a) continue
    if (a > done) pieces.push(text(value.slice(done, a)))
    pieces.push(element('ins', [text(value.slice(a, b))]))
    done = b
  }
  if (done < value.length) pieces.push(text(value.slice(done)))
  return pieces
}
