import { Button, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import type { Price } from '#shared/contract/costs.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { plural } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { EmptyState, FailureNote, Loading, Page, PageHead } from '../../ui/index.ts'
import { providerName } from './cost-words.ts'
import { PriceDialog } from './PriceDialog.tsx'
import { PriceTable } from './PriceTable.tsx'
import css from './prices.module.css'
import { useNames } from './use-names.ts'

/** What each model costs, since when and by whose word; prices of the user's own stand before the ones that came along. */
export function PricesPage() {
  useCrumbs([{ label: 'Costs', to: '/costs' }, { label: 'Prices' }])
  const list = useLive('costs', 'prices', {})
  const { providers } = useNames()
  const [typed, setTyped] = useState('')
  const [edited, setEdited] = useState<Price | 'new' | null>(null)
  const words = typed.trim().toLowerCase()
  const shown = list.value?.prices.filter(({ provider, model }) =>
    `${providerName(provider, providers)} ${provider} ${model}`.toLowerCase().includes(words),
  )
  return (
    <Page>
      <PageHead
        title="Prices"
        sentence={
          list.value &&
          `In US dollars, as of ${list.value.version.split('+')[0]}. A model that is not here has an unknown price.`
        }
        actions={<Button onClick={() => setEdited('new')}>Add a price</Button>}
      />
      {list.failure && <FailureNote failure={list.failure} onRetry={list.again} />}
      {list.loading && <Loading rows={8} />}
      {shown && (
        <>
          <search className={css.search}>
            <TextInput
              size="xs"
              aria-label="Find a model"
              placeholder="Find a model"
              leftSection={<IconSearch size={14} aria-hidden="true" />}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <small role="status">{plural(shown.length, 'price')}</small>
          </search>
          {shown.length === 0 ? (
            <EmptyState title="No model has these words.">
              Give it a price yourself, and what it is asked is counted.
            </EmptyState>
          ) : (
            <PriceTable prices={shown} providers={providers} onEdit={setEdited} />
          )}
        </>
      )}
      {edited && <PriceDialog price={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </Page>
  )
}
