import { Button } from '@mantine/core'
import type { Episode } from '#shared/contract/episodes.ts'
import { listOf } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { Money, State, VaultLine } from '../../ui/index.ts'
import css from './episode.module.css'
import { availabilityWords } from './episode-model.ts'
import { chosenTemplates, TemplateMenu } from './TemplateMenu.tsx'

/** What would be made of an episode, from what, for how much. */
export function WithoutNotes(props: {
  episode: Episode
  busy: boolean
  starting: boolean
  templates: readonly string[] | null
  onTemplates: (names: string[]) => void
  onMakeNotes: () => void
}) {
  const { episode } = props
  const templates = useLive('templates', 'list', {}).value ?? []
  if (episode.transcript === 'none')
    return (
      <section className={css.without} aria-label="Notes">
        <State kind="wait">
          <b>Needs speech recognition.</b>
        </State>
        <p>
          No transcript comes with this episode, and making one from the recording needs speech recognition, which this
          version of Inkwell does not have yet. The episode stays here; if its feed offers a transcript later, notes can
          be made then.
        </p>
      </section>
    )
  if (props.busy) return null
  const names = chosenTemplates(templates, props.templates)
  const titles = templates.filter((one) => names.includes(one.name)).map((one) => one.title)
  return (
    <section className={css.without} aria-label="Notes">
      <p>
        <b>{listOf(titles) || 'Notes'}</b> can be made {availabilityWords[episode.transcript]}. It happens on this
        computer, without a key or a model.
      </p>
      <VaultLine />
      <div className={css.withoutActions}>
        <Button rightSection={<Money microUsd={0} />} loading={props.starting} onClick={props.onMakeNotes}>
          Make notes
        </Button>
        <TemplateMenu chosen={props.templates} onChange={props.onTemplates} />
      </div>
    </section>
  )
}
