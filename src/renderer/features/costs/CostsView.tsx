import { useParams } from 'wouter'
import { CostsPage } from './CostsPage.tsx'
import { LimitsPage } from './LimitsPage.tsx'
import { PricesPage } from './PricesPage.tsx'

const pages = { limits: LimitsPage, prices: PricesPage } as const

/** Costs: what was spent, and a page of its own for limits and for prices. */
export function CostsView() {
  const { section } = useParams<{ section?: string }>()
  const View = section && Object.hasOwn(pages, section) ? pages[section as keyof typeof pages] : CostsPage
  return <View />
}
