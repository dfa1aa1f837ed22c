import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  fileTable,
  folderTable,
  historyTable,
  intentFileTable,
  intentTable,
  keptTable,
  putSealed,
} from '../notes/note-tables.ts'
import { sha256 } from '../notes/note-text.ts'
import type { SealedTable } from '../storage/seals.ts'
import { isReferenced, notesAreWhole } from './references.ts'
import {
  addEarlierText,
  daysAgo,
  hasFile,
  openRetentionHouse,
  putFile,
  type RetentionHouse,
} from './retention-testing.ts'

let house: RetentionHouse
beforeEach(() => {
  house = openRetentionHouse()
})
afterEach(() => house.close())

const oldDays = 400
const shaOf = (name: string): string => sha256(Buffer.from(name))
const pathOf = (name: string): string => `blobs/${shaOf(name).slice(0, 2)}/${shaOf(name)}`
const put = (name: string): void => putFile(house, pathOf(name), name, oldDays)
const seal = (table: SealedTable, row: object): void => house.storage.writeUnaudited((tx) => putSealed(tx, table, row))

/** One sealed row of each table of the notes, every column that can name a text naming one of its own. */
function furnish(): { named: string[]; done: string[] } {
  const ids = { folder_id: house.id(), file_id: house.id(), episode_id: house.id() }
  const at = daysAgo(house, 1)
  const [open, closed] = [house.id(), house.id()]
  seal(folderTable, {
    id: ids.folder_id,
    episode_id: ids.episode_id,
    feed_id: 'f',
    vault_path: '/v',
    podcast: 'p',
    name: 'n',
    unique_key: 'p/n',
    is_current: 1,
    made_at_ms: at,
  })
  seal(fileTable, {
    id: ids.file_id,
    folder_id: ids.folder_id,
    episode_id: ids.episode_id,
    kind: 'template',
    template_name: 'summary',
    file_name: 'summary.md',
    file_key: 'summary.md',
    state: 'edited',
    base_sha256: shaOf('base'),
    newer_file_name: 'summary (new).md',
    newer_sha256: shaOf('newer'),
    details_json: '{}',
    run_id: 'run',
    written_at_ms: at,
  })
  for (const [id, done_at_ms] of [
    [open, null],
    [closed, at],
  ] as const) {
    const word = done_at_ms === null ? 'open' : 'done'
    seal(intentTable, { ...ids, id, run_id: 'run', action: 'take', made_at_ms: at, done_at_ms })
    seal(intentFileTable, {
      intent_id: id,
      position: 0,
      file_id: ids.file_id,
      base_sha256: shaOf(`${word} base`),
      new_sha256: shaOf(`${word} new`),
      content_sha256: shaOf('content'),
      removes_sha256: shaOf(`${word} removes`),
      details_json: '{}',
      placeholder: 0,
    })
  }
  seal(historyTable, { ...ids, id: house.id(), file_name: 'summary.md', sha256: shaOf('earlier'), saved_at_ms: at })
  seal(keptTable, {
    ...ids,
    id: house.id(),
    target_path: '/v/p/n/summary.md',
    kept_path: '/v/p/n/.kept',
    sha256: shaOf('displaced'),
    new_sha256: shaOf('to take its place'),
    made_at_ms: at,
  })
  const named = ['base', 'newer', 'open base', 'open new', 'open removes', 'earlier', 'displaced', 'to take its place']
  const done = ['done base', 'done new', 'done removes']
  for (const name of [...named, ...done]) put(name)
  return { named, done }
}
async function sweep() {
  const service = house.service()
  const preview = await service.preview()
  expect(await service.sweep(preview.token)).toMatchObject({ ok: true, value: { items: preview.items } })
  return preview
}
const standing = (names: readonly string[]): string[] => names.filter((name) => hasFile(house, pathOf(name)))

describe('texts of notes', () => {
  it('stay while any column of the notes names them, and go when none does', async () => {
    const { named, done } = furnish()
    put('stray')
    expect((await sweep()).items).toBe(done.length + 1)
    expect(standing(named)).toEqual(named)
    expect(standing([...done, 'stray'])).toEqual([])
  })

  it.each([
    ['note_folders', 'podcast'],
    ['note_files', 'base_sha256'],
    ['note_intents', 'done_at_ms'],
    ['note_intent_files', 'new_sha256'],
    ['note_history', 'sha256'],
    ['note_kept', 'new_sha256'],
  ])('all stay, with the rows of earlier ones, while a row of %s is damaged', async (table, column) => {
    const { named, done } = furnish()
    const earlier = addEarlierText(house, 'long ago', oldDays)
    const { was } = house.storage.get<{ was: string | null }>(`SELECT ${column} AS was FROM ${table} LIMIT 1`)!
    const turn = (from: string | number | null, to: string | number | null): void =>
      house.storage.writeUnaudited((tx) => {
        tx.run(`UPDATE ${table} SET ${column} = ? WHERE ${column} IS ?`, [to, from])
      })
    const rotten = column === 'done_at_ms' ? 7 : 'rotten'
    turn(was, rotten)
    expect(await notesAreWhole(house.storage)).toBe(false)
    const preview = await sweep()
    expect(preview.items).toBe(0)
    for (const kind of ['kept-texts', 'leftovers'])
      expect(preview.kinds.find((one) => one.kind === kind)!.spared).toContain('while a record of the notes is damaged')
    expect(standing([...named, ...done])).toEqual([...named, ...done])
    expect(hasFile(house, earlier)).toBe(true)
    turn(rotten, was)
    expect((await sweep()).items).toBeGreaterThan(0)
    expect(hasFile(house, earlier)).toBe(false)
    expect(standing(named)).toEqual(named)
  })

  it('that a sweep forgot already come back when a row is damaged before they are gone', async () => {
    furnish()
    const [before, aside] = ['forgotten', 'put aside']
    for (const name of [before, aside]) put(name)
    const forget = (name: string): void =>
      house.storage.writeUnaudited((tx) => {
        tx.run('INSERT INTO sweep_files (path, bytes, forgotten_at_ms) VALUES (?, 1, 1)', [pathOf(name)])
      })
    forget(aside)
    // Killed behind the rename.
    let waited = false
    await house
      .service({
        wait: async () => {
          waited = true
          throw new Error('killed')
        },
      })
      .finish()
      .catch(() => {})
    expect([waited, hasFile(house, pathOf(aside))]).toEqual([true, false])
    forget(before)
    house.storage.writeUnaudited((tx) => tx.run("UPDATE note_kept SET target_path = 'rotten'"))
    expect(await house.service().finish()).toBe(true)
    expect(standing([before, aside])).toEqual([before, aside])
  })

  it('are looked for in all of many rows', async () => {
    house.storage.writeUnaudited((tx) => {
      for (let n = 0; n < 2_500; n++)
        putSealed(tx, historyTable, {
          id: house.id(),
          file_id: 'f',
          episode_id: 'e',
          file_name: 'summary.md',
          sha256: shaOf(`${n}`),
          saved_at_ms: n,
        })
    })
    expect(await notesAreWhole(house.storage)).toBe(true)
    house.storage.writeUnaudited((tx) =>
      tx.run("UPDATE note_history SET file_name = 'rotten' WHERE id = (SELECT max(id) FROM note_history)"),
    )
    expect(await notesAreWhole(house.storage)).toBe(false)
    expect(isReferenced(house.storage, pathOf('2499'))).toBe(true)
  })
})
