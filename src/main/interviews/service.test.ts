import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createIds } from '../ids.ts'
import { openStorage } from '../storage/storage.ts'
import { createInterviewsService } from './service.ts'

function interviews(path = ':memory:') {
  const time = { ms: Date.UTC(2026, 10, 23) }
  const clock = { now: () => time.ms }
  const opened = openStorage(path, { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  const ids = createIds(clock)
  return { storage: opened.value, ids, time, service: createInterviewsService({ storage: opened.value, clock, ids }) }
}
const about = {
  episodeId: null,
  episodeTitle: 'How a tide table is made',
  feedTitle: 'The Slow Almanac',
  style: 'reflective',
  maxQuestions: 5,
  guidelines: { focus: [] },
}
const value = <Value>(result: { ok: true; value: Value } | { ok: false; error: { message: string } }): Value => {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

test('a question, an answer, and what is typed in between', () => {
  const { service, ids, storage } = interviews()
  const { id } = service.start(about)
  const exchangeId = ids.next()
  const asked = value(service.ask(id, 1, { exchangeId, text: 'What stayed with you?', details: { minute: 41 } }))
  expect(asked).toMatchObject({ revision: 2, exchanges: [{ position: 1, answer: null, intact: true }] })
  expect(value(service.saveDraft(id, { exchangeId, text: 'The mo', seenRevision: 0 }))).toEqual({ revision: 1 })
  expect(value(service.saveDraft(id, { exchangeId, text: 'The moon', seenRevision: 1 }))).toEqual({ revision: 2 })
  expect(service.get(id)?.drafts).toMatchObject([{ text: 'The moon', intact: true }])
  const answered = value(service.answer(id, 2, exchangeId, 'The moon’s nodes.'))
  expect(answered).toMatchObject({ revision: 3, drafts: [], exchanges: [{ answer: 'The moon’s nodes.' }] })
  const trail = JSON.stringify(storage.all('SELECT * FROM audit'))
  expect(trail).not.toContain('nodes')
})

test('an earlier answer that is edited does not take the draft of the later one', () => {
  const { service, ids } = interviews()
  const { id } = service.start(about)
  const [first, second] = [ids.next(), ids.next()]
  value(service.ask(id, 1, { exchangeId: first, text: 'What?', details: null }))
  value(service.answer(id, 2, first, 'This.'))
  value(service.ask(id, 3, { exchangeId: second, text: 'Why?', details: null }))
  value(service.saveDraft(id, { exchangeId: second, text: 'Because', seenRevision: 0 }))
  value(service.saveDraft(id, { exchangeId: first, text: 'That.', seenRevision: 0 }))
  value(service.answer(id, 4, first, 'That, rather.'))
  expect(service.get(id)?.drafts).toMatchObject([{ exchange_id: second, text: 'Because' }])
})

test('a stale write is refused and changes nothing', () => {
  const { service, ids, storage } = interviews()
  const { id } = service.start(about)
  const exchangeId = ids.next()
  value(service.ask(id, 1, { exchangeId, text: 'Why?', details: null }))
  const before = storage.all('SELECT * FROM interview_exchanges')
  expect(service.answer(id, 1, exchangeId, 'From an old window.')).toMatchObject({ error: { code: 'stale' } })
  expect(service.saveDraft(id, { exchangeId, text: 'a', seenRevision: 4 })).toMatchObject({ error: { code: 'stale' } })
  expect(storage.all('SELECT * FROM interview_exchanges')).toEqual(before)
  expect(service.get(id)?.revision).toBe(2)
})

test('the same question or answer after a crash is not there twice', () => {
  const { service, ids } = interviews()
  const { id } = service.start(about)
  const exchangeId = ids.next()
  for (let attempt = 0; attempt < 3; attempt++)
    value(service.ask(id, 1, { exchangeId, text: 'What stayed?', details: null }))
  for (let attempt = 0; attempt < 3; attempt++) value(service.answer(id, 2, exchangeId, 'This.'))
  expect(service.get(id)).toMatchObject({ revision: 3, exchanges: [{ answer: 'This.' }] })
})

test('time-out and typing: a session in which something is typed is not abandoned', () => {
  const { service, ids, time } = interviews()
  const [typing, idle] = [service.start(about), service.start(about)]
  const exchangeId = ids.next()
  value(service.ask(typing.id, 1, { exchangeId, text: 'What?', details: null }))
  time.ms += 8 * 86_400_000
  value(service.saveDraft(typing.id, { exchangeId, text: 'Hm', seenRevision: 0 }))
  expect(service.abandonIdle(time.ms - 7 * 86_400_000)).toEqual([idle.id])
  expect(service.abandonIdle(time.ms - 7 * 86_400_000)).toEqual([])
  expect(service.get(typing.id)?.state).toBe('active')
  expect(service.answer(idle.id, 2, exchangeId, 'Late')).toMatchObject({ error: { code: 'session-ended' } })
  // Resumed, it goes on.
  expect(value(service.setState(idle.id, 2, 'active'))).toMatchObject({ state: 'active', revision: 3 })
})

test('a row that rotted is kept, told, and not built upon', () => {
  const { service, ids, storage } = interviews()
  const { id } = service.start(about)
  const exchangeId = ids.next()
  value(service.ask(id, 1, { exchangeId, text: 'What?', details: null }))
  storage.writeUnaudited((tx) => tx.run("UPDATE interview_exchanges SET question = 'Whut?'"))
  expect(service.get(id)?.exchanges[0]).toMatchObject({ question: 'Whut?', intact: false })
  expect(service.answer(id, 2, exchangeId, 'Yes')).toMatchObject({ error: { code: 'damaged' } })
  storage.writeUnaudited((tx) => tx.run("UPDATE interview_sessions SET state = 'completed'"))
  expect(service.get(id)).toMatchObject({ intact: false })
  expect(service.setState(id, 2, 'paused')).toMatchObject({ error: { code: 'damaged' } })
})

test('two processes on one session: each revision is won once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-interviews-'))
  const [here, there] = [interviews(join(folder, 'inkwell.db')), interviews(join(folder, 'inkwell.db'))]
  const { id } = here.service.start(about)
  for (let turn = 1; turn <= 20; turn++) {
    const outcomes = [here, there].map(({ service, ids }) =>
      service.ask(id, turn, { exchangeId: ids.next(), text: `Question ${turn}`, details: null }),
    )
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, false])
  }
  expect(there.service.get(id)?.exchanges.map(({ position }) => position)).toEqual(
    Array.from({ length: 20 }, (_, at) => at + 1),
  )
  here.storage.close()
  there.storage.close()
  rmSync(folder, { recursive: true })
})
