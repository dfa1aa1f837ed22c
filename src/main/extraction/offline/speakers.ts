import type { Analysis } from './analysis.ts'

/** Who asks is heard less than who answers: 1 for a guest, down to 0.6 for a host who only asks. */
export function speakerWeights(analysis: Analysis): (speaker: string | null) => number {
  const talk = new Map<string, { words: number; sentences: number; questions: number }>()
  for (const { speaker, words, text } of analysis.sentences) {
    const entry = talk.get(speaker ?? '') ?? { words: 0, sentences: 0, questions: 0 }
    entry.words += words
    entry.sentences += 1
    if (/\?["”’)]*$/.test(text)) entry.questions += 1
    talk.set(speaker ?? '', entry)
  }
  const most = Math.max(1, ...[...talk.values()].map(({ words }) => words))
  const roles = new Map(analysis.input.persons.map(({ name, role }) => [name.toLowerCase(), role.toLowerCase()]))
  const weights = new Map<string, number>()
  for (const [speaker, { words, sentences, questions }] of talk) {
    const role = roles.get(speaker.toLowerCase())
    const asking = Math.min(1, (questions / Math.max(1, sentences)) * 4)
    const host = role === 'host' ? 0.3 : role === 'guest' ? 0 : 0.25 * asking
    weights.set(speaker, (1 - host) * (0.8 + 0.2 * (words / most)))
  }
  return (speaker) => (talk.size < 2 ? 1 : (weights.get(speaker ?? '') ?? 1))
}
