import { Checkbox } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import type { EpisodeRow } from '#shared/contract/episodes.ts'
import { useScrollMemory } from '../../lib/scroll-memory.ts'
import { EpisodeTableRow, rowId } from './EpisodeTableRow.tsx'
import css from './episode-table.module.css'
import { checkState, clear, extendTo, moveBy, type Selection, selectAll, toggle, toggleAll } from './selection.ts'

const rowHeight = 34
const headHeight = 30
const rowsPerPage = 12

/**
 * A grid that keeps the focus itself (`aria-activedescendant`), so that rows may come and go while it is scrolled. Only
 * what is in sight is in the page; empty rows above and below stand for the rest.
 */
export function EpisodeTable(props: {
  rows: readonly EpisodeRow[]
  label: string
  selection: Selection
  onSelect: (selection: Selection) => void
  /** Room below the last row for the selection bar, in pixels. */
  roomBelow: number
}) {
  const { rows, selection, onSelect } = props
  const [path, go] = useLocation()
  const { recall, remember } = useScrollMemory.getState()
  const region = useRef<HTMLDivElement | null>(null)
  const order = rows.map((row) => row.id)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => region.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    initialOffset: () => recall(path),
    scrollPaddingStart: headHeight,
    scrollPaddingEnd: props.roomBelow,
    getItemKey: (index) => order[index] ?? index,
  })
  const cursorIndex = selection.cursor === null ? -1 : order.indexOf(selection.cursor)
  const shown = virtual.getVirtualItems()
  const cursorShown = shown.some((item) => item.index === cursorIndex)
  useEffect(() => {
    if (cursorIndex >= 0) virtual.scrollToIndex(cursorIndex, { align: 'auto' })
  }, [cursorIndex, virtual])

  const onKeyDown = (event: KeyboardEvent) => {
    const next = selectionAfterKey(event, selection, order)
    if (next) onSelect(next)
    else if (event.key === 'Enter' && selection.cursor !== null) go(`/episodes/${selection.cursor}`)
    else return
    event.preventDefault()
  }
  const onClick = (event: MouseEvent) => {
    const target = event.target as HTMLElement
    const id = target.closest<HTMLElement>('tr[data-id]')?.dataset.id
    if (!id || target.closest('a')) return
    // A press beside the small box means the box.
    const onBox = target.closest('td[data-box]') !== null
    if (event.shiftKey) onSelect(extendTo(selection, id, order))
    else if (onBox || event.ctrlKey || event.metaKey) onSelect(toggle(selection, id))
    else onSelect({ ...selection, cursor: id, anchor: id })
  }
  const checked = checkState(selection, order)
  const above = shown[0]?.start ?? 0
  const below = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0) + props.roomBelow
  return (
    <div ref={region} className={css.region} onScroll={(event) => remember(path, event.currentTarget.scrollTop)}>
      <table
        className={css.table}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table whose rows are chosen
        role="grid"
        tabIndex={0}
        aria-label={props.label}
        aria-rowcount={rows.length + 1}
        aria-multiselectable="true"
        aria-activedescendant={cursorShown ? rowId(selection.cursor!) : undefined}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onFocus={(event) => {
          if (event.target === event.currentTarget && selection.cursor === null && order[0])
            onSelect({ ...selection, cursor: order[0] })
        }}
      >
        <thead>
          <tr aria-rowindex={1}>
            <th className={css.check} scope="col">
              <Checkbox
                aria-label="Select all shown"
                tabIndex={-1}
                checked={checked === 'all'}
                indeterminate={checked === 'some'}
                onChange={() => onSelect(toggleAll(selection, order))}
              />
            </th>
            <th className={css.no} scope="col">
              No.
            </th>
            <th scope="col">Title</th>
            <th className={css.date} scope="col">
              Date
            </th>
            <th className={css.length} scope="col">
              Length
            </th>
            <th className={css.notes} scope="col">
              Notes
            </th>
          </tr>
        </thead>
        <tbody>
          <Gap height={above} />
          {shown.map((item) => {
            const row = rows[item.index]!
            return (
              <EpisodeTableRow
                key={row.id}
                row={row}
                index={item.index}
                selected={selection.ids.has(row.id)}
                cursor={item.index === cursorIndex}
              />
            )
          })}
          <Gap height={below} />
        </tbody>
      </table>
    </div>
  )
}

const Gap = ({ height }: { height: number }) =>
  height > 0 ? (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row; nothing in it takes the focus
    <tr aria-hidden="true" className={css.gap}>
      <td style={{ height }} />
    </tr>
  ) : null

/** What a key does to the selection; null when it is not one of the list's. */
function selectionAfterKey(event: KeyboardEvent, selection: Selection, order: readonly string[]): Selection | null {
  const { key, shiftKey } = event
  if (event.altKey) return null
  if (event.ctrlKey || event.metaKey) return key.toLowerCase() === 'a' ? selectAll(selection, order) : null
  if (key === 'ArrowDown') return moveBy(selection, 1, order, shiftKey)
  if (key === 'ArrowUp') return moveBy(selection, -1, order, shiftKey)
  if (key === 'PageDown') return moveBy(selection, rowsPerPage, order, shiftKey)
  if (key === 'PageUp') return moveBy(selection, -rowsPerPage, order, shiftKey)
  if (key === 'Home') return moveBy(selection, -order.length, order, shiftKey)
  if (key === 'End') return moveBy(selection, order.length, order, shiftKey)
  if (key === ' ' && selection.cursor !== null) return toggle(selection, selection.cursor)
  if (key === 'Escape' && selection.ids.size > 0) return clear(selection)
  return null
}
