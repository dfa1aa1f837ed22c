import type { Transaction } from '../storage/storage.ts'
import type { Calendar } from './calendar.ts'
import { noMeasures } from './measures.ts'
import type { CostEntryRow } from './store.ts'
import { addMeasures, around, type Dims, dims } from './sums.ts'

/** Finished notes and listened hours, each counted once, where their first row is. They stay when rows are swept. */
interface First {
  readonly subject: string
  readonly kind: 'note' | 'episode'
  readonly at_ms: number
  readonly combo_id: number
  readonly seconds: number
}

/** Counts one in, or out again. */
function count(tx: Transaction, calendar: Calendar, first: First, sign: 1 | -1, known?: Dims): void {
  const of = known ?? tx.get<Dims>(`SELECT ${dims.join(', ')} FROM cost_combos WHERE id = ?`, [first.combo_id])
  if (!of) return
  addMeasures(
    tx,
    calendar.dayOf(first.at_ms),
    { id: first.combo_id, dims: of },
    { ...noMeasures, notes: first.kind === 'note' ? sign : 0, listened_seconds: sign * first.seconds },
  )
}

function put(tx: Transaction, calendar: Calendar, next: First, known: Dims): void {
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
  count(tx, calendar, first, 1, first.combo_id === next.combo_id ? known : undefined)
}

/** After the sums of its day have this row. */
export function addFirsts(
  tx: Transaction,
  calendar: Calendar,
  entry: CostEntryRow,
  combo: { id: number; dims: Dims },
): void {
  if (entry.outcome !== 'succeeded') return
  const base = { at_ms: entry.at_ms, combo_id: combo.id }
  if (entry.operation === 'extraction' && entry.template_name !== null) {
    const subject = `note:${entry.job_id ?? entry.episode_id ?? entry.id}/${entry.template_name}`
    put(tx, calendar, { ...base, subject, kind: 'note', seconds: 0 }, combo.dims)
  }
  if (entry.episode_id !== null && (entry.operation === 'extraction' || entry.operation === 'transcription')) {
    const known = tx.get<{ seconds: number | null }>('SELECT duration_seconds AS seconds FROM episodes WHERE id = ?', [
      entry.episode_id,
    ])
    const seconds = Math.round(known?.seconds ?? (entry.audio_ms ?? 0) / 1000)
    put(tx, calendar, { ...base, subject: `episode:${entry.episode_id}`, kind: 'episode', seconds }, combo.dims)
  }
}

const firstsSql = [
  `SELECT 'note:' || coalesce(job_id, episode_id, id) || '/' || template_name AS subject, 'note' AS kind,
     min(at_ms) AS at_ms, combo_id, 0 AS seconds
   FROM cost_entries WHERE outcome = 'succeeded' AND operation = 'extraction' AND template_name IS NOT NULL
     AND combo_id IS NOT NULL AND at_ms >= ? AND at_ms < ? GROUP BY subject`,
  `SELECT 'episode:' || episode_id AS subject, 'episode' AS kind, min(at_ms) AS at_ms, combo_id,
     cast(round(coalesce((SELECT duration_seconds FROM episodes WHERE id = episode_id), coalesce(audio_ms, 0) / 1000.0)) AS INTEGER) AS seconds
   FROM cost_entries WHERE outcome = 'succeeded' AND operation IN ('extraction', 'transcription')
     AND episode_id IS NOT NULL AND combo_id IS NOT NULL AND at_ms >= ? AND at_ms < ? GROUP BY subject`,
]

/** Finds those of a month, or all, that are missing, in rows that have their combos. None is taken away: its row may have been swept. */
export function findFirsts(tx: Transaction, month: number | null): void {
  for (const sql of firstsSql)
    tx.run(
      `INSERT INTO cost_firsts (subject, kind, at_ms, combo_id, seconds) SELECT * FROM (${sql}) WHERE true
       ON CONFLICT (subject) DO UPDATE SET at_ms = excluded.at_ms, combo_id = excluded.combo_id
       WHERE excluded.at_ms <= at_ms`,
      around(month),
    )
}
