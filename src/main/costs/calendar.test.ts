import { expect, test } from 'vitest'
import { createCalendar, dayMs, dayName, firstDayOf, monthName, monthOfDay } from './calendar.ts'

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/Sao_Paulo',
  'Asia/Beirut',
]

test.each(zones)('in %s each day begins where the one before ends', (zone) => {
  const calendar = createCalendar(zone)
  const first = calendar.dayOf(Date.UTC(2015, 0, 3))
  let lengths = new Set<number>()
  for (let day = first; day < first + 800; day++) {
    const start = calendar.dayStart(day)
    expect(calendar.dayOf(start), dayName(day)).toBe(day)
    expect(calendar.dayOf(start - 1), dayName(day)).toBe(day - 1)
    lengths = lengths.add((calendar.dayStart(day + 1) - start) / 3_600_000)
  }
  expect([...lengths].every((hours) => [23, 24, 25].includes(hours))).toBe(true)
})

test('summer time makes a day of 23 hours, winter time one of 25', () => {
  const berlin = createCalendar('Europe/Berlin')
  const hours = (at: number): number => {
    const day = berlin.dayOf(at)
    return (berlin.dayStart(day + 1) - berlin.dayStart(day)) / 3_600_000
  }
  expect(hours(Date.UTC(2026, 2, 29, 12))).toBe(23)
  expect(hours(Date.UTC(2026, 9, 25, 12))).toBe(25)
  expect(dayName(berlin.dayOf(Date.UTC(2026, 10, 30, 23)))).toBe('2026-12-01')
  expect(monthName(monthOfDay(berlin.dayOf(Date.UTC(2026, 11, 31, 23))))).toBe('2027-01')
  expect(dayName(firstDayOf(monthOfDay(berlin.dayOf(Date.UTC(2024, 1, 29, 23)))))).toBe('2024-03-01')
})

test.each(zones)('the stretches of %s leave no moment out and give each the day that dayOf gives', (zone) => {
  const calendar = createCalendar(zone)
  const [from, to] = [Date.UTC(2016, 0, 5, 7), Date.UTC(2019, 6, 1, 3)]
  const stretches = calendar.stretches(from, to)
  expect(stretches[0]!.fromMs).toBe(from)
  expect(stretches.at(-1)!.toMs).toBe(to)
  for (const [at, { fromMs, toMs, offsetMs }] of stretches.entries()) {
    expect(stretches[at + 1]?.fromMs ?? to).toBe(toMs)
    for (const moment of [fromMs, Math.floor((fromMs + toMs) / 2), toMs - 1])
      expect(Math.trunc((moment + offsetMs) / dayMs)).toBe(calendar.dayOf(moment))
  }
  // Whatever they begin and end with.
  const all = stretches.flatMap((stretch) => [stretch.fromMs, stretch.toMs])
  for (let end = to; end > to - 40 * dayMs; end -= 0.9 * dayMs)
    for (const stretch of calendar.stretches(end - 33 * dayMs, end))
      expect(all.some((at) => at === stretch.toMs) || stretch.toMs === end).toBe(true)
  const change = calendar.stretches(from, to)[1]?.fromMs
  if (change !== undefined)
    for (const days of [0.1, 1, 6.9, 7, 7.1, 20])
      for (const after of [1, 3_600_000, dayMs, 6.99 * dayMs])
        expect(calendar.stretches(change - Math.round(days * dayMs), change + Math.round(after))).toHaveLength(2)
})

test('times of a broken clock and zones nobody knows are UTC', () => {
  expect(createCalendar('Nowhere/At_All').zone).toBe('UTC')
  const calendar = createCalendar('Europe/Berlin')
  for (const atMs of [-1, -8e15, 8.64e15, 9e15, Date.UTC(2100, 5)])
    expect(calendar.dayOf(atMs)).toBe(Math.trunc(atMs / dayMs))
  const stretches = calendar.stretches(-5, 9e15)
  expect(stretches[0]).toEqual({ fromMs: -5, toMs: 0, offsetMs: 0 })
  expect(stretches.at(-1)!.toMs).toBe(9e15)
})
