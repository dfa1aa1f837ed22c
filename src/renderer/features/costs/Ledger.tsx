import { type Range, useVirtualizer } from '@tanstack/react-virtual'
import { Fragment, type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { CostFilter } from '#shared/contract/costs.ts'
import { inkwell } from '../../lib/inkwell.ts'
import { useLivePages } from '../../lib/live-pages.ts'
import { FailureNote, Loading } from '../../ui/index.ts'
import { moveAmongRows } from '../health/list-keys.ts'
import { LedgerRow } from './LedgerRow.tsx'
import css from './ledger.module.css'

const pageSize = 200
const rowHeight = 31
const overscan = 10

/** Every charge, newest first. Only what is in sight is in the page; the row with the focus always is. */
export function Ledger(props: {
  filter: CostFilter
  /** How many there are, for screen readers. */
  entries: number
  /** The region that scrolls; null until it is in the page, which a list from the cache may be before. */
  scroller: HTMLDivElement | null
  providers: ReadonlyMap<string, string>
  templates: ReadonlyMap<string, string>
}) {
  const { filter, scroller } = props
  const list = useLivePages(['costs', 'entries', filter], (after) =>
    inkwell.costs.entries({ ...filter, limit: pageSize, ...(after === undefined ? {} : { after }) }),
  )
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const focused = useRef(-1)
  const table = useRef<HTMLTableElement | null>(null)
  const [offset, setOffset] = useState(0)
  const { rows } = list
  useLayoutEffect(() => {
    if (!scroller || !table.current) return
    const top = table.current.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop
    if (Math.abs(top - offset) > 1) setOffset(top)
  })
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    overscan,
    scrollMargin: offset,
    getItemKey: (index) => rows[index]?.id ?? index,
    rangeExtractor: (range) => withFocused(range, focused.current),
  })
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  const { loadMore } = list
  useEffect(() => {
    if (last >= rows.length - overscan * 3) loadMore()
  }, [last, rows.length, loadMore])

  const wanted = useRef(-1)
  const focusWanted = () => {
    const button = table.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"] button[data-row]`)
    if (!button) return
    wanted.current = -1
    button.focus()
  }
  useEffect(() => {
    if (wanted.current >= 0) focusWanted()
  })
  /** Home and End mean the ledger, not the part of it that is in the page. */
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const isRow = (event.target as HTMLElement).matches('button[data-row]')
    if (!isRow || (event.key !== 'Home' && event.key !== 'End')) return moveAmongRows(event)
    event.preventDefault()
    wanted.current = event.key === 'Home' ? 0 : rows.length - 1
    virtual.scrollToIndex(wanted.current)
    focusWanted()
  }
  const toggle = (id: string) =>
    setOpened((now) => {
      const next = new Set(now)
      if (!next.delete(id)) next.add(id)
      return next
    })
  return (
    <>
      {list.failure && <FailureNote failure={list.failure} onRetry={list.again} />}
      {list.loading && <Loading rows={4} label="Reading the ledger" />}
      {rows.length > 0 && (
        <table
          ref={table}
          className={css.table}
          aria-label="Ledger"
          aria-rowcount={Math.max(props.entries, rows.length) + 1}
          onKeyDown={onKeyDown}
          onFocus={(event) => {
            focused.current = Number(event.target.closest<HTMLElement>('[data-index]')?.dataset.index ?? -1)
          }}
          onBlur={() => {
            focused.current = -1
          }}
        >
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col" className={css.when}>
                When
              </th>
              <th scope="col">Episode</th>
              <th scope="col" className={css.for}>
                For
              </th>
              <th scope="col" className={css.model}>
                Model
              </th>
              <th scope="col" className={css.tokens}>
                In
              </th>
              <th scope="col" className={css.out}>
                Out
              </th>
              <th scope="col" className={css.sum}>
                Estimate
              </th>
              <th scope="col" className={css.sum}>
                Actual
              </th>
              <th scope="col" className={css.off}>
                Off by
              </th>
            </tr>
          </thead>
          {shown.map((item, at) => {
            const row = rows[item.index]!
            const before = at === 0 ? offset : shown[at - 1]!.end
            return (
              <Fragment key={item.key}>
                <Gap height={item.start - before} />
                <LedgerRow
                  ref={virtual.measureElement}
                  row={row}
                  index={item.index}
                  opened={opened.has(row.id)}
                  onToggle={() => toggle(row.id)}
                  providers={props.providers}
                  templates={props.templates}
                />
              </Fragment>
            )
          })}
          <Gap height={virtual.getTotalSize() - ((shown.at(-1)?.end ?? offset) - offset)} />
        </table>
      )}
      <p className={css.foot} role="status">
        {list.loadingMore ? 'Reading more.' : ''}
      </p>
    </>
  )
}

const Gap = ({ height }: { height: number }) =>
  height > 0 ? (
    <tbody aria-hidden="true" className={css.gap}>
      <tr>
        <td style={{ height }} />
      </tr>
    </tbody>
  ) : null

/** What is in sight, some rows around it, and the row with the focus: taken out of the page it would lose it. */
function withFocused({ startIndex, endIndex, overscan: more, count }: Range, focused: number): number[] {
  const first = Math.max(0, startIndex - more)
  const last = Math.min(count - 1, endIndex + more)
  const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
  if (focused < 0 || focused >= count || (focused >= first && focused <= last)) return indexes
  return focused < first ? [focused, ...indexes] : [...indexes, focused]
}
