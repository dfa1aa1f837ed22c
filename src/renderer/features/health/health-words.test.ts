import { expect, it } from 'vitest'
import type { Finding, HealthReport } from '#shared/contract/health.ts'
import { agoWords, checkLines, dateAndTime, needsYou, onDate, verdictOf } from './health-words.ts'

const noon = new Date(2026, 10, 23, 12).getTime()
const minute = 60_000
const finding = (id: string, severity: Finding['severity']): Finding => ({
  id,
  check: 'notes',
  severity,
  title: id,
  detail: null,
  subjects: [],
  subjectCount: 0,
  mendLabel: null,
  page: null,
})
const report = (...severities: Finding['severity'][]): HealthReport => ({
  atMs: noon,
  full: true,
  durationMs: 1,
  checks: [
    { check: 'database', title: 'Database', facts: 'all match', state: 'ok', findings: [] },
    {
      check: 'notes',
      title: 'Notes',
      facts: '',
      state: 'findings',
      findings: severities.map((severity, index) => finding(`f${index}`, severity)),
    },
  ],
  findingCount: severities.length,
  errorCount: severities.filter((one) => one === 'error').length,
  left: [],
})

it('says how long ago something was', () => {
  expect(agoWords(noon - 20_000, noon)).toBe('just now')
  expect(agoWords(noon - 12 * minute, noon)).toBe('12 min ago')
  expect(agoWords(noon - 23 * 60 * minute, noon)).toBe('23 h ago')
  expect(agoWords(noon - 25 * 60 * minute, noon)).toBe('yesterday')
  expect(agoWords(noon - 7 * 24 * 60 * minute, noon)).toBe('on 16 Nov')
})

it('writes a date inside a sentence, and one with its time', () => {
  expect(onDate(noon, noon)).toBe('today, 12:00')
  expect(onDate(noon - 24 * 60 * minute, noon)).toBe('yesterday')
  expect(onDate(noon - 7 * 24 * 60 * minute, noon)).toBe('on 16 Nov')
  expect(dateAndTime(noon, noon)).toBe('Today, 12:00')
  expect(dateAndTime(noon - 7 * 24 * 60 * minute, noon)).toBe('16 Nov, 12:00')
})

it('names loss before anything else, and asks for nothing where nothing is to do', () => {
  expect(verdictOf(report())).toEqual({ words: 'No findings.', tone: 'ok' })
  expect(verdictOf(report('warning', 'info'))).toEqual({ words: '2 findings, nothing lost.', tone: 'warn' })
  expect(verdictOf(report('info'))).toEqual({ words: '1 finding, nothing lost.', tone: 'ok' })
  expect(verdictOf(report('warning', 'error'))).toEqual({ words: '2 findings, 1 damaged or lost.', tone: 'bad' })
  expect(needsYou(report('info', 'warning', 'error'))).toBe(2)
})

it('lists damage first, then as in the report; a check with findings is not also passed', () => {
  const ids = checkLines(report('warning', 'error')).map((line) =>
    line.kind === 'finding' ? line.finding.id : line.check.check,
  )
  expect(ids).toEqual(['f1', 'database', 'f0'])
})
