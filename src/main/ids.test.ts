import { expect, it } from 'vitest'
import { createIds } from './ids.ts'

it('makes UUIDv7 that sort by time, also within a millisecond and when the clock goes back', () => {
  let now = 1_700_000_000_000
  const ids = createIds({ now: () => now })
  const made = Array.from({ length: 10_000 }, (_, index) => {
    if (index === 5_000) now -= 60_000
    return ids.next()
  })
  expect(made).toEqual([...made].sort())
  expect(new Set(made).size).toBe(made.length)
  expect(made[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
