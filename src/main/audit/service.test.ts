import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuditEntry, AuditFilter } from '#shared/contract/audit.ts'
import type { Json } from '#shared/result.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import type { FileSystem } from '../storage/write-file.ts'
import { createAuditService } from './service.ts'
import { titleOf } from './words.ts'

let folder: string
let storage: Storage
const clock = { nowMs: 1_000, now: () => clock.nowMs }
const open = (): void => {
  const opened = openStorage(join(folder, 'inkwell.db'), { clock, origin: 'app' })
  if (!opened.ok) throw new Error(opened.error.message)
  storage = opened.value
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-audit-'))
  clock.nowMs = 1_000
  open()
})
afterEach(() => {
  storage.close()
  rmSync(folder, { recursive: true, force: true })
})

const service = (fs?: FileSystem) =>
  createAuditService({ reader: storage, clock, desktop: null, ...(fs ? { fs } : {}) })
const put = (action: string, subject: string, before: Json, after: Json): void =>
  storage.write(action, (tx) => tx.audit(subject, before, after))
const list = (filter: AuditFilter = {}, limit = 100) => service().list({ filter, limit })
const addFeed = (id: string, title: string, own = 'Own title'): number =>
  storage.writeUnaudited((tx) =>
    tx.run(
      `INSERT INTO feeds (id, kind, own_title, user_title, url_key, added_at_ms, state_kind, state_message, row_sha256)
       VALUES (?, 'rss', ?, ?, ?, 0, 'fine', '', '')`,
      [id, own, title, id],
    ),
  )

