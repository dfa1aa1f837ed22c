import { expect, it } from 'vitest'
import type { IntakeItem } from '#shared/contract/intake.ts'
import { doneWords, verbOf, whereTo } from './intake-words.ts'
import { opmlWords } from './opml-words.ts'

const item = (action: IntakeItem['action']): IntakeItem => ({
  kind: 'feed',
  title: '',
  sentence: '',
  action,
  costMicroUsd: 0,
})

it('names on the button what will happen', () => {
  expect(verbOf([item('add-feed')])).toBe('Add feed')
  expect(verbOf([item('add-feed'), item('add-feed')])).toBe('Add feeds')
  expect(verbOf([item('make-notes'), item('make-notes'), item('none')])).toBe('Make notes')
  expect(verbOf([item('make-notes'), item('store'), item('none')])).toBe('Take all 2')
  expect(verbOf([item('none')])).toBeNull()
  expect(verbOf([])).toBeNull()
})

it('says afterwards what was done, and nothing where nothing was', () => {
  const none = { feedIds: [], episodeIds: [], jobIds: [] }
  expect(doneWords({ ...none, feedIds: ['f'] }, [])).toBe('1 feed added.')
  expect(doneWords({ ...none, episodeIds: ['e'], jobIds: ['j'] }, [])).toBe('Notes are being made.')
  const mixed = { ...none, episodeIds: ['a', 'b'], jobIds: ['j'] }
  expect(doneWords(mixed, [])).toBe('Notes are being made. 1 recording stored.')
  expect(doneWords(none, [item('import-opml')])).toBe('No new feed was in the list.')
  expect(doneWords(none, [])).toBeNull()
})

it('knows where that can be seen', () => {
  const none = { feedIds: [], episodeIds: [], jobIds: [] }
  expect(whereTo({ ...none, feedIds: ['f'] })).toBe('/feeds/f')
  expect(whereTo({ ...none, episodeIds: ['e'], jobIds: ['j'] })).toBe('/episodes/e')
  expect(whereTo({ ...none, episodeIds: ['a', 'b'], jobIds: ['j', 'k'] })).toBe('/activity')
  expect(whereTo({ ...none, episodeIds: ['a', 'b'] })).toBe('/feeds')
})

it('tells of an OPML file what came and which lines did not', () => {
  const line = (number: number) => ({
    line: number,
    title: null,
    urlDisplay: null,
    outcome: 'failed' as const,
    message: 'There is no address.',
  })
  expect(opmlWords({ added: 12, alreadyFollowed: 2, failed: 0, lines: [] })).toBe(
    '12 feeds added. 2 were followed already.',
  )
  expect(opmlWords({ added: 0, alreadyFollowed: 0, failed: 1, lines: [line(14)] })).toBe(
    '0 feeds added. 1 could not be taken (line 14: There is no address).',
  )
})
