import { useMemo } from 'react'
import type { EpisodeRow } from '#shared/contract/episodes.ts'
import { useLive } from '../../lib/live.ts'
import { useDrafts } from './use-drafts.ts'

/** The episode that templates are tried on: the chosen one, else the newest that has its words here. */
export function useTriedEpisode(): { rows: EpisodeRow[] | undefined; episodeId: string | null } {
  const all = useLive('episodes', 'list', {}).value
  const chosen = useDrafts((drafts) => drafts.episodeId)
  const rows = useMemo(() => all?.filter(({ transcript }) => transcript === 'stored'), [all])
  const episode = rows?.find(({ id }) => id === chosen) ?? rows?.[0]
  return { rows, episodeId: episode?.id ?? null }
}
