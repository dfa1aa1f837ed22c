import { Button, Select } from '@mantine/core'
import { useState } from 'react'
import { useCrumbs } from '../../lib/crumbs.ts'
import { formatBytes, plural } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { EmptyState, FailureNote, Loading, Page, PageHead } from '../../ui/index.ts'
import { BundleDialog } from './BundleDialog.tsx'
import { LogRow } from './LogRow.tsx'
import { moveAmongRows } from './list-keys.ts'
import css from './lists.module.css'

const levels = [
  { value: 'info', label: 'All lines' },
  { value: 'warn', label: 'Warnings and failures' },
  { value: 'error', label: 'Failures only' },
] as const
type Level = (typeof levels)[number]['value']
const step = 200
const most = 1_000

/** What Inkwell did, and the bundle for those who help. */
export function LogsPage() {
  useCrumbs([{ label: 'Data & health', to: '/health' }, { label: 'Logs' }])
  const [minLevel, setMinLevel] = useState<Level>('info')
  const [limit, setLimit] = useState(step)
  const [bundling, setBundling] = useState(false)
  const tail = useLive('logs', 'tail', { limit, minLevel })
  const value = tail.value
  return (
    <Page>
      <PageHead
        title="Logs"
        sentence="What Inkwell did, without passwords and private addresses."
        actions={<Button onClick={() => setBundling(true)}>Make a diagnostic bundle</Button>}
      />
      <div className={css.filters}>
        <Select
          aria-label="Lines to show"
          data={levels.map((level) => ({ ...level }))}
          value={minLevel}
          onChange={(level) => setMinLevel((level ?? 'info') as Level)}
          allowDeselect={false}
          w={200}
        />
        <Button variant="default" onClick={tail.again}>
          Read again
        </Button>
        <p role="status">
          {value && `${plural(value.lines.length, 'line')} shown, ${formatBytes(value.bytes)} in all`}
        </p>
      </div>
      {value && (
        <p className={css.sub}>
          In <span className={css.path}>{value.folder}</span>
        </p>
      )}
      {tail.failure && <FailureNote failure={tail.failure} onRetry={tail.again} />}
      {tail.loading && <Loading rows={8} label="Reading the log" />}
      {value?.lines.length === 0 && (
        <EmptyState title={minLevel === 'info' ? 'The log is empty.' : 'No such lines.'}>
          {minLevel === 'info' ? 'What Inkwell does appears here.' : 'Nothing failed in what the log still holds.'}
        </EmptyState>
      )}
      {value && value.lines.length > 0 && (
        <ul className={css.entries} aria-label="Log" onKeyDown={moveAmongRows}>
          {value.lines.map((line, index) => (
            <LogRow key={`${line.atMs} ${value.lines.length - index}`} line={line} />
          ))}
        </ul>
      )}
      {value && value.lines.length === limit && limit < most && (
        <p className={css.more}>
          <Button variant="default" onClick={() => setLimit(Math.min(most, limit + step))}>
            Show older lines
          </Button>
        </p>
      )}
      {bundling && <BundleDialog onClose={() => setBundling(false)} />}
    </Page>
  )
}
