import { Button } from '@mantine/core'
import type { Episode } from '#shared/contract/episodes.ts'
import type { RungId } from '#shared/contract/transcripts.ts'
import { useLive } from '../../lib/live.ts'
import type { Priced } from '../../lib/use-estimate.ts'
import { Price, State, VaultLine } from '../../ui/index.ts'
import css from './episode.module.css'
import { availabilityWords } from './episode-model.ts'
import { TemplateMenu } from './TemplateMenu.tsx'
import { WaysToWords } from './WaysToWords.tsx'

/** What would be made of an episode, from what, for how much. */
export function WithoutNotes(props: {
  episode: Episode
  busy: boolean
  starting: boolean
  templates: readonly string[] | null
  onTemplates: (names: string[]) => void
  rung: RungId | null
  onRung: (rung: RungId) => void
  priced: Priced
  onMakeNotes: () => void
}) {
  const { episode, priced } = props
  const needsWords = episode.transcript === 'none'
  const next = useLive('transcripts', 'rungs', needsWords ? { episodeId: episode.id } : null).value?.next ?? null
  if (props.busy) return null
  return (
    <section className={css.without} aria-label="Notes">
      {needsWords ? (
        <>
          <State kind="wait">
            <b>Needs speech recognition.</b>
          </State>
          <p>No transcript comes with this episode. One can be made from the recording:</p>
          <WaysToWords episodeId={episode.id} feedId={episode.feedId} chosen={props.rung} onChoose={props.onRung} />
        </>
      ) : (
        <p>{priced.estimate?.words ?? `Notes can be made ${availabilityWords[episode.transcript]}.`}</p>
      )}
      <VaultLine />
      <div className={css.withoutActions}>
        <Button
          rightSection={<Price microUsd={priced.microUsd} reckoning={priced.estimate === undefined} />}
          loading={props.starting}
          disabled={needsWords && (props.rung ?? next) === null}
          onClick={props.onMakeNotes}
        >
          Make notes
        </Button>
        <TemplateMenu chosen={props.templates} onChange={props.onTemplates} />
      </div>
      {needsWords && priced.estimate && <p className={css.estimate}>{priced.estimate.words}</p>}
    </section>
  )
}
