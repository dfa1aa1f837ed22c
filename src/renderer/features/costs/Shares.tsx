import { useState } from 'react'
import type { CostOverview } from '#shared/contract/costs.ts'
import { formatCount } from '../../lib/format.ts'
import { SectionHead } from '../../ui/index.ts'
import { formatSum } from './cost-words.ts'
import css from './costs.module.css'

type Share = CostOverview['byFeed'][number]
const fewest = 4

/** Where the money went, the dearest first; a row holds the whole page against it. */
export function Shares(props: {
  title: string
  shares: readonly Share[]
  titleOf?: (share: Share) => string
  chosen: string | undefined
  onChoose: (key: string | null) => void
}) {
  const [all, setAll] = useState(false)
  const id = `costs-${props.title.toLowerCase().replaceAll(' ', '-')}`
  const { shares, chosen } = props
  const shown = all || shares.length <= fewest ? shares : shares.slice(0, fewest - 1)
  const rest = shares.slice(shown.length)
  const restMicroUsd = rest.reduce((sum, share) => sum + share.costMicroUsd, 0)
  const most = Math.max(1, restMicroUsd, ...shown.map(({ costMicroUsd }) => costMicroUsd))
  return (
    <section aria-labelledby={id}>
      <SectionHead
        id={id}
        title={props.title}
        aside={
          shares.length > fewest && (
            <button type="button" className="ik-link" onClick={() => setAll(!all)}>
              {all ? 'Fewer' : `All ${formatCount(shares.length)}`}
            </button>
          )
        }
      />
      {shares.length === 0 && <p className={css.none}>Nothing yet.</p>}
      <ul className={css.shares}>
        {shown.map((share) => {
          const title = props.titleOf?.(share) ?? share.title
          const inner = (
            <>
              <span className="ik-cut" dir="auto" title={title}>
                {title}
              </span>
              <Amount share={share} most={most} />
            </>
          )
          return (
            <li key={share.key}>
              {share.key === '' ? (
                <div className={css.share}>{inner}</div>
              ) : (
                <button
                  type="button"
                  className={css.share}
                  aria-pressed={chosen === share.key}
                  onClick={() => props.onChoose(chosen === share.key ? null : share.key)}
                >
                  {inner}
                </button>
              )}
            </li>
          )
        })}
        {rest.length > 0 && (
          <li>
            <div className={css.share}>
              <span>Everything else</span>
              <Amount
                share={{
                  costMicroUsd: restMicroUsd,
                  unknownEntries: rest.reduce((sum, share) => sum + share.unknownEntries, 0),
                }}
                most={most}
              />
            </div>
          </li>
        )}
      </ul>
    </section>
  )
}

function Amount({ share, most }: { share: Pick<Share, 'costMicroUsd' | 'unknownEntries'>; most: number }) {
  const { costMicroUsd, unknownEntries } = share
  return (
    <>
      <i aria-hidden="true">
        <i style={{ width: `${(costMicroUsd / most) * 100}%` }} />
      </i>
      <b>
        {costMicroUsd > 0 ? (
          formatSum(costMicroUsd)
        ) : unknownEntries > 0 ? (
          <span className={css.warn}>unknown</span>
        ) : (
          <span className={css.free}>free</span>
        )}
        {costMicroUsd > 0 && unknownEntries > 0 && (
          <span className={css.warn}>
            +<span className="ik-hidden"> and {unknownEntries} unknown</span>
          </span>
        )}
      </b>
    </>
  )
}
