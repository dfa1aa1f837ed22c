import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createStorageNotices } from './notices.ts'
import { openStorage } from './storage.ts'

const notice = { kind: 'disk-full', title: 'The disk is full', detail: 'Free some space.', keptIn: null } as const

it('keeps what befell the database, once an hour for the same, until it is seen; also while a transaction runs', async () => {
  const clock = { nowMs: 1_000, now: () => clock.nowMs }
  const opened = openStorage(':memory:', { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  let changes = 0
  const notices = createStorageNotices({ storage: opened.value, clock, onChange: () => (changes += 1) })
  opened.value.writeUnaudited(() => notices.add(notice))
  expect(notices.list()).toMatchObject([{ id: -1, title: 'The disk is full', seenAtMs: null }])
  await nextTurn()
  notices.add(notice)
  await nextTurn()
  expect(notices.list()).toMatchObject([{ id: 1, atMs: 1_000 }])
  clock.nowMs += 3_700_000
  notices.add(notice)
  await nextTurn()
  expect(notices.list()).toMatchObject([{ id: 2 }, { id: 1 }])
  notices.markSeen(1)
  expect(notices.list()[1]).toMatchObject({ id: 1, seenAtMs: clock.nowMs })
  expect(changes).toBe(4)
  opened.value.close()
  // The database takes nothing: it stays on the list.
  notices.add({ ...notice, kind: 'damaged' })
  await nextTurn()
  expect(notices.list()).toMatchObject([{ kind: 'damaged' }])
})
