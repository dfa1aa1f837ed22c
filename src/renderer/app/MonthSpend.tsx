import { Tooltip } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Link, useLocation } from 'wouter'
import { BudgetBar } from '../features/costs/BudgetBar.tsx'
import { dollarsField, formatSum } from '../features/costs/cost-words.ts'
import { monthNow } from '../features/costs/period.ts'
import { useToday } from '../features/costs/use-today.ts'
import { plural } from '../lib/format.ts'
import { useLive } from '../lib/live.ts'
import css from './shell.module.css'

/** What the month has cost so far, against its budget; the tick on the bar is today. */
export function MonthSpend() {
  const month = useLive('costs', 'month', {}).value
  const [at] = useLocation()
  const rail = useMediaQuery('(max-width: 1000px)') ?? false
  const now = monthNow(useToday())
  if (!month) return null
  const { costMicroUsd, unknownEntries, limit } = month
  const spent = formatSum(costMicroUsd)
  const days = now.daysLeft === 0 ? 'last day' : `${plural(now.daysLeft, 'day')} left`
  const words = limit ? `of $${dollarsField(limit.limitMicroUsd)} · ${days}` : `No budget set · ${days}`
  const unknown = unknownEntries > 0 ? `and ${formatUnknown(unknownEntries)}` : ''
  return (
    <Tooltip label={`${now.name}: ${spent} ${words}`} position="right" disabled={!rail}>
      <Link href="/costs" className={css.spend} aria-current={at === '/costs' ? 'page' : undefined}>
        <span className={css.spendSum}>
          <span>{now.name}</span>
          <span className="ik-hidden">: </span>
          <b>{spent}</b>
        </span>
        {unknown && <small className={css.spendUnknown}>{unknown}</small>}
        {limit && (
          <span className={css.spendBar}>
            <BudgetBar
              spentMicroUsd={costMicroUsd}
              limitMicroUsd={limit.limitMicroUsd}
              tick={now.fraction}
              label={`Budget of ${now.name}`}
              text={`${spent} ${words}`}
            />
          </span>
        )}
        <small className={css.spendWords}>{words}</small>
      </Link>
    </Tooltip>
  )
}

const formatUnknown = (entries: number): string => `${plural(entries, 'entry', 'entries')} unknown`
