import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { CostRow } from '#shared/contract/costs.ts'
import { formatCount, formatTook } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { Charge } from './Charge.tsx'
import { formatCharge, offBy, operationName, providerName, purposeOf } from './cost-words.ts'
import css from './ledger.module.css'

/** What is known of a charge: what went in and out, at which price, and what it would cost today. */
export function LedgerDetails(props: {
  row: CostRow
  providers: ReadonlyMap<string, string>
  templates: ReadonlyMap<string, string>
}) {
  const { row } = props
  const { estimate } = row
  return (
    <dl className={css.facts}>
      <Fact name="Charged">
        <Charge microUsd={row.costMicroUsd} kind={row.amountKind} />
        <small>{chargedWords(row)}</small>
      </Fact>
      <Fact name="At today’s price">
        <Charge microUsd={row.repricedMicroUsd} />
        <small>{repricedWords(row)}</small>
      </Fact>
      {estimate && (
        <Fact name="Estimated">
          {estimate.lowMicroUsd === estimate.highMicroUsd ? (
            <Charge microUsd={estimate.lowMicroUsd} />
          ) : (
            `${formatCharge(estimate.lowMicroUsd)} to ${formatCharge(estimate.highMicroUsd)}`
          )}
          <small>{estimate.reason}</small>
        </Fact>
      )}
      <Fact name="Model">
        {row.model || '–'}
        <small>{providerName(row.provider, props.providers)}</small>
      </Fact>
      <Fact name="For">
        {purposeOf(row, props.templates)}
        <small>
          {row.outcome === 'failed' ? `${operationName(row.operation)}, failed` : operationName(row.operation)}
        </small>
      </Fact>
      <Fact name="In and out">
        {amountsOf(row)}
        {row.cachedTokens !== null && row.cachedTokens > 0 && (
          <small>{formatCount(row.cachedTokens)} of them from the provider’s cache</small>
        )}
      </Fact>
      {row.feedId && row.feedTitle && (
        <Fact name="Feed">
          <Link href={`/feeds/${row.feedId}`} className="ik-link" dir="auto">
            {row.feedTitle}
          </Link>
        </Fact>
      )}
      {row.episodeId && row.episodeTitle && (
        <Fact name="Episode">
          <Link href={`/episodes/${row.episodeId}`} className="ik-link" dir="auto">
            {row.episodeTitle}
          </Link>
        </Fact>
      )}
      {row.jobId && <JobFact jobId={row.jobId} />}
      {row.importedFrom && <Fact name="Brought over from">{row.importedFrom}</Fact>}
    </dl>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

/** Only while Activity still shows the job. */
function JobFact({ jobId }: { jobId: string }) {
  const jobs = useLive('jobs', 'list', {}).value
  const job = jobs?.find(({ id }) => id === jobId)
  return (
    <Fact name="Job">
      {job ? (
        <Link href="/activity" className="ik-link">
          Show in Activity
        </Link>
      ) : (
        <span className="ik-dim">not in Activity any more</span>
      )}
      <small>{job?.words}</small>
    </Fact>
  )
}

function chargedWords({ amountKind, priceVersion }: CostRow): string {
  if (amountKind === 'unknown') return 'No price was known. It is in no sum.'
  const price = priceVersion
    ? `prices of ${priceVersion.split('+')[0]}${priceVersion.includes('+') ? ', yours' : ''}`
    : ''
  const words = amountKind === 'estimated' ? ['the answer did not say its tokens', price] : [price]
  return words.filter((part) => part !== '').join('; ')
}

function repricedWords({ repricedMicroUsd, costMicroUsd }: CostRow): string {
  if (repricedMicroUsd === null) return 'No price is known for this model. You can give it one.'
  const change = costMicroUsd === null ? '' : offBy(costMicroUsd, repricedMicroUsd)
  return change === '' || change === '0 %'
    ? 'The entry itself stays as it was.'
    : `${change}; the entry itself stays as it was.`
}

function amountsOf({ inputTokens, outputTokens, audioSeconds }: CostRow): string {
  const parts = [
    ...(audioSeconds === null ? [] : [`${formatTook(audioSeconds)} of sound`]),
    ...(inputTokens === null ? [] : [`${formatCount(inputTokens)} tokens in`]),
    ...(outputTokens === null ? [] : [`${formatCount(outputTokens)} out`]),
  ]
  return parts.length === 0 ? 'not said' : parts.join(', ')
}
