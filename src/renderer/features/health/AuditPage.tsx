import { Button, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { AuditFilter } from '#shared/contract/audit.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { plural } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { EmptyState, FailureNote, Loading, Page, PageHead } from '../../ui/index.ts'
import { AuditEntries } from './AuditEntries.tsx'
import { fromMsOf, spans } from './audit-words.ts'
import { ExportAudit } from './ExportAudit.tsx'
import css from './lists.module.css'

const settleMs = 250

/** Everything that changed what the user keeps, newest first. */
export function AuditPage() {
  useCrumbs([{ label: 'Data & health', to: '/health' }, { label: 'Audit trail' }])
  const [typed, setTyped] = useState('')
  const [text] = useDebouncedValue(typed.trim(), settleMs)
  const [feature, setFeature] = useState<string | null>(null)
  const [span, setSpan] = useState<{ value: string; fromMs: number | undefined }>({ value: 'any', fromMs: undefined })
  const filter: AuditFilter = {
    ...(text === '' ? {} : { text }),
    ...(feature === null ? {} : { feature }),
    ...(span.fromMs === undefined ? {} : { fromMs: span.fromMs }),
  }
  const counted = useLive('audit', 'list', { filter, limit: 1 })
  const value = counted.value
  const filtered = Object.keys(filter).length > 0
  const clear = () => {
    setTyped('')
    setFeature(null)
    setSpan({ value: 'any', fromMs: undefined })
  }
  return (
    <Page>
      <PageHead
        title="Audit trail"
        sentence="Every change to what you keep, with what was there before."
        actions={
          <ExportAudit filter={filter}>
            <Button variant="default" disabled={value?.total === 0}>
              Export
            </Button>
          </ExportAudit>
        }
      />
      <search className={css.filters}>
        <TextInput
          className={css.words}
          aria-label="Words in the audit trail"
          placeholder="Words: a title, an act"
          maxLength={200}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Select
          aria-label="Part of Inkwell"
          placeholder="Every part"
          clearable
          data={value?.features ?? []}
          value={feature}
          onChange={setFeature}
          w={160}
        />
        <Select
          aria-label="Time"
          data={spans.map((one) => ({ value: one.value, label: one.label }))}
          value={span.value}
          onChange={(next) => setSpan({ value: next ?? 'any', fromMs: fromMsOf(next ?? 'any', Date.now()) })}
          allowDeselect={false}
          w={150}
        />
        <p role="status">{value && plural(value.total, 'entry', 'entries')}</p>
      </search>
      {counted.failure && <FailureNote failure={counted.failure} onRetry={counted.again} />}
      {counted.loading && <Loading rows={8} label="Reading the audit trail" />}
      {value?.total === 0 && (
        <EmptyState
          title={filtered ? 'Nothing matches.' : 'Nothing yet.'}
          action={
            filtered && (
              <button type="button" className="ik-link" onClick={clear}>
                Show everything
              </button>
            )
          }
        >
          {filtered
            ? 'No entry has these words, in this part and time.'
            : 'Adding a feed, making notes, changing a setting: each is written down here, with what was there before.'}
        </EmptyState>
      )}
      {value && value.total > 0 && <AuditEntries key={JSON.stringify(filter)} filter={filter} total={value.total} />}
    </Page>
  )
}
