import { Button } from '@mantine/core'
import type { Price } from '#shared/contract/costs.ts'
import { inkwell } from '../../lib/inkwell.ts'
import { say } from '../../ui/index.ts'
import { dollarsField, providerName } from './cost-words.ts'
import css from './prices.module.css'
import { useRemovePrice } from './use-prices.ts'

const columns = [
  ['inputPerMillion', 'In'],
  ['outputPerMillion', 'Out'],
  ['cachedInputPerMillion', 'Cached'],
  ['cacheWritePerMillion', 'To cache'],
  ['audioPerHour', 'Hour of sound'],
] as const

export function PriceTable(props: {
  prices: readonly Price[]
  providers: ReadonlyMap<string, string>
  onEdit: (price: Price) => void
}) {
  const remove = useRemovePrice()
  return (
    <table className={css.table}>
      <caption className="ik-hidden">Prices in dollars for a million tokens, or for an hour of sound</caption>
      <thead>
        <tr>
          <th scope="col" className={css.provider}>
            Provider
          </th>
          <th scope="col">Model</th>
          {columns.map(([key, title]) => (
            <th key={key} scope="col" className={css.rate} data-rare={key.startsWith('cache') || undefined}>
              {title}
            </th>
          ))}
          <th scope="col" className={css.source}>
            Read on
          </th>
          <th scope="col" className={css.acts}>
            <span className="ik-hidden">Acts</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.prices.map((price) => {
          const model = price.model === '*' ? 'Every model' : price.model
          return (
            <tr key={`${price.provider} ${price.model}`} data-own={price.own || undefined}>
              <td className={css.provider}>{providerName(price.provider, props.providers)}</td>
              <th scope="row" title={model}>
                {model}
                {price.own && <span className={css.own}>yours</span>}
              </th>
              {columns.map(([key]) => (
                <td key={key} className={css.rate} data-rare={key.startsWith('cache') || undefined}>
                  <Rate microUsd={price[key]} />
                </td>
              ))}
              <td className={css.source}>
                <Source price={price} />
              </td>
              <td className={css.acts}>
                <Button variant="subtle" size="xs" onClick={() => props.onEdit(price)}>
                  Change<span className="ik-hidden"> the price of {model}</span>
                </Button>
                {price.own && (
                  <Button variant="subtle" size="xs" onClick={() => void remove(price)}>
                    Remove<span className="ik-hidden"> your price of {model}</span>
                  </Button>
                )}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function Rate({ microUsd }: { microUsd: number | null }) {
  if (microUsd === null) return <span className="ik-dim">–</span>
  return microUsd === 0 ? <span className={css.free}>free</span> : `$${dollarsField(microUsd)}`
}

function Source({ price }: { price: Price }) {
  if (!/^https?:/.test(price.source))
    return (
      <span className="ik-cut" title={price.source}>
        {price.asOf} {price.own && <small>{price.source}</small>}
      </span>
    )
  const open = () =>
    void inkwell.app.openExternal({ url: price.source }).then((done) => {
      if (!done.ok) say(done.error.message, { tone: 'warn' })
    })
  return (
    <button type="button" className="ik-link" title={price.source} onClick={open}>
      {price.asOf}
      <span className="ik-hidden">, open where it was read for {price.model}</span>
    </button>
  )
}
