import { type KeyboardEvent, useRef } from 'react'
import type { Feed } from '#shared/contract/feeds.ts'
import { useShortcut } from '../../lib/shortcuts.ts'
import { FeedRow } from './FeedRow.tsx'
import css from './feeds.module.css'
import type { FeedActions } from './use-feed-actions.ts'
import type { FeedDialogState } from './use-feed-dialog.ts'

/** ↑ ↓ go from title to title, Enter opens (they are links), Delete asks to remove. */
export function FeedTable(props: { feeds: readonly Feed[]; dialog: FeedDialogState; actions: FeedActions }) {
  const { feeds, dialog, actions } = props
  const body = useRef<HTMLTableSectionElement | null>(null)
  const focusRow = (index: number) => {
    const links = body.current?.querySelectorAll<HTMLElement>('a[data-row]')
    links?.[Math.min(links.length - 1, Math.max(0, index))]?.focus()
  }
  const currentRow = (): number => {
    const row = document.activeElement?.closest('tr')
    return row && body.current?.contains(row) ? [...body.current.rows].indexOf(row) : -1
  }
  useShortcut('ArrowDown', 'Next row', () => focusRow(currentRow() + 1), { group: 'Lists' })
  useShortcut('ArrowUp', 'Previous row', () => focusRow(currentRow() < 0 ? feeds.length : currentRow() - 1), {
    group: 'Lists',
  })
  useShortcut('Enter', 'Open', null, { group: 'Lists' })
  useShortcut('Delete', 'Remove (with undo)', null, { group: 'Lists' })
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Delete' || !(event.target as HTMLElement).matches('a[data-row]')) return
    const feed = feeds[currentRow()]
    if (feed) dialog.show('remove', feed)
  }
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th>Feed</th>
          <th className={css.number}>Episodes</th>
          <th className={css.latest}>Latest</th>
          <th>State</th>
          <th className={css.actionsHead}>
            <span className="ik-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={onKeyDown}>
        {feeds.map((feed) => (
          <FeedRow key={feed.id} feed={feed} dialog={dialog} actions={actions} />
        ))}
      </tbody>
    </table>
  )
}
