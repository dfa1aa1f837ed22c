import type { Limit } from '#shared/contract/costs.ts'
import { DollarField } from './DollarField.tsx'
import { type LimitKind, type LimitScope, scopeWords } from './limit-words.ts'
import css from './limits.module.css'
import { useSetLimit } from './use-set-limit.ts'

/** A scope with its two sums; each is kept when the field is left, and can be undone. */
export function LimitRow(props: {
  scope: LimitScope
  feedId?: string
  title: string
  words: string
  limits: readonly Limit[]
}) {
  const { scope, limits } = props
  const setLimit = useSetLimit()
  const sumOf = (kind: LimitKind): number | null => limits.find((limit) => limit.kind === kind)?.limitMicroUsd ?? null
  const asks = sumOf('asks')
  const stops = sumOf('stops')
  const field = (kind: LimitKind, label: string) => (
    <DollarField
      label={label}
      of={scope === 'feed-month' ? props.title : scopeWords[scope].title}
      value={sumOf(kind)}
      onChange={(limitMicroUsd) =>
        setLimit(
          { scope, kind, limitMicroUsd, ...(props.feedId === undefined ? {} : { feedId: props.feedId }) },
          sumOf(kind),
          props.title,
        )
      }
    />
  )
  return (
    <li className={css.row}>
      <div>
        <h3 dir="auto">{props.title}</h3>
        <p>{props.words}</p>
        {asks !== null && stops !== null && stops <= asks && (
          <p className={css.warn}>It stops before it would ask, so nothing asks here.</p>
        )}
      </div>
      <div className={css.fields}>
        {field('asks', 'Asks at')}
        {field('stops', 'Stops at')}
      </div>
    </li>
  )
}
