import type { CostRow } from '#shared/contract/costs.ts'
import { formatCharge } from './cost-words.ts'
import css from './ledger.module.css'

/** A sum to four decimals: free in verdigris, unknown in ochre, "about" before one that is estimated. */
export function Charge({ microUsd, kind = 'known' }: { microUsd: number | null; kind?: CostRow['amountKind'] }) {
  const tone = microUsd === null || kind === 'unknown' ? css.unknown : microUsd === 0 ? css.free : undefined
  return (
    <span className={tone}>
      {kind === 'estimated' && microUsd !== null && <small>about </small>}
      {kind === 'unknown' ? formatCharge(null) : formatCharge(microUsd)}
    </span>
  )
}
