import type { Analysis } from './analysis.ts'

export interface Participant {
  readonly name: string
  /** As the feed says, e.g. `host`; null when it says nothing. */
  readonly role: string | null
}

const placeholder =
  /^(?:speaker|sprecher(?:in)?|host|guest|narrator|announcer|unknown|voice|person|interviewer|interviewee|moderator|audience|caller|all|both|man|woman|male|female|spk|s|break|intro|outro|music|advert|ad|sponsor|clip|recording|video|voice-?over|jingle|theme)[ _-]*\d*$/i

/** Who takes part: those the feed names, then those the transcript gives words to. */
export function participantsOf({ input, turns }: Analysis): {
  participants: Participant[]
  /** Every word of their names, in lower case. */
  nameWords: ReadonlySet<string>
} {
  const participants = new Map<string, Participant>()
  for (const { name, role } of input.persons)
    if (name.trim() !== '')
      participants.set(name.trim().toLowerCase(), { name: name.trim(), role: role.toLowerCase() || null })
  for (const { speaker } of turns) {
    const name = speaker?.trim() ?? ''
    if (name === '' || placeholder.test(name)) continue
    const known = [...participants.values()].some((other) => {
      const [left, right] = [other.name.toLowerCase(), name.toLowerCase()]
      return (
        left === right || left.startsWith(`${right} `) || right.startsWith(`${left} `) || right.startsWith(`${left},`)
      )
    })
    if (!known) participants.set(name.toLowerCase(), { name, role: null })
  }
  const nameWords = [...participants.values()].flatMap(({ name }) => name.toLowerCase().split(/[^\p{L}\p{M}'-]+/u))
  return { participants: [...participants.values()], nameWords: new Set(nameWords.filter((word) => word.length > 1)) }
}
