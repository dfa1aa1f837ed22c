import { formatMoney } from '../lib/format.ts'
import { Money } from './Money.tsx'
import css from './ui.module.css'

/** A price before the act: "free", "about $0.07", "unknown". Nothing while it is being reckoned. */
export function Price({ microUsd, reckoning }: { microUsd: number | null; reckoning: boolean }) {
  if (reckoning) return null
  if (microUsd === null || microUsd === 0) return <Money microUsd={microUsd} />
  return <span className={css.money}>about {formatMoney(microUsd)}</span>
}
