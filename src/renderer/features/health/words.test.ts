import { expect, it } from 'vitest'
import type { BackupStatus } from '#shared/contract/backup.ts'
import { fieldsOf, fromMsOf } from './audit-words.ts'
import { habitOf, slotsToShow } from './backup-words.ts'
import { isSameWord, twoPlaces, wordsOf } from './kit-words.ts'
import { byteOptions, dayOptions, limitOf, optionOf } from './retention-words.ts'

const slot = (label: string, state: BackupStatus['slots'][number]['state']) => ({
  label,
  state,
  fileName: null,
  reason: null,
})
const status: BackupStatus = {
  folder: '/backups',
  sameDisk: false,
  automatic: true,
  encrypted: false,
  withMedia: false,
  keep: { daily: 7, weekly: 4, monthly: 6 },
  slots: [slot('Today', 'kept'), slot('Sun', 'before-first'), slot('Sat', 'missed'), slot('Oct', 'before-first')],
  lastProblem: null,
  previous: null,
  running: null,
}

it('asks for two different words, in order', () => {
  for (let round = 0; round < 200; round++) {
    const [first, second] = twoPlaces(12)
    expect(first).toBeGreaterThanOrEqual(0)
    expect(second).toBeGreaterThan(first)
    expect(second).toBeLessThan(12)
  }
  expect(twoPlaces(12, () => 0.999)).toEqual([10, 11])
})

it('takes a word typed from paper, with other case or blanks', () => {
  expect(wordsOf(' harbour  lantern\noats ')).toEqual(['harbour', 'lantern', 'oats'])
  expect(isSameWord(' Harbour ', 'harbour')).toBe(true)
  expect(isSameWord('harbor', 'harbour')).toBe(false)
})

it('shows changed fields first, with both sides', () => {
  const fields = fieldsOf({
    beforeJson: JSON.stringify({ theme: 'auto', budget: 12 }),
    afterJson: JSON.stringify({ theme: 'auto', budget: 15, files: ['a.md'] }),
  })
  expect(fields.map(({ name, changed }) => [name, changed])).toEqual([
    ['budget', true],
    ['files', true],
    ['theme', false],
  ])
  expect(fields[0]).toMatchObject({ before: '12', after: '15' })
  expect(fieldsOf({ beforeJson: '"old"', afterJson: null })).toEqual([
    { name: '', before: 'old', after: null, changed: true },
  ])
  expect(fieldsOf({ beforeJson: null, afterJson: '{broken' })[0]).toMatchObject({ after: '{broken' })
  expect(fieldsOf({ beforeJson: null, afterJson: null })).toEqual([])
})

it('turns a span into its start', () => {
  expect(fromMsOf('any', 1_000)).toBeUndefined()
  expect(fromMsOf('7', 8 * 86_400_000)).toBe(86_400_000)
})

it('offers the limit in force beside the usual ones', () => {
  expect(dayOptions(45).map(({ label }) => label)).toContain('After 45 days')
  expect(dayOptions(365).filter(({ value }) => value === '365')).toEqual([{ value: '365', label: 'After 1 year' }])
  expect(byteOptions(3_000_000_000).map(({ label }) => label)).toContain('Up to 3.0 GB')
  expect(limitOf(optionOf(null))).toBeNull()
  expect(limitOf(optionOf(90))).toBe(90)
})

it('draws the slots up to the oldest that says something', () => {
  expect(slotsToShow(status).map(({ label }) => label)).toEqual(['Today', 'Sun', 'Sat'])
  expect(slotsToShow({ ...status, slots: [slot('Today', 'before-first')] })).toEqual([])
})

it('says how backups are made', () => {
  expect(habitOf(status)).toBe(
    'Made every day, not encrypted, without recordings. 7 days, 4 weeks and 6 months are kept.',
  )
  expect(habitOf({ ...status, automatic: false, encrypted: true })).toBe(
    'Made only when you choose it, encrypted, without recordings.',
  )
})
