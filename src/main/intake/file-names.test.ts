import { expect, test } from 'vitest'
import { dateOfFileName, sidecarNames, titleOfFileName, titleOfText } from './file-names.ts'

test('titles from names', () => {
  expect(titleOfFileName('2026-04-08_how-a-tide-table_is_made.en.srt')).toBe('how a tide table is made')
  expect(titleOfFileName('Intro v1.5.mp3')).toBe('Intro v1.5')
  expect(titleOfFileName('Episode 12 - Tides.txt')).toBe('Episode 12 - Tides')
  expect(titleOfFileName('2026-04-08.mp3')).toBe('2026-04-08')
  expect(titleOfFileName('a\u202eb.mp3')).toBe('ab')
})

test('dates from names', () => {
  expect(dateOfFileName('2026-04-08 talk.mp3')).toBe(Date.UTC(2026, 3, 8))
  expect(dateOfFileName('talk_20260408.mp3')).toBe(Date.UTC(2026, 3, 8))
  expect(dateOfFileName('talk 2026-02-31.mp3')).toBeNull()
  expect(dateOfFileName('call 4420260408123.mp3')).toBeNull()
})

test('titles of pasted words', () => {
  expect(titleOfText('# Tides\n\nThe tide comes in.')).toBe('Tides')
  expect(titleOfText('The tide comes in twice a day, and nobody knows who wrote it down.')).toBe(
    'The tide comes in twice a day, and nobody…',
  )
})

test('what may lie beside a recording', () => {
  const names = [
    'talk.mp3',
    'talk.txt',
    'talk.en.srt',
    'talk.vtt',
    'talk.mp3.json',
    'talk.info.json',
    'talk2.srt',
    'talk.jpg',
    'talk.transcript.md',
  ]
  expect(sidecarNames('talk.mp3', names)).toEqual([
    'talk.vtt',
    'talk.mp3.json',
    'talk.txt',
    'talk.en.srt',
    'talk.transcript.md',
  ])
})
