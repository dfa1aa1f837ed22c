import { Button } from '@mantine/core'
import { useState } from 'react'
import { useCrumbs } from '../../lib/crumbs.ts'
import { formatBytes } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { FailureNote, Loading, Page, PageHead, SectionHead } from '../../ui/index.ts'
import { onDate } from './health-words.ts'
import css from './lists.module.css'
import { RetentionRow } from './RetentionRow.tsx'
import { SweepDialog } from './SweepDialog.tsx'

/** What is kept, how much it is, and for how long. */
export function StoragePage() {
  useCrumbs([{ label: 'Data & health', to: '/health' }, { label: 'Storage' }])
  const rules = useLive('retention', 'rules', {})
  const [sweeping, setSweeping] = useState(false)
  const value = rules.value
  const bytes = value?.rules.reduce((sum, rule) => sum + rule.bytes, 0) ?? 0
  return (
    <Page>
      <div className={css.narrow}>
        <PageHead
          title="Storage"
          sentence={value && `${formatBytes(bytes)} beside your notes.`}
          actions={
            value && (
              <Button variant="default" onClick={() => setSweeping(true)}>
                Preview sweep
              </Button>
            )
          }
        />
        <p className={css.sub}>
          What is over its limit is removed by a sweep. It never touches your notes folder, and it spares what is still
          needed.
        </p>
        <section aria-labelledby="storage-limits">
          <SectionHead id="storage-limits" title="Kept for how long" />
          {rules.failure && <FailureNote failure={rules.failure} onRetry={rules.again} />}
          {rules.loading && <Loading rows={7} />}
          {value?.rules.map((rule) => (
            <RetentionRow key={rule.kind} rule={rule} />
          ))}
        </section>
        {value && (
          <p className={css.foot}>
            {value.agreedAtMs === null
              ? 'Nothing is swept before you have looked at the first sweep and agreed to it.'
              : `Sweeps run by themselves every day, since you agreed to the first one ${onDate(value.agreedAtMs)}.`}{' '}
            {value.lastSweepAtMs !== null && `The last one was ${onDate(value.lastSweepAtMs)}.`}
          </p>
        )}
      </div>
      {sweeping && <SweepDialog first={value?.agreedAtMs === null} onClose={() => setSweeping(false)} />}
    </Page>
  )
}
