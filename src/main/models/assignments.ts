import type { z } from 'zod'
import { type Assignment, type ModelChoice, ModelTask } from '#shared/contract/models.ts'
import type { PlannedUsage } from '../services-models.ts'
import type { ModelsDeps } from './deps.ts'
import type { Keys } from './keys.ts'
import { goneWords, type Lists } from './lists.ts'
import type { ProviderRecord } from './providers.ts'
import { type Assigned, readAssignments, readTemplateChoices, writeModels } from './settings.ts'

/** Nothing leaves this computer until the user says so. */
export const offline: ModelChoice = { providerId: 'offline', model: 'offline' }
const first: Assigned = { choice: offline, fallback: null }

/**
 * What an hour of talk takes: about 9,300 spoken words, 12,000 to 16,000 tokens. For notes the three usual templates
 * read it whole and write about a page each; an interview reads it once and asks five questions; Gemini counts 32 tokens
 * for each second of sound.
 */
const hour: Record<ModelTask, PlannedUsage> = {
  extraction: { inputTokens: [39_000, 51_000], outputTokens: [1_500, 6_000], audioSeconds: null },
  interview: { inputTokens: [20_000, 60_000], outputTokens: [1_000, 4_000], audioSeconds: null },
  transcription: { inputTokens: [115_200, 118_000], outputTokens: [13_000, 20_000], audioSeconds: 3_600 },
}

/** Who does what: by task, and by template where one has a choice of its own. */
export function createAssignments(
  { storage, clock, spending }: Pick<ModelsDeps, 'storage' | 'clock' | 'spending'>,
  deps: { lists: Lists; keys: Keys; provider: (id: string) => ProviderRecord | undefined },
) {
  const assigned = (task: ModelTask): Assigned => readAssignments(storage)[task] ?? first
  const hourlyPrice = (task: ModelTask, { providerId, model }: ModelChoice): number | null => {
    if (providerId === 'offline') return 0
    const { lowMicroUsd, highMicroUsd } = spending.estimate(providerId, model, hour[task])
    return lowMicroUsd === null || highMicroUsd === null ? null : Math.round((lowMicroUsd + highMicroUsd) / 2)
  }
  const problemOf = ({ providerId, model }: ModelChoice): z.infer<typeof Assignment>['problem'] => {
    if (providerId === 'offline') return null
    const provider = deps.provider(providerId)
    if (!provider)
      return {
        code: 'no-such-provider',
        message: 'This server was removed. Choose another, or add it again.',
        successor: null,
      }
    if (deps.keys.state(provider) === 'missing')
      return {
        code: 'key-missing',
        message: `There is no key for ${provider.title}. Enter one above, or choose another.`,
        successor: null,
      }
    if (deps.lists.isGone(providerId, model)) {
      const successor = deps.lists.successorOf(providerId, model)
      return { code: 'model-retired', message: goneWords(provider, model, successor), successor }
    }
    const problem = deps.lists.lookOf(providerId)?.problem
    return problem ? { code: problem.code, message: problem.message, successor: null } : null
  }
  return {
    list: (): Assignment[] =>
      ModelTask.options.map((task) => {
        const { choice, fallback } = assigned(task)
        return { task, choice, fallback, microUsdPerHour: hourlyPrice(task, choice), problem: problemOf(choice) }
      }),
    choiceFor: (task: ModelTask, template?: string): Assigned => {
      const byTask = assigned(task)
      const own = template === undefined ? undefined : readTemplateChoices(storage)[template]
      return own ? { choice: own, fallback: byTask.fallback } : byTask
    },
    assign: (task: ModelTask, to: Assigned): void =>
      storage.write('models.assign', (tx) => {
        const before = readAssignments(tx)
        writeModels(tx, 'assignments', { ...before, [task]: to }, clock.now())
        tx.audit(`model-task:${task}`, before[task] ?? null, to)
      }),
    templateChoices: (): { template: string; choice: ModelChoice }[] =>
      Object.entries(readTemplateChoices(storage)).map(([template, choice]) => ({ template, choice })),
    setTemplateChoice: (template: string, choice: ModelChoice | null): void =>
      storage.write('models.setTemplateChoice', (tx) => {
        const { [template]: before, ...others } = readTemplateChoices(tx)
        writeModels(tx, 'templateChoices', choice ? { ...others, [template]: choice } : others, clock.now())
        tx.audit(`template:${template}`, { choice: before ?? null }, { choice })
      }),
  }
}
export type Assignments = ReturnType<typeof createAssignments>
