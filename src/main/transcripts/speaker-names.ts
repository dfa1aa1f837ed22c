import type { Person } from '#shared/contract/episodes.ts'
import type { Segment } from '#shared/contract/transcripts.ts'
import { isGenericLabel } from './speaker-label.ts'

const key = (name: string): string => name.normalize('NFKC').toLocaleLowerCase('en').replace(/\s+/g, ' ').trim()

/**
 * Labels of a transcript with the full names the feed gives: "Maren" becomes "Maren Oyelaran" when only one person is called
 * so. "Speaker 1" stays: nobody knows yet who that is.
 */
export function nameSpeakers(segments: readonly Segment[], persons: readonly Person[]): Segment[] {
  const fullNames = new Map(persons.map(({ name }) => [key(name), name]))
  const namesByPart = new Map<string, Set<string>>()
  for (const [whole, name] of fullNames) {
    const parts = whole.split(' ')
    for (const part of [parts[0]!, parts.at(-1)!]) namesByPart.set(part, (namesByPart.get(part) ?? new Set()).add(name))
  }
  const resolved = new Map<string, string>()
  const resolve = (label: string): string => {
    if (isGenericLabel(label)) return label
    const wanted = key(label)
    const exact = fullNames.get(wanted)
    if (exact !== undefined) return exact
    const matching = [...(namesByPart.get(wanted) ?? [])]
    return matching.length === 1 ? matching[0]! : label
  }
  return segments.map((segment) => {
    if (segment.speaker === null) return segment
    const name = resolved.get(segment.speaker) ?? resolve(segment.speaker)
    resolved.set(segment.speaker, name)
    return name === segment.speaker ? segment : { ...segment, speaker: name }
  })
}
