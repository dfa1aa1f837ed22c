import type { CostFilter, CostOverview } from '#shared/contract/costs.ts'
import type { Reader } from '../storage/storage.ts'
import type { Calendar } from './calendar.ts'
import { allOf, needsRows, rowsWhere, timeWhere, type Where } from './filter.ts'
import {
  addPart,
  addRows,
  emptyShares,
  isShort,
  listenedIn,
  partsOf,
  type Shares,
  type Step,
  totalOf,
} from './parts.ts'
import { type Dims, dims } from './sums.ts'

type Share = CostOverview['byProvider'][number]

/** What the Costs page shows. From sums where they can tell; an episode, a job or words are looked up row by row. */
export function overviewOf(reader: Reader, calendar: Calendar, filter: CostFilter): CostOverview {
  const byDay = isShort(reader, filter)
  const shares = emptyShares()
  let steps: Step[]
  let listenedSeconds: number
  let finishedNotes: number
  if (needsRows(filter)) {
    const where = allOf([rowsWhere(reader, filter), timeWhere('e.at_ms', filter.fromMs, filter.toMs)])
    steps = addRows(shares, reader, calendar, where, byDay)
    const distinct = distinctOf(reader, where)
    finishedNotes = distinct.notes
    listenedSeconds = distinct.seconds
  } else {
    const parts = partsOf(calendar, filter, byDay)
    steps = parts.flatMap((part) => addPart(shares, reader, calendar, part, { filter, byDay }))
    finishedNotes = totalOf(shares).notes
    listenedSeconds = parts.reduce((seconds, part) => seconds + listenedIn(reader, part, filter.feedId), 0)
  }
  const total = totalOf(shares)
  const titles = feedTitles(reader)
  const known = (name: string): string => name
  return {
    entries: total.entries,
    costMicroUsd: total.cost_micro_usd,
    estimatedEntries: total.estimated_entries,
    unknownEntries: total.unknown_entries,
    steps: stacked(steps),
    byProvider: sharesOf(shares, 'provider', known),
    byModel: sharesOf(shares, 'model', known),
    byOperation: sharesOf(shares, 'operation', known),
    byFeed: sharesOf(shares, 'feed_id', (id) => titles.get(id) ?? (id === '' ? 'No feed' : 'A removed feed')),
    byTemplate: sharesOf(shares, 'template_name', (name) => name || 'No template'),
    finishedNotes,
    listenedSeconds,
    microUsdPerNote: finishedNotes === 0 ? null : Math.round(total.cost_micro_usd / finishedNotes),
    microUsdPerHour: listenedSeconds === 0 ? null : Math.round(total.cost_micro_usd / (listenedSeconds / 3600)),
    savedMicroUsd: total.saved_micro_usd,
    estimates: {
      entries: total.compared_entries,
      estimateMicroUsd: total.estimate_micro_usd,
      actualMicroUsd: total.compared_micro_usd,
      closeEntries: total.close_entries,
    },
  }
}

/** The dearest first. */
function sharesOf(shares: Shares, dim: keyof Dims, titleOf: (key: string) => string): Share[] {
  return [...shares[dims.indexOf(dim)]!]
    .filter(([, sum]) => sum.entries > 0)
    .map(([key, sum]) => ({
      key,
      title: titleOf(key),
      entries: sum.entries,
      costMicroUsd: sum.cost_micro_usd,
      unknownEntries: sum.unknown_entries,
    }))
    .toSorted(
      (one, other) =>
        other.costMicroUsd - one.costMicroUsd || other.entries - one.entries || (one.key < other.key ? -1 : 1),
    )
}

function stacked(steps: readonly Step[]): CostOverview['steps'] {
  const starts = new Map<string, Map<string, number>>()
  for (const { start, provider, cost_micro_usd } of steps) {
    const providers = starts.get(start) ?? new Map<string, number>()
    providers.set(provider, (providers.get(provider) ?? 0) + cost_micro_usd)
    starts.set(start, providers)
  }
  return [...starts]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([start, providers]) => ({
      start,
      byProvider: [...providers]
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([provider, costMicroUsd]) => ({ provider, costMicroUsd })),
    }))
}

const feedTitles = (reader: Reader): Map<string, string> =>
  new Map(
    reader
      .all<{ id: string; title: string }>('SELECT id, coalesce(user_title, own_title) AS title FROM feeds')
      .map(({ id, title }) => [id, title]),
  )

/** Finished notes and listened seconds of rows, each once. A job is of one episode, so that its notes are too. */
function distinctOf(reader: Reader, { sql, params }: Where): { notes: number; seconds: number } {
  return reader.get<{ notes: number; seconds: number }>(
    `SELECT coalesce(sum(notes), 0) AS notes, coalesce(sum(seconds), 0) AS seconds FROM (
       SELECT count(DISTINCT CASE WHEN e.operation = 'extraction'
                THEN coalesce(e.job_id, e.episode_id, e.id) || '/' || e.template_name END) AS notes,
              CASE WHEN e.episode_id IS NULL THEN 0 ELSE max(round(coalesce(
                (SELECT duration_seconds FROM episodes WHERE id = e.episode_id), coalesce(e.audio_ms, 0) / 1000.0))) END AS seconds
       FROM cost_entries e WHERE e.outcome = 'succeeded' AND e.operation IN ('extraction', 'transcription') AND ${sql}
       GROUP BY e.episode_id)`,
    params,
  )!
}
