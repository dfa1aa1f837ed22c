import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { ok } from '#shared/result.ts'
import type { CostBook } from './book.ts'
import type { LimitsService } from './limits.ts'
import type { PricesService } from './prices.ts'

export const costsHandlers = (
  book: CostBook,
  limits: LimitsService,
  prices: PricesService,
): Handlers<AppContract['costs']> => ({
  overview: (filter) => ok(book.overview(filter)),
  entries: (input) => ok(book.entries(input)),
  month: () => ok(book.month()),
  limits: () => ok(limits.list()),
  setLimit: ({ feedId = null, ...change }) => limits.set({ ...change, feedId }),
  prices: () => ok({ version: prices.version(), prices: prices.list() }),
  setPrice: (price) => prices.set(price),
  removePrice: ({ provider, model }) => ok(prices.remove(provider, model)),
  export: (input) => book.exportTo(input),
})
