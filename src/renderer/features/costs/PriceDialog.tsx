import { Button, Checkbox, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Price } from '#shared/contract/costs.ts'
import { useLive } from '../../lib/live.ts'
import { FailureNote, say } from '../../ui/index.ts'
import { dollarsField, parseDollars } from './cost-words.ts'
import { dayKey } from './period.ts'
import css from './prices.module.css'
import { useSetPrice } from './use-prices.ts'

const rates = [
  ['inputPerMillion', 'A million tokens in'],
  ['outputPerMillion', 'A million tokens out'],
  ['cachedInputPerMillion', 'A million tokens in, from its cache'],
  ['cacheWritePerMillion', 'A million tokens written to its cache'],
  ['audioPerHour', 'An hour of sound'],
] as const
type RateKey = (typeof rates)[number][0]

/** A price of the user's own: of a model, or of all models of a server. `price`: the one it starts from. */
export function PriceDialog({ price, onClose }: { price: Price | null; onClose: () => void }) {
  const providers = useLive('models', 'providers', {}).value
  const set = useSetPrice()
  const [provider, setProvider] = useState(price?.provider ?? '')
  const [model, setModel] = useState(price?.model === '*' ? '' : (price?.model ?? ''))
  const [every, setEvery] = useState(price?.model === '*')
  const [source, setSource] = useState(price?.own ? price.source : 'My own')
  const [typed, setTyped] = useState<Record<RateKey, string>>(
    () =>
      Object.fromEntries(rates.map(([key]) => [key, dollarsField(price?.[key] ?? null)])) as Record<RateKey, string>,
  )
  const parsed = Object.fromEntries(rates.map(([key]) => [key, parseDollars(typed[key])])) as Record<
    RateKey,
    number | null | 'not-a-sum'
  >
  const sums = Object.values(parsed)
  const isWhole =
    provider.trim() !== '' &&
    (every || model.trim() !== '') &&
    !sums.includes('not-a-sum') &&
    sums.some((sum) => sum !== null)
  const save = async () => {
    const done = await set.run({
      provider: provider.trim(),
      model: every ? '*' : model.trim(),
      ...(parsed as Record<RateKey, number | null>),
      asOf: dayKey(new Date()),
      source: source.trim() || 'My own',
    })
    if (!done.ok) return
    say('Price set. Entries that are there stay as they were.')
    onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={price ? 'Your price' : 'Add a price'}
      size={520}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (isWhole) void save()
        }}
      >
        <p>It counts for what is asked from now on. Empty means that kind is not sold, 0 that it is free.</p>
        <div className={css.pair}>
          <TextInput
            label="Provider"
            list="price-providers"
            maxLength={200}
            readOnly={price !== null}
            data-autofocus={price === null || undefined}
            value={provider}
            onChange={(event) => setProvider(event.currentTarget.value)}
          />
          <datalist id="price-providers">
            {providers?.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </datalist>
          <TextInput
            label="Model"
            maxLength={200}
            readOnly={price !== null}
            disabled={every}
            value={every ? 'every model' : model}
            onChange={(event) => setModel(event.currentTarget.value)}
          />
        </div>
        {price === null && (
          <Checkbox
            label="Every model of this provider"
            checked={every}
            onChange={(event) => setEvery(event.currentTarget.checked)}
          />
        )}
        <div className={css.rates}>
          {rates.map(([key, label], index) => (
            <TextInput
              key={key}
              label={label}
              inputMode="decimal"
              leftSection={<span aria-hidden="true">$</span>}
              maxLength={14}
              data-autofocus={(price !== null && index === 0) || undefined}
              value={typed[key]}
              error={parsed[key] === 'not-a-sum' ? 'A sum such as 0.075' : null}
              onChange={(event) => setTyped({ ...typed, [key]: event.currentTarget.value })}
            />
          ))}
          <TextInput
            label="Where it is from"
            maxLength={2_000}
            value={source}
            onChange={(event) => setSource(event.currentTarget.value)}
          />
        </div>
        {set.failure && <FailureNote failure={set.failure} />}
        <footer className={css.formFoot}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={set.running} disabled={!isWhole}>
            Set price
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
