import { Checkbox } from '@mantine/core'
import { memo } from 'react'
import { Link } from 'wouter'
import type { EpisodeRow } from '#shared/contract/episodes.ts'
import { formatClock, formatDate } from '../../lib/format.ts'
import { State } from '../../ui/index.ts'
import { notesStateOf } from './episode-rows.ts'
import css from './episode-table.module.css'

export const rowId = (episodeId: string): string => `episode-row-${episodeId}`

const shortDate = (ms: number): string => formatDate(ms).split(',')[0]!

/** The press bubbles to the table; a box without a handler would be read-only. */
const nothing = () => {}

/** One episode. The table hears presses and keys (EpisodeTable); the box only shows. */
export const EpisodeTableRow = memo(function EpisodeTableRow(props: {
  row: EpisodeRow
  index: number
  selected: boolean
  cursor: boolean
}) {
  const { row } = props
  return (
    <tr
      id={rowId(row.id)}
      data-id={row.id}
      data-cursor={props.cursor || undefined}
      aria-rowindex={props.index + 2}
      aria-selected={props.selected}
    >
      <td className={css.check} data-box>
        <Checkbox aria-label={`Select ${row.title}`} tabIndex={-1} checked={props.selected} onChange={nothing} />
      </td>
      <td className={css.no}>{row.number ?? ''}</td>
      <td className={css.titleCell} lang={row.language ?? undefined}>
        <Link href={`/episodes/${row.id}`} tabIndex={-1} dir="auto" title={row.title}>
          {row.title}
        </Link>
      </td>
      <td className={css.date}>{row.publishedAtMs === null ? '–' : shortDate(row.publishedAtMs)}</td>
      <td className={css.length}>{row.durationSeconds === null ? '–' : formatClock(row.durationSeconds)}</td>
      <td className={css.notes}>
        <NotesCell row={row} />
      </td>
    </tr>
  )
})

function NotesCell({ row }: { row: EpisodeRow }) {
  const { tone, words } = notesStateOf(row)
  if (tone === 'new')
    return (
      <span className={css.new}>
        <i aria-hidden="true" />
        {words}
        {words !== 'New' && <span className="ik-hidden">, new</span>}
      </span>
    )
  if (tone === 'plain') return <span className="ik-dim">{words}</span>
  return <State kind={tone}>{words}</State>
}
