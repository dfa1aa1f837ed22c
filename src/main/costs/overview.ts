import type { CostFilter, CostOverview } from '#shared/contract/costs.ts'
import type { Reader } from '../storage/storage.ts'
import type { Calendar } from './calendar.ts'
import { allOf, needsRows, rowsWhere, timeWhere, type Where } from './filter.ts'
import { noMeasures, plus } from './measures.ts'
import { isShort, partsOf, type Step, type Sum, stepsOf, stepsOfRows, sumsOf, sumsOfRows } from './parts.ts'

type Share = CostOverview['byProvider'][number]

/** What the Costs page shows. From sums where they can tell; an episode, a job or words are looked up row by row. */
export function overviewOf(reader: Reader, calendar: Calendar, filter: CostFilter): CostOverview {
  const byDay = isShort(reader, filter)
  let sums: Sum[]
  let steps: Step[]
  let listenedSeconds: number
  if (needsRows(filter)) {
    const where = allOf([rowsWhere(reader, filter), timeWhere('e.at_ms', filter.fromMs, filter.toMs)])
    const distinct = distinctOf(reader, where)
    sums = sumsOfRows(reader, where).map((sum, at) => ({
      ...sum,
      notes: at === 0 ? distinct.notes : 0,
      listened_seconds: 0,
    }))
    steps = stepsOfRows(reader, calendar, where, byDay)
    listenedSeconds = distinct.seconds
  } else {
    const parts = partsOf(calendar, filter, byDay)
    sums = parts.flatMap((part) => sumsOf(reader, part, filter))
    steps = parts.flatMap((part) => stepsOf(reader, calendar, part, filter, byDay))
    const { provider, model, operation, template, ...others } = filter
    const isAnyOf = [provider, model, operation, template].every((value) => value === undefined)
    listenedSeconds = (isAnyOf ? sums : parts.flatMap((part) => sumsOf(reader, part, others))).reduce(
      (seconds, sum) => seconds + sum.listened_seconds,
      0,
    )
  }
  const total = sums.reduce((all, sum) => plus(all, sum), noMeasures)
  const finishedNotes = sums.reduce((notes, sum) => notes + sum.notes, 0)
  const titles = feedTitles(reader)
  const known = (name: string): string => name
  return {
    entries: total.entries,
    costMicroUsd: total.cost_micro_usd,
    estimatedEntries: total.estimated_entries,
    unknownEntries: total.unknown_entries,
    steps: stacked(steps),
    byProvider: sharesOf(sums, (sum) => sum.provider, known),
    byModel: sharesOf(sums, (sum) => sum.model, known),
    byOperation: sharesOf(sums, (sum) => sum.operation, known),
    byFeed: sharesOf(
      sums,
      (sum) => sum.feed_id,
      (id) => titles.get(id) ?? (id === '' ? 'No feed' : 'A removed feed'),
    ),
    byTemplate: sharesOf(
      sums,
      (sum) => sum.template_name,
      (name) => name || 'No template',
    ),
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
function sharesOf(sums: readonly Sum[], keyOf: (sum: Sum) => string, titleOf: (key: string) => string): Share[] {
  const shares = new Map<string, Share>()
  for (const sum of sums) {
    if (sum.entries === 0) continue
    const key = keyOf(sum)
    const there = shares.get(key)
    shares.set(key, {
      key,
      title: titleOf(key),
      entries: (there?.entries ?? 0) + sum.entries,
      costMicroUsd: (there?.costMicroUsd ?? 0) + sum.cost_micro_usd,
      unknownEntries: (there?.unknownEntries ?? 0) + sum.unknown_entries,
    })
  }
  return [...shares.values()].toSorted(
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

function distinctOf(reader: Reader, { sql, params }: Where): { notes: number; seconds: number } {
  const { notes } = reader.get<{ notes: number }>(
    `SELECT count(DISTINCT coalesce(e.job_id, e.episode_id, e.id) || '/' || e.template_name) AS notes FROM cost_entries e
     WHERE e.outcome = 'succeeded' AND e.operation = 'extraction' AND e.template_name IS NOT NULL AND ${sql}`,
    params,
  )!
  const { seconds } = reader.get<{ seconds: number }>(
    `SELECT coalesce(sum(seconds), 0) AS seconds FROM (
       SELECT max(round(coalesce((SELECT duration_seconds FROM episodes WHERE id = e.episode_id), coalesce(e.audio_ms, 0) / 1000.0))) AS seconds
       FROM cost_entries e WHERE e.outcome = 'succeeded' AND e.operation IN ('extraction', 'transcription')
         AND e.episode_id IS NOT NULL AND ${sql} GROUP BY e.episode_id)`,
    params,
  )!
  return { notes, seconds }
}
