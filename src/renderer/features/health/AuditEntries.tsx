import { Button } from '@mantine/core'
import { useState } from 'react'
import type { AuditFilter } from '#shared/contract/audit.ts'
import { formatCount } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { FailureNote } from '../../ui/index.ts'
import { AuditRow } from './AuditRow.tsx'
import { moveAmongRows } from './list-keys.ts'
import css from './lists.module.css'

const pageSize = 100

/** The entries page by page; arrow keys go from row to row. */
export function AuditEntries({ filter, total }: { filter: AuditFilter; total: number }) {
  const [pages, setPages] = useState(1)
  const shown = Math.min(total, pages * pageSize)
  return (
    <>
      <ul className={css.entries} aria-label="Audit trail" onKeyDown={moveAmongRows}>
        <AuditChunk filter={filter} pagesLeft={pages} />
      </ul>
      {shown < total && (
        <p className={css.more}>
          <Button variant="default" onClick={() => setPages(pages + 1)}>
            Show {formatCount(Math.min(pageSize, total - shown))} more
          </Button>{' '}
          <small>
            {formatCount(shown)} of {formatCount(total)}
          </small>
        </p>
      )}
    </>
  )
}

/** One page and, below it, the pages that follow: each begins where the one above ends, also after new entries came. */
function AuditChunk(props: { filter: AuditFilter; beforeId?: number; pagesLeft: number }) {
  const { filter, beforeId, pagesLeft } = props
  const list = useLive('audit', 'list', { filter, limit: pageSize, ...(beforeId === undefined ? {} : { beforeId }) })
  const entries = list.value?.entries ?? []
  const last = entries.at(-1)
  return (
    <>
      {list.failure && (
        <li>
          <FailureNote failure={list.failure} onRetry={list.again} />
        </li>
      )}
      {entries.map((entry) => (
        <AuditRow key={entry.id} entry={entry} />
      ))}
      {last && pagesLeft > 1 && entries.length === pageSize && (
        <AuditChunk filter={filter} beforeId={last.id} pagesLeft={pagesLeft - 1} />
      )}
    </>
  )
}
