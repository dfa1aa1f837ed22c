import { useDebouncedValue } from '@mantine/hooks'
import { useRef } from 'react'
import type { ModelChoice } from '#shared/contract/models.ts'
import type { TemplatePreview } from '#shared/contract/templates.ts'
import type { Failure } from '#shared/result.ts'
import { useLive } from '../../lib/live.ts'
import { useTriedEpisode } from './use-tried-episode.ts'

export interface PreviewState {
  /** The last one that could be made; kept while the text has a mistake in it. */
  readonly value: TemplatePreview | null
  readonly failure: Failure | null
  readonly episodeId: string | null
  readonly again: () => void
  /** Whether `value` belongs to what is typed now. */
  readonly isFresh: boolean
}

/** Long enough that a word is typed in between. */
const pauseMs = 300

/** The exact request for the chosen episode, made again after a pause in typing. Sends nothing. */
export function usePreview(yaml: string, choice: ModelChoice | undefined): PreviewState {
  const { episodeId } = useTriedEpisode()
  const [settled] = useDebouncedValue(yaml, pauseMs)
  const preview = useLive(
    'templates',
    'preview',
    episodeId === null || choice === undefined ? null : { yaml: settled, episodeId, choice },
  )
  const last = useRef<TemplatePreview | null>(null)
  if (preview.value) last.current = preview.value
  return {
    value: episodeId === null ? null : last.current,
    failure: preview.failure,
    episodeId,
    again: preview.again,
    isFresh: settled === yaml && preview.failure === null && preview.value !== undefined,
  }
}
