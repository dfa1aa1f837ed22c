import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFeedDate } from './dates.ts'
import { parseDuration } from './durations.ts'

const nowMs = Date.UTC(2026, 0, 1)
const read = (text: string): string | null => {
  const ms = parseFeedDate(text, nowMs)
  return ms === null ? null : new Date(ms).toISOString().replace('.000Z', 'Z')
}

describe('dates of feeds', () => {
  it.each([
    ['Fri, 02 May 2014 10:10:00 +0200', '2014-05-02T08:10:00Z'],
    ['02-May-2014 10:10:00 GMT', '2014-05-02T10:10:00Z'],
    ['Friday, May 2nd, 2014 10:10 PM', '2014-05-02T22:10:00Z'],
    ['May 2, 2014 12:05 am', '2014-05-02T00:05:00Z'],
    ['Fri May  2 10:10:00 EDT 2014', '2014-05-02T14:10:00Z'],
    ['2 de mayo de 2014 10:10', '2014-05-02T10:10:00Z'],
    ['2. Mai 2014, 10:10 Uhr', '2014-05-02T10:10:00Z'],
    ['Пт, 02 май 2014 10:10:00 +0400', '2014-05-02T06:10:00Z'],
    ['20140502T101000Z', '2014-05-02T10:10:00Z'],
    ['2014-05-02T10:10:00-04:00', '2014-05-02T14:10:00Z'],
    ['2014/05/02 10:10', '2014-05-02T10:10:00Z'],
    ['2.5.2014 10:10', '2014-05-02T10:10:00Z'],
    ['05/02/2014', '2014-05-02T00:00:00Z'],
    ['25/02/2014', '2014-02-25T00:00:00Z'],
    ['20140502T101055Z', '2014-05-02T10:10:55Z'],
    ['Fri, 02 May 2014 10:10:00 America/New_York', '2014-05-02T14:10:00Z'],
    ['Fri, 10 Jan 2014 10:10:00 America/New_York', '2014-01-10T15:10:00Z'],
    ['Fri, 02 May 2014 10:10:00 Nowhere/Atlantis', '2014-05-02T10:10:00Z'],
    ['Fri, 02 May 2014 10:10:00 ET', '2014-05-02T14:10:00Z'],
    ['Friday, May 2, 2014 - 10:10pm', '2014-05-02T22:10:00Z'],
    ['Fri, 02 05 2014 10:10:00 +0200', '2014-05-02T08:10:00Z'],
    ['05/02/14 10:10:00', '2014-05-02T10:10:00Z'],
    ['2.5.14', '2014-05-02T00:00:00Z'],
    ['14-05-02', null],
    ['2014年5月2日 10:10', '2014-05-02T10:10:00Z'],
    ['2014년 05월 02일 오후 10:10:30', '2014-05-02T22:10:30Z'],
    ['Παρ, 02 Μάι 2014 10:10:00 GMT', '2014-05-02T10:10:00Z'],
    ['Fri, 02 May 2014 16:10:00 A', '2014-05-02T16:10:00Z'],
    ['1399025400', '2014-05-02T10:10:00Z'],
    ['1399025400000', '2014-05-02T10:10:00Z'],
    ['Fri, 02 May 2014 24:00:00 GMT', '2014-05-03T00:00:00Z'],
    ['Fri, 02 May 114 10:10:00 GMT', '2014-05-02T10:10:00Z'],
    ['29 Feb 2016', '2016-02-29T00:00:00Z'],
    ['Tue, 01 Jul 2025 05:00:00 -0000', '2025-07-01T05:00:00Z'],
    ['29 Feb 2015', null],
    ['yesterday', null],
    ['Fri, 02 Foo 2014', null],
    ['0', null],
    ['2014', null],
    ['', null],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected))

  it('reads back every date as RFC 822 and ISO 8601 write it', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1990, 0, 1) / 1000, max: nowMs / 1000 }), (seconds) => {
        const date = new Date(seconds * 1000)
        expect(parseFeedDate(date.toUTCString(), nowMs)).toBe(seconds * 1000)
        expect(parseFeedDate(date.toISOString(), nowMs)).toBe(seconds * 1000)
        expect(parseFeedDate(date.toISOString().replace('.000', ''), nowMs)).toBe(seconds * 1000)
      }),
    )
  })
  it('says nothing rather than something absurd, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 120 }), fc.stringMatching(/^[0-9A-Za-z ,:+./-]{0,60}$/)), (text) => {
        const ms = parseFeedDate(text, nowMs)
        expect(ms === null || (ms >= Date.UTC(1990, 0, 1) && ms <= nowMs + 733 * 86_400_000)).toBe(true)
        const seconds = parseDuration(text)
        expect(seconds === null || (Number.isInteger(seconds) && seconds > 0 && seconds <= 604_800)).toBe(true)
      }),
    )
  })
})

describe('durations', () => {
  it.each([
    ['5400', 5400],
    ['90:00', 5400],
    ['1:30:00', 5400],
    ['1:02:03', 3723],
    ['0:0:9', 9],
    ['01:02:03.7', 3724],
    ['PT1H2M3S', 3723],
    ['P1DT1S', 86_401],
    ['1h 5m', 3900],
    ['1 hr 5 min 3 sec', 3903],
    ['12 minutes', 720],
    [' 90 ', 90],
    ['0', null],
    ['', null],
    ['-1', null],
    ['1:60:00', null],
    ['PT', null],
    ['h', null],
    ['1e5', null],
    ['1,5,3', null],
  ])('%s', (text, expected) => expect(parseDuration(text)).toBe(expected))
})
