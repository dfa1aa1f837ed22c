import { useEffect } from 'react'
import { useParams } from 'wouter'
import { useCrumbs } from '../../lib/crumbs.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { FailureNote, Loading, Page, PageHead } from '../../ui/index.ts'
import { EpisodePage } from './EpisodePage.tsx'

/** An episode: its notes, and the words they were made from. */
export function EpisodeView() {
  const { episodeId = '' } = useParams<{ episodeId: string }>()
  const episode = useLive('episodes', 'get', { episodeId })
  const notes = useLive('notes', 'list', { episodeId })
  const setSeen = useCommand('episodes', 'setSeen')
  const value = episode.value
  const isNew = value?.id === episodeId && value.state === 'new'
  useCrumbs([
    { label: 'Feeds', to: '/feeds' },
    { label: value?.feedTitle ?? 'Feed', to: value ? `/feeds/${value.feedId}` : '/feeds' },
    { label: value ? (value.number ?? value.title) : 'Episode' },
  ])
  // Opening it is seeing it; marking it as new again while it is open stays.
  useEffect(() => {
    if (isNew) void setSeen.run({ episodeIds: [episodeId], seen: true })
  }, [value?.id])

  if (!value || !notes.value)
    return (
      <Page>
        {(episode.failure ?? notes.failure) && <PageHead title="Episode" />}
        {episode.failure && <FailureNote failure={episode.failure} onRetry={episode.again} />}
        {notes.failure && <FailureNote failure={notes.failure} onRetry={notes.again} />}
        {(episode.loading || notes.loading) && <Loading label="Loading the episode" />}
      </Page>
    )
  return <EpisodePage key={value.id} episode={value} notes={notes.value} />
}
