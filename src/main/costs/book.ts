import { basename } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CostFilter, CostOverview, CostRow, Limit } from '#shared/contract/costs.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Clock, Desktop } from '../ports.ts'
import type { Storage } from '../storage/storage.ts'
import { errorCode, type FileSystem, writeFileAtomic } from '../storage/write-file.ts'
import { type Calendar, firstDayOf, monthOfDay } from './calendar.ts'
import { entriesOf } from './entries.ts'
import { type ExportFormat, exportText } from './export-text.ts'
import type { LimitsService } from './limits.ts'
import { overviewOf } from './overview.ts'
import type { FoundPrice, PricesService } from './prices.ts'
import type { Rollup } from './rollup.ts'

/** What is read of the ledger: for the Costs page, the sidebar, the command line and files. */
export interface CostBook {
  overview(filter: CostFilter): CostOverview
  entries(input: CostFilter & { after?: string | undefined; limit: number }): { rows: CostRow[]; more: boolean }
  /** This month's spend, with the lowest limit of the month. */
  month(): { costMicroUsd: number; unknownEntries: number; limit: Limit | null }
  /** First moment of this day and month of the profile's calendar. */
  beginnings(): { dayMs: number; monthMs: number }
  /** First moment of a day of the profile's calendar. @param day days since 1970-01-01 */
  dayStart(day: number): number
  now(): number
  /** Asks where to; null when the user left it. */
  exportTo(
    input: CostFilter & { format: ExportFormat },
  ): Promise<Result<{ pathDisplay: string; entries: number } | null, 'not-available' | 'export-failed'>>
  /** @param path absolute; what is there is replaced */
  exportFile(
    path: string,
    input: CostFilter & { format: ExportFormat },
  ): Promise<Result<{ entries: number }, 'export-failed'>>
}

const pageRows = 500

export function createCostBook({
  storage,
  clock,
  desktop,
  rollup,
  prices,
  limits,
  shownPath,
  fs,
}: {
  readonly storage: Storage
  readonly clock: Clock
  readonly desktop: Pick<Desktop, 'chooseSavePath'> | null
  readonly rollup: Rollup
  readonly prices: Pick<PricesService, 'find'>
  readonly limits: Pick<LimitsService, 'list'>
  readonly shownPath: (path: string) => string
  readonly fs?: FileSystem
}): CostBook {
  const calendar = (): Calendar => rollup.calendar(storage) ?? storage.writeUnaudited((tx) => rollup.calendarIn(tx))
  const entries: CostBook['entries'] = (input) => {
    const known = new Map<string, FoundPrice | null>()
    return entriesOf(storage, calendar(), input, (provider, model) => {
      const key = JSON.stringify([provider, model])
      const there = known.get(key)
      if (there !== undefined) return there
      const found = prices.find(provider, model)
      known.set(key, found)
      return found
    })
  }
  async function* pages(filter: CostFilter, tell: (entries: number) => void): AsyncGenerator<CostRow[]> {
    let after: string | undefined
    let count = 0
    for (;;) {
      const { rows, more } = entries({ ...filter, after, limit: pageRows })
      count += rows.length
      yield rows
      after = rows.at(-1)?.id
      if (!more) break
      await nextTurn()
    }
    tell(count)
  }
  const beginnings = (): { dayMs: number; monthMs: number } => {
    const of = calendar()
    const day = of.dayOf(clock.now())
    return { dayMs: of.dayStart(day), monthMs: of.dayStart(firstDayOf(monthOfDay(day))) }
  }
  const exportFile: CostBook['exportFile'] = async (path, { format, ...filter }) => {
    let count = 0
    try {
      const rows = pages(filter, (entries) => {
        count = entries
      })
      await writeFileAtomic(path, exportText(format, rows), { ...(fs ? { fs } : {}) })
      return ok({ entries: count })
    } catch (error) {
      return fail(
        'export-failed',
        `The ledger could not be written to ${basename(path)} (${errorCode(error) ?? 'error'}). What was there before is still there. Choose another place.`,
        { retryable: true },
      )
    }
  }
  return {
    overview: (filter) => overviewOf(storage, calendar(), filter),
    entries,
    month() {
      const { costMicroUsd, unknownEntries } = overviewOf(storage, calendar(), { fromMs: beginnings().monthMs })
      const ofMonth = limits.list().filter(({ scope }) => scope === 'month')
      return {
        costMicroUsd,
        unknownEntries,
        limit: ofMonth.toSorted((one, other) => one.limitMicroUsd - other.limitMicroUsd)[0] ?? null,
      }
    },
    beginnings,
    dayStart: (day) => calendar().dayStart(day),
    now: clock.now,
    async exportTo({ format, ...filter }) {
      if (!desktop) return fail('not-available', 'There is no window to choose a file in. Give a file with --out.')
      const day = new Date(clock.now()).toISOString().slice(0, 10)
      const path = await desktop.chooseSavePath('Export the ledger', `inkwell-costs-${day}.${format}`)
      if (path === null) return ok(null)
      const written = await exportFile(path, { ...filter, format })
      return written.ok ? ok({ pathDisplay: shownPath(path), entries: written.value.entries }) : written
    },
    exportFile,
  }
}
