import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconDots, IconExternalLink, IconEye } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { EpisodeRow } from '#shared/contract/episodes.ts'
import { formatDate, formatLength } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { type EpisodePrice, priceOfEpisode, useEstimate } from '../../lib/use-estimate.ts'
import { Cover, EmptyState, FailureNote, Loading, Price, SectionHead, State } from '../../ui/index.ts'
import css from './new-episodes.module.css'
import { useEpisodeActs } from './use-episode-acts.ts'

const pageSize = 8

export function NewEpisodes() {
  const [limit, setLimit] = useState(pageSize)
  const recent = useLive('episodes', 'recent', { limit })
  const rows = recent.value ?? []
  const startable = rows.filter((row) => row.activeJobId === null && row.transcript !== 'none').map(({ id }) => id)
  const { estimate } = useEstimate(startable, null)
  const pricedById = new Map(estimate?.episodes.map((one) => [one.episodeId, priceOfEpisode(one)]))
  return (
    <section aria-labelledby="home-new">
      <SectionHead
        id="home-new"
        title="New"
        aside={
          <Link href="/feeds" className="ik-link">
            All feeds
          </Link>
        }
      />
      {recent.failure && <FailureNote failure={recent.failure} onRetry={recent.again} />}
      {recent.loading && <Loading rows={4} />}
      {recent.value && rows.length === 0 && (
        <EmptyState title="Nothing new.">
          New episodes of your feeds appear here. Paste a link above to make notes of something else.
        </EmptyState>
      )}
      <ul>
        {rows.map((row) => (
          <Row key={row.id} row={row} priced={pricedById.get(row.id) ?? null} />
        ))}
      </ul>
      {rows.length === limit && limit < 200 && (
        <button type="button" className="ik-link" onClick={() => setLimit(Math.min(200, limit + 24))}>
          Show more
        </button>
      )}
    </section>
  )
}

const how: Record<EpisodeRow['transcript'], string> = {
  stored: 'Transcript kept here',
  publisher: 'Publisher’s transcript',
  sidecar: 'Transcript beside it',
  text: 'From its text',
  captions: 'Captions of the video',
  none: 'Needs speech recognition',
}

function Row({ row, priced }: { row: EpisodeRow; priced: EpisodePrice | null }) {
  const acts = useEpisodeActs(row, priced?.approvedMicroUsd)
  const canMakeNotes = row.transcript !== 'none' && row.activeJobId === null
  return (
    <li className={css.row}>
      <Cover title={row.feedTitle} artworkPath={row.artworkPath} />
      <div className={css.rowWords}>
        <Link href={`/episodes/${row.id}`} className="ik-cut" lang={row.language ?? undefined} dir="auto">
          {row.title}
        </Link>
        <small className="ik-cut">
          <bdi>{row.feedTitle}</bdi>
          <i />
          {formatDate(row.publishedAtMs)}
          {row.durationSeconds !== null && (
            <>
              <i />
              {formatLength(row.durationSeconds)}
            </>
          )}
        </small>
      </div>
      <div className={css.price}>
        {row.activeJobId ? (
          <State kind="wait">Under way</State>
        ) : (
          <>
            {canMakeNotes && <Price microUsd={priced?.microUsd ?? null} reckoning={priced === null} />}
            <small>{how[row.transcript]}</small>
          </>
        )}
      </div>
      <div className={css.acts}>
        <Menu position="bottom-end" shadow="lg">
          <Menu.Target>
            <ActionIcon aria-label={`More for ${row.title}`}>
              <IconDots size={17} stroke={1.6} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconEye size={15} stroke={1.6} />} onClick={acts.markSeen}>
              Mark as seen
            </Menu.Item>
            <Menu.Item leftSection={<IconExternalLink size={15} stroke={1.6} />} onClick={acts.openLink}>
              Open in the browser
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        {canMakeNotes && (
          <Button
            variant="default"
            loading={acts.starting}
            onClick={acts.makeNotes}
            rightSection={<Price microUsd={priced?.microUsd ?? null} reckoning={priced === null} />}
          >
            Make notes<span className="ik-hidden"> of {row.title}</span>
          </Button>
        )}
      </div>
    </li>
  )
}
