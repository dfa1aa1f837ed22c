import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { useMemo } from 'react'
import type { TemplateTestRun } from '#shared/contract/templates.ts'
import { plural } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { CoverageBar, Money, State, Time } from '../../ui/index.ts'
import { coverageOf, readableSeconds } from '../episodes/episode-model.ts'
import { NoteText } from '../episodes/NoteText.tsx'
import { useOpenExternal } from '../episodes/use-open-external.ts'
import css from './templates.module.css'

/** What the model wrote, what it cost, which minutes it saw, and whether its quotes are real. Written nowhere. */
export function Answer({ run, episodeId, isOld }: { run: TemplateTestRun; episodeId: string; isOld: boolean }) {
  const episode = useLive('episodes', 'get', { episodeId }).value
  const transcript = useLive('transcripts', 'get', { episodeId }).value
  const openLink = useOpenExternal()
  const actions = useMemo(() => ({ openLink, goTo: null }), [openLink])
  const totalSeconds = episode ? readableSeconds(episode, transcript ?? null) : null
  const covers = coverageOf(run.coveredSpans, totalSeconds)
  const found = run.quotes.filter((quote) => quote.found !== null).length
  return (
    <div className={css.answer}>
      {isOld && <State kind="wait">The template or the episode has changed since this answer.</State>}
      <p className={css.facts}>
        <span>
          <Money microUsd={run.costMicroUsd} />
          {run.keptAnswers > 0 && `, ${plural(run.keptAnswers, 'answer')} kept from before`}
        </span>
        <span>{plural(run.requests, 'request')}</span>
        {covers && (
          <span data-partial={covers.isPartial || undefined}>
            {totalSeconds !== null && (
              <CoverageBar spans={covers.spans} totalSeconds={totalSeconds} isPartial={covers.isPartial} />
            )}
            {covers.words}
          </span>
        )}
        <span>written nowhere</span>
      </p>
      <NoteText markdown={run.markdown} lang={episode?.language ?? undefined} actions={actions} />
      {run.quotes.length > 0 && (
        <details className={css.quotes} open={found < run.quotes.length}>
          <summary>
            {found} of {plural(run.quotes.length, 'quote')} found word for word
          </summary>
          <ul>
            {run.quotes.map((quote, index) => (
              <li key={index} data-found={quote.found !== null}>
                {quote.found ? (
                  <IconCircleCheck size={15} stroke={1.7} aria-label="Found" />
                ) : (
                  <IconAlertTriangle size={15} stroke={1.7} aria-label="Not found" />
                )}
                <q>{quote.words}</q>
                {quote.found?.startSeconds != null && <Time seconds={quote.found.startSeconds} />}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
