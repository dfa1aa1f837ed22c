import { join } from 'node:path'
import { sealedTables } from '../../../src/main/compose/sealed-tables.ts'
import { createCostsService } from '../../../src/main/costs/service.ts'
import { readSeals } from '../../../src/main/health/task.ts'
import { createIds } from '../../../src/main/ids.ts'
import { createInterviewsService } from '../../../src/main/interviews/service.ts'
import { openStorage, type Storage } from '../../../src/main/storage/storage.ts'
import { type Acked, ofKind } from './journal.ts'

const clock = { now: () => Date.now() }

/** What of the acknowledged is missing or there twice, and what does not hang together, in sentences. */
export function judgeWriters(profilePath: string, acked: readonly Acked[], kills: number): string[] {
  const opened = openStorage(join(profilePath, 'inkwell.db'), { clock, origin: 'torture' })
  if (!opened.ok) return [`the profile does not open: ${opened.error.message}`]
  const storage = opened.value
  try {
    return [
      ...charges(storage, ofKind(acked, 'charge')),
      ...feeds(storage, acked),
      ...interviews(storage, acked, kills),
      ...chains(storage),
      ...soundness(storage),
    ]
  } finally {
    storage.close()
  }
}

function charges(storage: Storage, acked: readonly { id: string }[]): string[] {
  const there = storage.all<{ id: string }>('SELECT id FROM cost_entries').map(({ id }) => id)
  const { entries, wrongMonths } = createCostsService({ storage }).facts()
  return [
    ...acked.filter(({ id }) => !there.includes(id)).map(({ id }) => `the acknowledged charge ${id} is lost`),
    ...wrongMonths.map(({ month }) => `the ledger of ${month} does not add up`),
    ...(entries === there.length ? [] : [`the journal counts ${entries} charges of ${there.length}`]),
  ]
}

function feeds(storage: Storage, acked: readonly Acked[]): string[] {
  const rows = storage.all<{ id: string; url: string; user_title: string | null }>(
    'SELECT id, url, user_title FROM feeds',
  )
  const urls = rows.map(({ url }) => url)
  const titles = new Map(ofKind(acked, 'title').map(({ feedId, title }) => [feedId, title]))
  return [
    ...ofKind(acked, 'feed').flatMap(({ url }) => {
      const count = urls.filter((one) => one === url).length
      return count === 1 ? [] : [`the acknowledged feed ${url} is there ${count} times`]
    }),
    ...[...titles].flatMap(([feedId, title]) =>
      rows.some(({ id, user_title }) => id === feedId && user_title === title) ? [] : [`the title “${title}” is lost`],
    ),
  ]
}

function interviews(storage: Storage, acked: readonly Acked[], kills: number): string[] {
  const losses: string[] = []
  const service = createInterviewsService({ storage, clock, ids: createIds(clock) })
  for (const { id: sessionId, intact } of service.list()) {
    const session = service.get(sessionId)!
    if (!intact) losses.push(`the session ${sessionId} does not match its seal`)
    const answers = new Map(session.exchanges.map(({ id, answer }) => [id, answer]))
    for (const { exchangeId, text, sessionId: of } of ofKind(acked, 'answer'))
      if (of === sessionId && answers.get(exchangeId) !== text) losses.push(`the acknowledged “${text}” is lost`)
    session.exchanges.forEach(({ position }, index) => {
      if (position !== index + 1) losses.push(`question ${index + 1} stands at ${position}`)
    })
    const changes = storage.get<{ changes: number }>(
      "SELECT count(*) AS changes FROM audit WHERE subject = ? AND action IN ('interviews.start', 'interviews.ask', 'interviews.answer')",
      [`interview:${sessionId}`],
    )!.changes
    if (session.revision !== changes)
      losses.push(`revision ${session.revision} after ${changes} changes of ${sessionId}`)
    losses.push(
      ...twice(
        ofKind(acked, 'change').filter((one) => one.sessionId === sessionId),
        'the session',
      ),
    )
    for (const { exchange_id, revision } of session.drafts) {
      const saves = ofKind(acked, 'draft').filter(({ exchangeId }) => exchangeId === exchange_id)
      losses.push(...twice(saves, 'a draft'))
      for (const { seen, revision: made } of saves)
        if (made !== seen + 1) losses.push(`a draft that nobody saw was written over: ${seen} became ${made}`)
      // One that was killed may have saved and not heard of it.
      const gap = revision - saves.length
      if (gap < 0 || gap > kills) losses.push(`a draft has revision ${revision} after ${saves.length} saves`)
    }
  }
  return losses
}

/** Two changes that saw the same state: one of them was built on what was not so any more. */
function twice(changes: readonly { seen: number }[], what: string): string[] {
  const seen = changes.map((one) => one.seen)
  return seen
    .filter((revision, index) => seen.indexOf(revision) !== index)
    .map((revision) => `${what} was changed twice from revision ${revision}`)
}

/** Each change in the trail starts from what the one before it made. */
function chains(storage: Storage): string[] {
  const losses: string[] = []
  const last = new Map<string, string>()
  const rows = storage.all<{ id: number; action: string; subject: string; before_json: string; after_json: string }>(
    "SELECT * FROM audit WHERE action IN ('feeds.setCategory', 'feeds.rename', 'settings.set') ORDER BY id",
  )
  for (const { id, action, subject, before_json, after_json } of rows) {
    const key = `${action} ${subject}`
    if (last.has(key) && last.get(key) !== before_json)
      losses.push(`change ${id} of ${subject} wrote over one it did not see`)
    last.set(key, after_json)
  }
  return losses
}

function soundness(storage: Storage): string[] {
  const losses = sealedTables.flatMap((table) => {
    const { damaged } = readSeals(storage, { table, afterRowid: -1, limit: 1_000_000 })
    return damaged.length > 0 ? [`${damaged.length} rows of ${table.name} do not match their seals`] : []
  })
  const trail = storage.get<{ rows: number; last: number }>('SELECT count(*) AS rows, max(id) AS last FROM audit')!
  if (trail.rows !== trail.last) losses.push(`the trail has ${trail.rows} rows and ends with ${trail.last}`)
  for (const { integrity_check } of storage.all<{ integrity_check: string }>('PRAGMA integrity_check'))
    if (integrity_check !== 'ok') losses.push(`database: ${integrity_check}`)
  return losses
}
