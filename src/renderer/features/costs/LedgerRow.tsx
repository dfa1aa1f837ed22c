import { IconChevronRight } from '@tabler/icons-react'
import type { Ref } from 'react'
import type { CostRow } from '#shared/contract/costs.ts'
import { formatCount, formatDay, formatTime } from '../../lib/format.ts'
import { Charge } from './Charge.tsx'
import { middleOf, offBy, providerName, purposeOf, wentIn } from './cost-words.ts'
import { LedgerDetails } from './LedgerDetails.tsx'
import css from './ledger.module.css'

/** One charge; its button opens what else is known of it. */
export function LedgerRow(props: {
  ref: Ref<HTMLTableSectionElement>
  row: CostRow
  index: number
  opened: boolean
  onToggle: () => void
  providers: ReadonlyMap<string, string>
  templates: ReadonlyMap<string, string>
}) {
  const { row, opened } = props
  const estimate = middleOf(row.estimate)
  const at = `${formatDay(row.atMs)} ${formatTime(row.atMs)}`
  const title = row.episodeTitle ?? row.feedTitle ?? ''
  return (
    <tbody ref={props.ref} data-index={props.index} data-opened={opened || undefined}>
      <tr aria-rowindex={props.index + 2}>
        <td className={css.when}>
          <button
            type="button"
            data-row
            className={css.opener}
            aria-expanded={opened}
            aria-controls={opened ? `charge-${row.id}` : undefined}
            onClick={props.onToggle}
          >
            <IconChevronRight size={13} stroke={1.7} aria-hidden="true" />
            <time dateTime={new Date(row.atMs).toISOString()}>{at}</time>
            <span className="ik-hidden">, details</span>
          </button>
        </td>
        <td className={css.episode} dir="auto" title={title}>
          {title || <span className="ik-dim">–</span>}
        </td>
        <td className={css.for}>
          {purposeOf(row, props.templates)}
          {row.outcome === 'failed' && <span className={css.failed}>, failed</span>}
        </td>
        <td className={css.model} title={row.model}>
          {row.importedFrom ? `${row.importedFrom} record` : modelName(row, props.providers)}
        </td>
        <td className={css.tokens}>{wentIn(row)}</td>
        <td className={css.out}>
          {row.outputTokens === null || row.outputTokens === 0 ? '' : formatCount(row.outputTokens)}
        </td>
        <td className={css.sum}>{row.estimate && <Charge microUsd={estimate} />}</td>
        <td className={`${css.sum} ${css.actual}`}>
          <Charge microUsd={row.costMicroUsd} kind={row.amountKind} />
        </td>
        <td className={css.off}>{row.amountKind === 'unknown' ? '' : offBy(estimate, row.costMicroUsd)}</td>
      </tr>
      {opened && (
        <tr>
          <td colSpan={9} className={css.details} id={`charge-${row.id}`}>
            <LedgerDetails row={row} providers={props.providers} templates={props.templates} />
          </td>
        </tr>
      )}
    </tbody>
  )
}

/** The model's id says whose it is, but for this computer's. */
const modelName = ({ model, provider }: CostRow, providers: ReadonlyMap<string, string>): string => {
  const name = providerName(provider, providers)
  return name === 'This computer' ? `${model || 'offline'}, this computer` : model || name
}
