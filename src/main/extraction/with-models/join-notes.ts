import { ok, type Result } from '#shared/result.ts'
import type { ModelFailure } from '../../services-models.ts'
import { type AnswerFailure, readAnswer } from './answer.ts'
import { type AskDeps, type Asking, ask } from './ask.ts'
import { joinPortion, type Material, questionFor } from './plan-requests.ts'
import type { PromptFailure } from './prompt/render.ts'
import { answerStore } from './store.ts'
import { tokensOf } from './tokens-of.ts'

export interface PartNote {
  /** e.g. "Part 2, from 58:00 to 1:57:12" */
  readonly name: string
  readonly text: string
}
interface Joined {
  readonly markdown: string
  readonly joinFinish: 'stop' | 'length' | 'other'
  readonly keptAnswers: number
}

/** Joins notes of parts to one; in several rounds where they are more than one request takes. */
export async function joinNotes(
  deps: AskDeps,
  asking: Asking,
  material: Pick<Material, 'prompt' | 'source'>,
  budgetTokens: number,
  notes: readonly PartNote[],
): Promise<Result<Joined, ModelFailure | AnswerFailure | PromptFailure>> {
  let round: readonly PartNote[] = notes
  let keptAnswers = 0
  for (;;) {
    const groups = grouped(round, budgetTokens)
    const next: PartNote[] = []
    for (const group of groups) {
      if (group.length === 1 && groups.length > 1) {
        next.push(group[0]!)
        continue
      }
      const question = questionFor(material, joinPortion(group.map(({ name, text }) => ({ part: name, text }))))
      if (!question.ok) return question
      const asked = await ask(deps, asking, question.value)
      if (!asked.ok) return asked
      if (asked.value.kept) keptAnswers++
      const last = groups.length === 1
      const read =
        asked.value.finish === 'refused'
          ? null
          : readAnswer(asked.value.text, last ? material.prompt.expectedFormat : 'markdown')
      if (read !== null && !read.ok) {
        deps.storage.writeUnaudited((tx) => answerStore.refuse(tx, [asked.value.key]))
        if (read.error.code !== 'answer-refused') return read
      }
      // It would work on the parts but not join them: they stand one after another.
      if (read === null || !read.ok) return ok({ markdown: sideBySide(round), joinFinish: 'stop', keptAnswers })
      const { finish } = asked.value
      if (last)
        return ok({
          markdown: read.value.markdown,
          joinFinish: finish === 'length' || finish === 'other' ? finish : 'stop',
          keptAnswers,
        })
      next.push({ name: `${group[0]!.name} to ${group.at(-1)!.name}`, text: asked.value.text })
    }
    // Notes that are each as long as a request cannot be joined further.
    if (next.length >= round.length) return ok({ markdown: sideBySide(next), joinFinish: 'stop', keptAnswers })
    round = next
  }
}

/** Neighbours that fit into one request together. */
function grouped(notes: readonly PartNote[], budgetTokens: number): PartNote[][] {
  const groups: PartNote[][] = []
  let filled = 0
  for (const note of notes) {
    const size = tokensOf(note.text).high + 20
    const group = groups.at(-1)
    if (group && filled + size <= budgetTokens) {
      group.push(note)
      filled += size
    } else {
      groups.push([note])
      filled = size
    }
  }
  return groups
}

const sideBySide = (notes: readonly PartNote[]): string =>
  notes
    .map(({ name, text }) => {
      const read = readAnswer(text, 'markdown')
      return `### ${name}\n\n${read.ok ? read.value.markdown : text}`
    })
    .join('\n\n')