describe('the trail', () => {
  it('tells what was done, to what, from what to what', async () => {
    addFeed('f1', 'Signal Box')
    put('feeds.rename', 'feed:f1', { title: 'Old' }, { title: 'Signal Box' })
    expect((await list()).entries).toEqual([
      {
        id: 1,
        atMs: 1_000,
        action: 'feeds.rename',
        title: 'Feed renamed',
        subject: 'Signal Box',
        origin: 'app',
        summary: 'title: Old → Signal Box',
        beforeJson: '{"title":"Old"}',
        afterJson: '{"title":"Signal Box"}',
        intact: true,
      },
    ])
  })

  it('names what is gone by its id, and spells out an action it does not know', async () => {
    put('feeds.rename', 'feed:gone', null, null)
    put('timeMachine.goBack', 'machine:7', null, { years: 5 })
    expect((await list()).entries).toMatchObject([
      { title: 'Time machine: go back', subject: 'machine:7', summary: 'years: 5' },
      { subject: 'feed gone' },
    ])
  })

  it('says when a row is not as it was written', async () => {
    put('settings.set', 'setting:a', null, 1)
    put('settings.set', 'setting:b', null, 2)
    storage.writeUnaudited((tx) => tx.run("UPDATE audit SET after_json = '3' WHERE id = 1"))
    expect((await list()).entries.map(({ id, intact }) => [id, intact])).toEqual([
      [2, true],
      [1, false],
    ])
  })

  it('is found by the words a person sees, whatever a pattern would mean', async () => {
    addFeed('f1', 'Signal Box', 'The 100 % show')
    put('feeds.rename', 'feed:f1', { title: 'a_b' }, { title: 'said "so"' })
    put('jobs.start', 'job:1', null, { templates: ['summary'] })
    const found = async (text: string): Promise<string[]> => (await list({ text })).entries.map(({ action }) => action)
    for (const text of ['renamed', 'RENAMED', 'signal box', '100 %', 'a_b', '%', 'said', '"so', 'feeds.rename signal'])
      expect([text, await found(text)]).toEqual([text, ['feeds.rename']])
    for (const text of ['a%b', 'axb', 'renamed summary']) expect([text, await found(text)]).toEqual([text, []])
  })

  it('pages and filters as a plain list would, also with a clock that goes back', async () => {
    const row = fc.record({
      action: fc.constantFrom('feeds.add', 'feeds.rename', 'notes.write', 'jobs.start', 'noted.odd'),
      atMs: fc.integer({ min: 0, max: 6 }),
      word: fc.constantFrom('amber', 'birch', 'cedar'),
    })
    const filter = fc.record(
      {
        feature: fc.constantFrom('feeds', 'notes', 'note', 'none'),
        fromMs: fc.integer({ min: 0, max: 7 }),
        untilMs: fc.integer({ min: 0, max: 7 }),
        text: fc.constantFrom('amber', 'BIRCH', 'e', 'feeds', 'started', 'renamed birch'),
      },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 25 }),
        filter,
        fc.integer({ min: 1, max: 4 }),
        async (rows, by, limit) => {
          storage.close()
          rmSync(folder, { recursive: true, force: true })
          open()
          for (const { action, atMs, word } of rows) {
            clock.nowMs = atMs
            put(action, 'x:y', null, { word })
          }
          const { feature, fromMs, untilMs, text } = by
          const words = (text ?? '').toLowerCase().split(' ')
          const expected = rows
            .map((one, index) => ({ ...one, id: index + 1 }))
            .filter(
              ({ action, atMs, word }) =>
                (feature === undefined || action.split('.')[0] === feature) &&
                (fromMs === undefined || atMs >= fromMs) &&
                (untilMs === undefined || atMs < untilMs) &&
                words.every((part) =>
                  [`${action} x:y ${JSON.stringify({ word })}`, titleOf(action)].some((place) =>
                    place.toLowerCase().includes(part),
                  ),
                ),
            )
            .toSorted((a, b) => b.atMs - a.atMs || b.id - a.id)
            .map(({ id }) => id)
          const audit = service()
          const found: AuditEntry[] = []
          for (;;) {
            const beforeId = found.at(-1)?.id
            const page = await audit.list({ filter: by, limit, ...(beforeId === undefined ? {} : { beforeId }) })
            expect(page.total).toBe(expected.length)
            expect(page.features).toEqual([...new Set(rows.map(({ action }) => action.split('.')[0]))].toSorted())
            found.push(...page.entries)
            if (page.entries.length < limit) break
          }
          expect(found.map(({ id }) => id)).toEqual(expected)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('the export', () => {
  const path = (name: string): string => join(folder, name)

  it('in JSON holds every row in full, newest first', async () => {
    for (let index = 0; index < 600; index++) put('settings.set', `setting:${index}`, index, { index })
    expect(await service().exportFile(path('out.json'), { filter: {}, format: 'json' })).toEqual({
      ok: true,
      value: { entries: 600 },
    })
    const { schema_version, entries } = JSON.parse(readFileSync(path('out.json'), 'utf8'))
    expect(schema_version).toBe(1)
    expect(entries).toHaveLength(600)
    expect(entries[0]).toMatchObject({ id: 600, before: 599, after: { index: 599 }, at: '1970-01-01T00:00:01.000Z' })
  })

  it('in CSV gives a spreadsheet nothing to run', async () => {
    const attacks = ['=1+1', '+1', '-1', '@sum', '\t=1', '\r=1', '=cmd|" /c calc"!A0']
    for (const attack of attacks) put('templates.save', `template:${attack}`, attack, null)
    put('settings.set', 'setting:plain', null, 'with "quotes", commas\nand lines')
    await service().exportFile(path('out.csv'), { filter: {}, format: 'csv' })
    const cells = readCsv(readFileSync(path('out.csv'), 'utf8').replace('\uFEFF', ''))
    expect(cells).toHaveLength(attacks.length + 2)
    expect(cells.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
    expect(cells.map((line) => line[4])).toEqual(expect.arrayContaining(["'=1+1", "'@sum", "'-1"]))
    expect(cells[1]![8]).toBe('"with \\"quotes\\", commas\\nand lines"')
  })

  it('that fails leaves what was there, and nothing beside it', async () => {
    put('settings.set', 'setting:a', null, 1)
    writeFileSync(path('out.json'), 'mine')
    const full = {
      ...nodeFs,
      rename: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })),
    } as FileSystem
    expect(await service(full).exportFile(path('out.json'), { filter: {}, format: 'json' })).toMatchObject({
      ok: false,
      error: { code: 'export-failed', retryable: true },
    })
    expect(readFileSync(path('out.json'), 'utf8')).toBe('mine')
    expect(readdirSync(folder).filter((name) => name.includes('.tmp'))).toEqual([])
  })

  it('asks where to, and does nothing when the user leaves', async () => {
    put('settings.set', 'setting:a', null, 1)
    const asking = (answer: string | null) =>
      createAuditService({ reader: storage, clock, desktop: { chooseSavePath: async () => answer } })
    expect(await asking(null).exportTo({ filter: {}, format: 'csv' })).toEqual({ ok: true, value: null })
    expect(await asking(path('history.csv')).exportTo({ filter: {}, format: 'csv' })).toEqual({
      ok: true,
      value: { fileName: 'history.csv', entries: 1 },
    })
  })
})

/** A reader of its own, after RFC 4180. */
function readCsv(text: string): string[][] {
  const lines: string[][] = [[]]
  for (const [, cell, end] of text.matchAll(/"((?:[^"]|"")*)"(,|\r\n)/g)) {
    lines.at(-1)!.push(cell!.replaceAll('""', '"'))
    if (end !== ',') lines.push([])
  }
  return lines.filter((line) => line.length > 0)
}
