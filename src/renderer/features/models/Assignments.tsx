import { Button, Select } from '@mantine/core'
import type { Assignment, ModelChoice, ModelInfo, ModelTask, Provider } from '#shared/contract/models.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { FailureNote, Money, SectionHead, State, say } from '../../ui/index.ts'
import css from './models.module.css'

const tasks: Record<ModelTask, string> = {
  extraction: 'Notes',
  interview: 'Interview questions',
  transcription: 'Speech, when no transcript exists',
}
const offline: ModelChoice = { providerId: 'offline', model: 'offline' }
const none = 'none'
const keyOf = ({ providerId, model }: ModelChoice): string =>
  providerId === 'offline' ? 'offline' : `${providerId}/${model}`

/** Which model does what, what takes over when it fails, and the price of an hour. */
export function Assignments() {
  const assignments = useLive('models', 'assignments', {})
  const models = useLive('models', 'list', {}).value ?? []
  const providers = useLive('models', 'providers', {}).value ?? []
  return (
    <section aria-labelledby="who-does-what">
      <SectionHead id="who-does-what" title="Who does what" aside={<small>Price of one hour of talk</small>} />
      {assignments.failure && <FailureNote failure={assignments.failure} onRetry={assignments.again} />}
      <ul className={css.tasks}>
        {assignments.value?.map((assignment) => (
          <Task key={assignment.task} assignment={assignment} models={models} providers={providers} />
        ))}
      </ul>
    </section>
  )
}

function Task(props: { assignment: Assignment; models: readonly ModelInfo[]; providers: readonly Provider[] }) {
  const { assignment, providers } = props
  const { task, choice, fallback, microUsdPerHour, problem } = assignment
  const assign = useCommand('models', 'assign')
  const wanted = task === 'transcription' ? 'transcription' : 'text'
  const models = props.models.filter((model) => model.does.includes(wanted))
  const titleOf = (providerId: string) => providers.find(({ id }) => id === providerId)?.title ?? providerId
  const byProvider = [...new Set(models.map(({ providerId }) => providerId))].map((providerId) => ({
    group: titleOf(providerId),
    items: models
      .filter((model) => model.providerId === providerId)
      .map((model) => ({ value: keyOf({ providerId, model: model.id }), label: model.title })),
  }))
  // What is chosen stays in the list though the provider has not been asked.
  const chosen = [choice, ...(fallback ? [fallback] : [])].filter(
    (one) =>
      one.providerId !== 'offline' && !models.some((model) => keyOf({ ...model, model: model.id }) === keyOf(one)),
  )
  const groups = [
    {
      group: 'This computer',
      items: [{ value: 'offline', label: task === 'transcription' ? 'Speech model' : 'Offline' }],
    },
    ...byProvider,
    ...(chosen.length > 0
      ? [{ group: 'Chosen', items: [...new Set(chosen.map(keyOf))].map((value) => ({ value, label: value })) }]
      : []),
  ]
  const choiceOf = (value: string): ModelChoice => {
    const at = value.indexOf('/')
    return value === 'offline' ? offline : { providerId: value.slice(0, at), model: value.slice(at + 1) }
  }
  const set = async (next: { choice: ModelChoice; fallback: ModelChoice | null }) => {
    const done = await assign.run({ task, ...next })
    if (!done.ok) return say(done.error.message, { tone: 'warn' })
    say(`${tasks[task]}: changed.`, { undo: () => void assign.run({ task, choice, fallback }) })
  }
  return (
    <li className={css.task}>
      <span className={css.taskName}>{tasks[task]}</span>
      <Select
        aria-label={`Model for ${tasks[task]}`}
        size="xs"
        searchable
        allowDeselect={false}
        data={groups}
        value={keyOf(choice)}
        onChange={(value) => value !== null && void set({ choice: choiceOf(value), fallback })}
      />
      <div className={css.fallback}>
        <span className="ik-dim">or, if it fails,</span>
        <Select
          aria-label={`Fallback for ${tasks[task]}`}
          size="xs"
          searchable
          allowDeselect={false}
          data={[{ group: '', items: [{ value: none, label: 'none' }] }, ...groups]}
          value={fallback ? keyOf(fallback) : none}
          onChange={(value) =>
            value !== null && void set({ choice, fallback: value === none ? null : choiceOf(value) })
          }
        />
      </div>
      <Money microUsd={choice.providerId === 'offline' ? 0 : microUsdPerHour} />
      {problem && (
        <div className={css.taskProblem}>
          <State kind="warn">{problem.message}</State>
          {problem.successor && (
            <Button
              variant="default"
              size="xs"
              onClick={() =>
                void set({
                  choice: { providerId: problem.successor!.providerId, model: problem.successor!.id },
                  fallback,
                })
              }
            >
              Use {problem.successor.title}
            </Button>
          )}
        </div>
      )}
    </li>
  )
}
