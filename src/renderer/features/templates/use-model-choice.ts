import type { ModelChoice } from '#shared/contract/models.ts'
import { announce } from '../../lib/announce.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { say } from '../../ui/say.tsx'

/** Whether notes go to a model. Until main has said so they do not. */
export function useHasModel(): boolean {
  const assignments = useLive('models', 'assignments', {}).value
  const choice = assignments?.find(({ task }) => task === 'extraction')?.choice
  return choice !== undefined && choice.providerId !== 'offline'
}

export interface TemplateChoice {
  /** What a note of this template would be made by now; undefined while nobody has said. */
  readonly choice: ModelChoice | undefined
  /** Its own; null: as all notes are made. */
  readonly own: ModelChoice | null
  /** What all notes are made by. */
  readonly forAll: ModelChoice | undefined
  readonly set: (choice: ModelChoice | null) => Promise<void>
}

/** Which model a template is given to. */
export function useModelChoice(template: string): TemplateChoice {
  const choices = useLive('models', 'templateChoices', {}).value
  const assignments = useLive('models', 'assignments', {}).value
  const command = useCommand('models', 'setTemplateChoice')
  const own = choices?.find((one) => one.template === template)?.choice ?? null
  const forAll = assignments?.find(({ task }) => task === 'extraction')?.choice
  return {
    own,
    forAll,
    choice: choices && (own ?? forAll),
    set: async (choice) => {
      const done = await command.run({ template, choice })
      // No toast: it would lie over the price that changes with the choice.
      if (done.ok) announce('Another model makes this note from now on.')
      else say(done.error.message, { tone: 'warn' })
    },
  }
}
