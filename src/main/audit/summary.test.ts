import { describe, expect, it } from 'vitest'
import { summaryOf } from './summary.ts'

const summary = (before: unknown, after: unknown): string =>
  summaryOf(before === undefined ? null : JSON.stringify(before), after === undefined ? null : JSON.stringify(after))
const uuid = '0190c9f2-7b3a-7c1d-8e4f-0123456789ab'

describe('a change in one line', () => {
  it.each([
    [undefined, undefined, ''],
    [{ paused: false, title: 'Same' }, { paused: true, title: 'Same' }, 'paused: no → yes'],
    [{ title: 'Old' }, undefined, 'title: Old'],
    [undefined, { episodes: 12_345, guid: null }, 'episodes: 12,345'],
    [{ removedAtMs: 0 }, { removedAtMs: null }, 'removed: 1970-01-01 00:00 → none'],
    [undefined, { costMicroUsd: 1_500 }, 'cost: $0.0015'],
    ['dark', 'light', 'dark → light'],
    [undefined, { episodeId: uuid }, ''],
    [undefined, { ids: [uuid, uuid, uuid] }, 'ids: 3'],
    [undefined, { templates: ['summary', 'quotes'] }, 'templates: summary, quotes'],
    [undefined, { sha256: 'ab'.repeat(32) }, ''],
    [{ sha256: 'ab'.repeat(32) }, { sha256: 'cd'.repeat(32) }, ''],
    [undefined, { costMicroUsd: 0 }, 'cost: free'],
    [undefined, { costMicroUsd: null }, 'cost: unknown'],
    [undefined, { yaml: 'name: x\nprompt: y\n' }, 'yaml: 18 characters'],
  ])('%j → %j', (before, after, line) => {
    expect(summary(before, after)).toBe(line)
  })

  it('shows a damaged row as it is, and ends long ones', () => {
    expect(summaryOf('{"title":', null)).toContain('{"title":')
    expect(
      summary(undefined, Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`name${at}`, at]))).length,
    ).toBe(240)
  })
})
