import { ActionIcon, Tooltip } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import css from './costs.module.css'
import { periodKinds, periodLabels } from './period.ts'
import type { CostsQuery } from './use-costs-query.ts'

/** Week, month, year or all; with steps back in time. */
export function PeriodTabs({ query }: { query: CostsQuery }) {
  const { period, back, goTo } = query
  const unit = period.kind === 'all' ? 'period' : period.kind
  return (
    <div className={css.periods}>
      <fieldset className={css.tabs}>
        <legend className="ik-hidden">Period</legend>
        {periodKinds.map((kind) => (
          <button key={kind} type="button" aria-pressed={kind === period.kind} onClick={() => goTo(kind)}>
            {periodLabels[kind]}
          </button>
        ))}
      </fieldset>
      {period.kind !== 'all' && (
        <>
          <Tooltip label={`The ${unit} before`}>
            <ActionIcon aria-label={`The ${unit} before`} onClick={() => goTo(period.kind, back + 1)}>
              <IconChevronLeft size={16} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={`The ${unit} after`} disabled={back === 0}>
            <ActionIcon
              aria-label={`The ${unit} after`}
              aria-disabled={back === 0}
              data-disabled={back === 0 || undefined}
              onClick={() => back > 0 && goTo(period.kind, back - 1)}
            >
              <IconChevronRight size={16} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        </>
      )}
    </div>
  )
}
