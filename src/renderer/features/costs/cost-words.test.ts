import { expect, it } from 'vitest'
import {
  coloursOf,
  dollarsField,
  formatCharge,
  formatSum,
  formatUnit,
  middleOf,
  offBy,
  parseDollars,
  purposeOf,
  wentIn,
} from './cost-words.ts'

it('never shows what is not known, or what is small, as $0', () => {
  expect([null, 0, 20_312, 12, 50].map(formatCharge)).toEqual([
    'unknown',
    'free',
    '$0.0203',
    'under $0.0001',
    '$0.0001',
  ])
  expect([0, 400, 6_420_000, 1_234_500_000].map(formatSum)).toEqual(['$0.00', 'under $0.01', '$6.42', '$1,234.50'])
  expect([0, 40, 22_100, 110_000, 1_500_000].map(formatUnit)).toEqual([
    'free',
    'under $0.001',
    '$0.022',
    '$0.11',
    '$1.50',
  ])
})

it('compares with the middle of an estimate, and says nothing where there is none', () => {
  expect(middleOf({ lowMicroUsd: 10, highMicroUsd: 20, reason: '' })).toBe(15)
  expect(middleOf({ lowMicroUsd: null, highMicroUsd: null, reason: '' })).toBeNull()
  expect([offBy(20_300, 21_000), offBy(100, 92), offBy(100_000, 98_200, 1), offBy(1_000, 1_001)]).toEqual([
    '+3 %',
    '−8 %',
    '−1.8 %',
    '0 %',
  ])
  expect([offBy(null, 5), offBy(0, 5), offBy(5, null)]).toEqual(['', '', ''])
})

it('reads sums of dollars exactly, and nothing else', () => {
  expect(['15', '$15.00', ' 0,075 ', '', '.5', '1e3', '-1', '9999999'].map(parseDollars)).toEqual([
    15_000_000,
    15_000_000,
    75_000,
    null,
    'not-a-sum',
    'not-a-sum',
    'not-a-sum',
    'not-a-sum',
  ])
  for (const sum of [15_000_000, 75_000, 1, 1_230_000]) expect(parseDollars(dollarsField(sum))).toBe(sum)
  expect(dollarsField(15_000_000)).toBe('15.00')
})

it('gives each other server a shade of its own', () => {
  const colours = coloursOf(['claude', 'ollama', 'openrouter', 'offline'])
  expect(new Set(colours.values()).size).toBe(4)
  expect(colours.get('offline')).toBe('var(--ik-series4)')
})

it('names what a charge was for, and what went in', () => {
  const titles = new Map([['key-ideas', 'Key ideas']])
  expect(purposeOf({ operation: 'extraction', templateName: 'key-ideas' }, titles)).toBe('Key ideas')
  expect(purposeOf({ operation: 'transcription', templateName: null }, titles)).toBe('Transcript')
  expect(wentIn({ inputTokens: 14_212, audioSeconds: null })).toBe('14,212')
  expect(wentIn({ inputTokens: null, audioSeconds: 3_960 })).toBe('1 h 6')
})
