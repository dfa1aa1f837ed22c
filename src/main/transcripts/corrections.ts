import type { Segment } from '#shared/contract/transcripts.ts'

export interface Correction {
  readonly heard: string
  readonly meant: string
}

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/**
 * Puts what was meant where something was heard: whole words, in any case, over any white space; the longest entry
 * first. Each place is changed once, so that entries cannot chase each other.
 */
export function corrector(corrections: readonly Correction[]): (text: string) => string {
  if (corrections.length === 0) return (text) => text
  const keyOf = (text: string): string => text.toLowerCase().replaceAll(/\s+/g, ' ')
  const meantByHeard = new Map(corrections.map(({ heard, meant }) => [keyOf(heard.trim()), meant]))
  const all = [...meantByHeard.keys()].toSorted((a, b) => b.length - a.length)
  const parts = all.map((heard) => literal(heard).replaceAll(' ', String.raw`\s+`)).join('|')
  const pattern = new RegExp(String.raw`(?<![\p{L}\p{M}\p{N}_])(?:${parts})(?![\p{L}\p{M}\p{N}_])`, 'giu')
  return (text) => text.replaceAll(pattern, (found) => meantByHeard.get(keyOf(found)) ?? found)
}

export function correctSegments(segments: readonly Segment[], corrections: readonly Correction[]): Segment[] {
  const correct = corrector(corrections)
  return segments.map((segment) => {
    const text = correct(segment.text)
    return text === segment.text ? segment : { ...segment, text }
  })
}
