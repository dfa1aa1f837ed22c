import { formatMoney } from '../lib/format.ts'
import css from './ui.module.css'

/** A price in micro-dollars: "free" in verdigris, "unknown" in ochre when null. */
export function Money({ microUsd }: { microUsd: number | null }) {
  const tone = microUsd === null ? css.moneyUnknown : microUsd === 0 ? css.moneyFree : undefined
  return <span className={[css.money, tone].filter(Boolean).join(' ')}>{formatMoney(microUsd)}</span>
}
