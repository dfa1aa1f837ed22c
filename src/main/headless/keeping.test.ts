import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runIn } from './testing.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-keeping-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const inkwell = (line: string) => runIn(folder, line.split(' '))

describe('inkwell retention and inkwell audit', () => {
  it('show, change and sweep, and the trail tells it', async () => {
    expect(await inkwell('retention')).toMatchObject({
      code: 0,
      out: expect.stringContaining('transcripts         90 days'),
    })
    expect(await inkwell('retention set transcripts 30')).toMatchObject({
      code: 0,
      out: 'Transcripts that can be fetched again: 30 days.\n',
    })
    expect(await inkwell('retention set media 20GB')).toMatchObject({ out: 'Recordings: at most 20.0 GB.\n' })
    expect(await inkwell('retention set media never')).toMatchObject({ out: 'Recordings: kept.\n' })
    expect(await inkwell('retention preview')).toMatchObject({ code: 0, out: 'Nothing is old enough to go.\n' })
    expect(await inkwell('retention sweep')).toMatchObject({
      code: 2,
      err: 'Nothing was swept. Say --yes to let go what is listed.\n',
    })
    expect(JSON.parse((await inkwell('retention sweep --yes --json')).out)).toMatchObject({
      ok: true,
      command: 'retention',
      data: { items: 0, bytes: 0 },
    })
    const { data } = JSON.parse((await inkwell('audit --json')).out)
    expect(data.total).toBe(4)
    expect(data.entries.map(({ action }: { action: string }) => action)).toEqual([
      'retention.agree',
      'retention.set',
      'retention.set',
      'retention.set',
    ])
    expect((await inkwell('audit --text recordings --limit 1')).out).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d {2}Keeping rule changed {2}Recordings {2}headless {2}max bytes: 20,000,000,000 → none\nThe newest 1 of 2 changes\.\n$/,
    )
    expect(await inkwell('audit --feature feeds --since 2020-01-01')).toMatchObject({
      code: 0,
      out: 'No change fits.\n',
    })
    expect(await inkwell('audit --out trail.csv')).toMatchObject({ code: 0 })
    expect(readFileSync(join(folder, 'trail.csv'), 'utf8').split('\r\n')).toHaveLength(6)
  })

  it.each([
    ['retention eat', 'There is no “retention eat”.'],
    ['retention show now', '“retention show” does not take “now”.'],
    ['retention preview --yes', '“retention preview” does not take --yes.'],
    ['retention set', 'Say which rule and how many days'],
    ['retention set notes 5', 'Say which rule and how many days'],
    ['retention set media 0', '“0” is no number of days'],
    ['retention set media soon', '“soon” is no number of days'],
    ['audit --since yesterday', '--since needs a day such as 2026-03-14'],
    ['audit --limit none', '--limit needs a number above 0.'],
    ['audit --format xml', '--format is json or csv.'],
    ['audit --out x.csv --limit 5', '--out takes every change that fits; leave out --limit.'],
  ])('refuse “%s”', async (line, words) => {
    expect(await inkwell(line)).toMatchObject({ code: 2, err: expect.stringContaining(words) })
  })
})
