import { type CostBook, createCostBook } from '../costs/book.ts'
import { computerZone } from '../costs/calendar.ts'
import { costsHandlers } from '../costs/handlers.ts'
import { createLimitsService, type LimitsService } from '../costs/limits.ts'
import { readPriceFile } from '../costs/price-table.ts'
import { createPricesService, type PricesService } from '../costs/prices.ts'
import { createRollup } from '../costs/rollup.ts'
import { type CostsService, createCostsService } from '../costs/service.ts'
import { createSpendingService, type SpendingService } from '../costs/spending.ts'
import type { LeaseOwner } from '../jobs/lease.ts'
import type { Clock, Desktop, Events, Ids, Log } from '../ports.ts'
import type { Storage } from '../storage/storage.ts'
import { shownPath } from './shown-path.ts'

export interface Money {
  readonly costs: CostsService
  readonly spending: SpendingService
  readonly prices: PricesService
  readonly limits: LimitsService
  readonly costBook: CostBook
  readonly costsHandlers: ReturnType<typeof costsHandlers>
  /** Enters what a process that died had sent; in the app, days begin where the computer is now. */
  readonly startMoney: () => void
}

/** Ledger, prices, limits, and the way every request that can cost goes. */
export function joinMoney(deps: {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
  readonly events: Events
  readonly log: Log
  readonly owner: LeaseOwner
  readonly desktop: Desktop | null
  readonly assetsUrl: URL
  readonly origin: 'app' | 'headless'
}): Money {
  const { storage, clock, events } = deps
  const rollup = createRollup()
  const tellLater = tellOnce(() => events.emit('costs.changed', {}))
  const costs = createCostsService({ storage, rollup, onAppend: tellLater })
  const prices = createPricesService({ storage, clock, events, table: readPriceFile(deps.assetsUrl) })
  const limits = createLimitsService({ storage, clock, events, rollup })
  const spending = createSpendingService({ ...deps, costs, prices, limits })
  const costBook = createCostBook({
    storage,
    clock,
    desktop: deps.desktop,
    rollup,
    prices,
    limits,
    shownPath: (path) => shownPath(path) ?? path,
  })
  return {
    costs,
    spending,
    prices,
    limits,
    costBook,
    costsHandlers: costsHandlers(costBook, limits, prices),
    startMoney: () => {
      const zone = rollup.calendar(storage)?.zone
      // A run on the command line may have another zone than the app beside it (TZ, cron): it takes the profile's.
      if (zone === undefined || (deps.origin === 'app' && zone !== computerZone()))
        storage.writeUnaudited((tx) => rollup.rebuildIn(tx, computerZone()))
      spending.recover()
    },
  }
}

/** A row is written within a transaction of others: said once it is over, whatever became of it. */
function tellOnce(tell: () => void): () => void {
  let isWaiting = false
  return () => {
    if (isWaiting) return
    isWaiting = true
    queueMicrotask(() => {
      isWaiting = false
      tell()
    })
  }
}
