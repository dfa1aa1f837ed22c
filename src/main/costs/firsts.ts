import type { SqlValue, Transaction } from '../storage/storage.ts'
import { type Calendar, dayMs, firstDayOf, monthOfDay } from './calendar.ts'
import type { CostEntryRow } from './store.ts'

/** Finished notes and listened hours, each counted once, where their first row is. They stay when rows are swept. */
interface First {
  readonly subject: string
  readonly kind: 'note' | 'episode'
  readonly at_ms: number
  readonly combo_id: number
  readonly seconds: number
}

const count = (tx: Transaction, calendar: Calendar, first: First, sign: 1 | -1): void => {
  const day = calendar.dayOf(first.at_ms)
  for (const [level, step] of [
    [0, day],
    [1, monthOfDay(day)],
  ] as const)
    tx.run(
      `UPDATE cost_sums SET notes = notes + ?, listened_seconds = listened_seconds + ?
       WHERE level = ? AND step = ? AND combo_id = ?`,
      [first.kind === 'note' ? sign : 0, sign * first.seconds, level, step, first.combo_id],
    )
}

function put(tx: Transaction, calendar: Calendar, next: First): void {
  const there = tx.get<First>('SELECT * FROM cost_firsts WHERE subject = ?', [next.subject])
  const first: First =
    there && there.at_ms <= next.at_ms
      ? { ...there, seconds: Math.max(there.seconds, next.seconds) }
      : { ...next, seconds: Math.max(there?.seconds ?? 0, next.seconds) }
  if (there && first.at_ms === there.at_ms && first.seconds === there.seconds) return
  if (there) count(tx, calendar, there, -1)
  tx.run('INSERT OR REPLACE INTO cost_firsts (subject, kind, at_ms, combo_id, seconds) VALUES (?, ?, ?, ?, ?)', [
    first.subject,
    first.kind,
    first.at_ms,
    first.combo_id,
    first.seconds,
  ])
  count(tx, calendar, first, 1)
}

/** After the sums of its day have this row. */
export function addFirsts(tx: Transaction, calendar: Calendar, entry: CostEntryRow, combo: number): void {
  if (entry.outcome !== 'succeeded') return
  const base = { at_ms: entry.at_ms, combo_id: combo }
  if (entry.operation === 'extraction' && entry.template_name !== null)
    put(tx, calendar, {
      ...base,
      subject: `note:${entry.job_id ?? entry.episode_id ?? entry.id}/${entry.template_name}`,
      kind: 'note',
      seconds: 0,
    })
  if (entry.episode_id !== null && (entry.operation === 'extraction' || entry.operation === 'transcription')) {
    const known = tx.get<{ seconds: number | null }>('SELECT duration_seconds AS seconds FROM episodes WHERE id = ?', [
      entry.episode_id,
    ])
    put(tx, calendar, {
      ...base,
      subject: `episode:${entry.episode_id}`,
      kind: 'episode',
      seconds: Math.round(known?.seconds ?? (entry.audio_ms ?? 0) / 1000),
    })
  }
}

const firstsSql = [
  `SELECT 'note:' || coalesce(job_id, episode_id, id) || '/' || template_name AS subject, 'note' AS kind,
     min(at_ms) AS at_ms, combo_id, 0 AS seconds
   FROM cost_entries WHERE outcome = 'succeeded' AND operation = 'extraction' AND template_name IS NOT NULL
     AND combo_id IS NOT NULL GROUP BY subject`,
  `SELECT 'episode:' || episode_id AS subject, 'episode' AS kind, min(at_ms) AS at_ms, combo_id,
     cast(round(coalesce((SELECT duration_seconds FROM episodes WHERE id = episode_id), coalesce(audio_ms, 0) / 1000.0)) AS INTEGER) AS seconds
   FROM cost_entries WHERE outcome = 'succeeded' AND operation IN ('extraction', 'transcription')
     AND episode_id IS NOT NULL AND combo_id IS NOT NULL GROUP BY subject`,
]

/** Finds firsts that are missing, and counts all of a month, or all, in sums that have none yet. */
export function rebuildFirsts(tx: Transaction, calendar: Calendar, month: number | null): void {
  for (const sql of firstsSql)
    tx.run(
      `INSERT INTO cost_firsts (subject, kind, at_ms, combo_id, seconds) SELECT * FROM (${sql}) WHERE true
       ON CONFLICT (subject) DO UPDATE SET at_ms = excluded.at_ms, combo_id = excluded.combo_id
       WHERE excluded.at_ms < at_ms`,
    )
  const range: SqlValue[] =
    month === null
      ? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]
      : [(firstDayOf(month) - 2) * dayMs, (firstDayOf(month + 1) + 2) * dayMs]
  const { first, last } = tx.get<{ first: number | null; last: number | null }>(
    'SELECT min(at_ms) AS first, max(at_ms) AS last FROM cost_firsts WHERE at_ms >= ? AND at_ms < ?',
    range,
  )!
  if (first === null || last === null) return
  for (const { fromMs, toMs, offsetMs } of calendar.stretches(first, last + 1))
    for (const one of tx.all<{ day: number; combo_id: number; notes: number; seconds: number }>(
      `SELECT (at_ms + ${offsetMs}) / ${dayMs} AS day, combo_id, sum(kind = 'note') AS notes, sum(seconds) AS seconds
       FROM cost_firsts WHERE at_ms >= ? AND at_ms < ? GROUP BY day, combo_id`,
      [fromMs, toMs],
    )) {
      if (month !== null && monthOfDay(one.day) !== month) continue
      for (const [level, step] of [
        [0, one.day],
        [1, monthOfDay(one.day)],
      ] as const)
        tx.run(
          `UPDATE cost_sums SET notes = notes + ?, listened_seconds = listened_seconds + ?
           WHERE level = ? AND step = ? AND combo_id = ?`,
          [one.notes, one.seconds, level, step, one.combo_id],
        )
    }
}
