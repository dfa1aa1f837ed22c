import { Radio } from '@mantine/core'
import { Link } from 'wouter'
import type { RungId, RungOffer } from '#shared/contract/transcripts.ts'
import { formatTook } from '../../lib/format.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { FailureNote, Loading, Price, say } from '../../ui/index.ts'
import css from './ways-to-words.module.css'

const names: Record<RungId, string> = {
  'youtube-captions': 'Captions of the video',
  scan: 'Letters on its pages',
  'this-computer': 'Speech recognition on this computer',
  'own-server': 'Your own server',
  gemini: 'Gemini',
}

/** Where the words of an episode could come from: each way with its price and time, and one chosen. */
export function WaysToWords(props: {
  episodeId: string
  feedId: string
  chosen: RungId | null
  onChoose: (rung: RungId) => void
}) {
  const ways = useLive('transcripts', 'rungs', { episodeId: props.episodeId })
  const remember = useCommand('transcripts', 'remember')
  if (ways.failure) return <FailureNote failure={ways.failure} onRetry={ways.again} />
  if (!ways.value) return <Loading rows={3} label="Looking for ways to its words" />
  const { offers, next, remembered } = ways.value
  const shown = offers.filter(({ rung, ready }) => ready || (rung !== 'youtube-captions' && rung !== 'scan'))
  const chosen = props.chosen ?? next
  const keep = async (rung: RungId | null) => {
    const done = await remember.run({ feedId: props.feedId, rung })
    if (!done.ok) return say(done.error.message, { tone: 'warn' })
    say(rung ? `All episodes of this feed take it from there: ${names[rung]}.` : 'The first free way is taken again.', {
      undo: () => void remember.run({ feedId: props.feedId, rung: remembered }),
    })
  }
  return (
    <div className={css.ways}>
      <Radio.Group label="Where its words come from" value={chosen} onChange={(rung) => props.onChoose(rung as RungId)}>
        <ul>
          {shown.map((offer) => (
            <Way key={offer.rung} offer={offer} />
          ))}
        </ul>
      </Radio.Group>
      {chosen !== null && (
        <p className={css.remember}>
          {remembered === chosen ? (
            <>
              Chosen for this feed.{' '}
              <button type="button" className="ik-link" onClick={() => void keep(null)}>
                Forget the choice
              </button>
            </>
          ) : (
            <button type="button" className="ik-link" onClick={() => void keep(chosen)}>
              Choose it for this feed
            </button>
          )}
        </p>
      )}
      {next === null && (
        <p>
          Nothing is set up that can hear it yet.{' '}
          <Link href="/settings/models" className="ik-link">
            Models and keys
          </Link>
        </p>
      )}
    </div>
  )
}

function Way({ offer }: { offer: RungOffer }) {
  const { rung, ready, words, model, estimate, seconds } = offer
  return (
    <li data-ready={ready || undefined}>
      <Radio
        value={rung}
        disabled={!ready}
        label={names[rung]}
        description={
          <>
            {words}
            {model !== null && ` ${model}.`}
            {ready && seconds !== null && ` About ${formatTook(seconds)}.`}
          </>
        }
      />
      {ready && (
        <span className={css.price} title={estimate.reason}>
          <Price microUsd={estimate.highMicroUsd} reckoning={false} />
        </span>
      )}
    </li>
  )
}
