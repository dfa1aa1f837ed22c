import { useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { CostFilter } from '#shared/contract/costs.ts'
import { type Period, type PeriodKind, periodKinds, periodOf } from './period.ts'
import { useToday } from './use-today.ts'

/** What the ledger can be held against; in the address, so that back and forward keep it. */
export const filterKeys = ['provider', 'operation', 'feedId', 'model', 'template', 'text'] as const
export type FilterKey = (typeof filterKeys)[number]
export type Chosen = Partial<Record<FilterKey, string>>

export interface CostsQuery {
  readonly period: Period
  readonly back: number
  readonly chosen: Chosen
  /** Period and choices, as main wants them. */
  readonly filter: CostFilter
  /** Null or '' takes a choice away. */
  readonly choose: (change: Partial<Record<FilterKey, string | null>>) => void
  readonly goTo: (kind: PeriodKind, back?: number) => void
  readonly clear: () => void
}

/** The period and the choices of the Costs page, read from the address and written back to it. */
export function useCostsQuery(): CostsQuery {
  const search = useSearch()
  const [, navigate] = useLocation()
  const nowMs = useToday()
  return useMemo(() => {
    const params = new URLSearchParams(search)
    const asked = params.get('period') as PeriodKind
    const kind = periodKinds.includes(asked) ? asked : 'month'
    const back = Math.min(1_200, Math.max(0, Math.trunc(Number(params.get('back') ?? 0)) || 0))
    const period = periodOf(kind, back, nowMs)
    const chosen: Chosen = {}
    for (const key of filterKeys) {
      const value = params.get(key)
      if (value) chosen[key] = value.slice(0, 200)
    }
    const write = (next: Chosen, nextKind: PeriodKind, nextBack: number): void => {
      const written = new URLSearchParams({ ...(nextKind === 'month' ? {} : { period: nextKind }) })
      if (nextBack > 0 && nextKind !== 'all') written.set('back', String(nextBack))
      for (const key of filterKeys) if (next[key]) written.set(key, next[key])
      navigate(`/costs?${written}`, { replace: true })
    }
    return {
      period,
      back,
      chosen,
      filter: {
        ...chosen,
        ...(period.fromMs === undefined ? {} : { fromMs: period.fromMs }),
        ...(period.toMs === undefined ? {} : { toMs: period.toMs }),
      },
      choose: (change) => {
        const next: Chosen = { ...chosen }
        for (const [key, value] of Object.entries(change) as [FilterKey, string | null][]) {
          if (value) next[key] = value
          else delete next[key]
        }
        write(next, kind, back)
      },
      goTo: (nextKind, nextBack = 0) => write(chosen, nextKind, nextBack),
      clear: () => write({}, kind, back),
    }
  }, [search, navigate, nowMs])
}
