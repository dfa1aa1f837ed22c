import { readFileSync, utimesSync } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  addCost,
  addEarlierText,
  addEpisode,
  addFeed,
  addJob,
  addNote,
  addSession,
  addTranscript,
  filesIn,
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

const sha = (letter: string): string => letter.repeat(64)
const ids = (sql: string): string[] => house.storage.all<{ id: string }>(sql).map(({ id }) => id)

/** What the preview says of one kind, and then the sweep. */
async function sweep(kind: string) {
  const service = house.service()
  const preview = await service.preview()
  const swept = await service.sweep(preview.token)
  expect(swept).toMatchObject({ ok: true, value: { items: preview.items, bytes: preview.bytes } })
  return preview.kinds.find((one) => one.kind === kind)!
}

describe('transcripts', () => {
  it('go when they are old and can be fetched again, and only then', async () => {
    const fine = addFeed(house)
    const episode = (feedId: string, source: string, ageDays: number, facts = {}) => {
      const id = addEpisode(house, { feedId, ...facts })
      addTranscript(house, id, source, ageDays)
      return id
    }
    const old = episode(fine, 'publisher', 91)
    const young = episode(fine, 'publisher', 89)
    const spared = [
      ...['sidecar', 'file', 'text', 'a-source-of-tomorrow'].map((source) => episode(fine, source, 400)),
      episode(fine, 'publisher', 400, { refs: 0 }),
      episode(fine, 'publisher', 400, { inFeed: false }),
      ...['gone', 'needs-password', 'unreachable', 'broken', 'refused'].map((state) =>
        episode(addFeed(house, { state }), 'publisher', 400),
      ),
      episode(addFeed(house, { removedDaysAgo: 1 }), 'publisher', 400),
    ]
    const busy = episode(fine, 'publisher', 400)
    addJob(house, { episodeId: busy, state: 'running', ageDays: 0 })

    const shown = await sweep('transcripts')
    expect(shown).toMatchObject({ items: 1, bytes: 100 })
    expect(shown.spared).toBe(
      'Kept all the same: 4 came from you and cannot be fetched again, 1 in use by a job, 8 may not be there to fetch again.',
    )
    expect(ids('SELECT episode_id AS id FROM transcripts ORDER BY id')).toEqual([young, busy, ...spared].toSorted())
    expect(spared).not.toContain(old)
  })
})

describe('extractions', () => {
  it('go with old jobs that ended, but not what was paid for and is in no note yet', async () => {
    const episodeId = addEpisode(house, { feedId: addFeed(house) })
    const other = addEpisode(house, { feedId: addFeed(house) })
    const third = addEpisode(house, { feedId: addFeed(house) })
    const done = addJob(house, { episodeId, state: 'done', ageDays: 91 })
    const failed = addJob(house, { episodeId, state: 'failed', ageDays: 95 })
    const paidThenMade = addJob(house, { episodeId, state: 'failed', ageDays: 96, costMicroUsd: 5 })
    const paid = addJob(house, { episodeId: third, state: 'failed', ageDays: 91, costMicroUsd: 5 })
    const young = addJob(house, { episodeId: other, state: 'done', ageDays: 89 })
    const running = addJob(house, { episodeId: other, state: 'running', ageDays: 300 })
    const shown = await sweep('extractions')
    expect(shown).toMatchObject({ items: 3, spared: 'Kept all the same: 1 paid for, and in no note yet.' })
    const left = ids('SELECT DISTINCT job_id AS id FROM job_steps')
    expect(left.toSorted()).toEqual([paid, young, running].toSorted())
    expect(ids('SELECT id FROM jobs')).toEqual(expect.arrayContaining([done, failed, paidThenMade]))
  })
})

describe('interviews', () => {
  it('go only when nothing the user said would go with them', async () => {
    const goes = [
      addSession(house, { state: 'completed', ageDays: 31, answer: 'Much.', exported: 'after' }),
      addSession(house, { state: 'abandoned', ageDays: 8 }),
      addSession(house, { state: 'abandoned', ageDays: 8, answer: 'Much.', exported: 'after' }),
    ]
    const stays = [
      addSession(house, { state: 'completed', ageDays: 29, answer: 'Much.', exported: 'after' }),
      addSession(house, { state: 'completed', ageDays: 300, answer: 'Much.' }),
      addSession(house, { state: 'completed', ageDays: 300, answer: 'Said after the export.', exported: 'before' }),
      addSession(house, { state: 'completed', ageDays: 300, answer: 'Much.', exported: 'after', draft: 'And …' }),
      addSession(house, { state: 'abandoned', ageDays: 300, answer: 'Words of mine.' }),
      addSession(house, { state: 'abandoned', ageDays: 300, draft: 'Half a sen' }),
      addSession(house, { state: 'active', ageDays: 300 }),
      addSession(house, { state: 'paused', ageDays: 300, answer: 'Much.', exported: 'after' }),
    ]
    const shown = await sweep('abandoned-sessions')
    expect(shown.spared).toBe('Kept all the same: 1 not in any note yet, 1 with words not sent yet.')
    expect(ids('SELECT id FROM interview_sessions ORDER BY id')).toEqual(stays.toSorted())
    expect(ids('SELECT DISTINCT session_id AS id FROM interview_exchanges')).not.toEqual(expect.arrayContaining(goes))
  })

  it('that are damaged are left for the health check', async () => {
    const id = addSession(house, { state: 'abandoned', ageDays: 8 })
    house.storage.writeUnaudited((tx) => tx.run("UPDATE interview_sessions SET style = 'rotten' WHERE id = ?", [id]))
    expect((await sweep('abandoned-sessions')).spared).toContain('1 damaged')
    expect(ids('SELECT id FROM interview_sessions')).toEqual([id])
  })
})

describe('cost history', () => {
  it('is kept for good until the user sets a time, and its sums even then', async () => {
    for (const age of [1, 300, 400, 800]) addCost(house, age, age)
    addCost(house, 900, null)
    await sweep('cost-history')
    expect(house.costs.facts()).toMatchObject({ entries: 5, totalMicroUsd: 1_501 })
    expect(house.storage.all('SELECT * FROM cost_entries')).toHaveLength(5)
    await house.service().set({ kind: 'cost-history', days: 365 })
    expect(await sweep('cost-history')).toMatchObject({ items: 3 })
    expect(house.storage.all('SELECT * FROM cost_entries')).toHaveLength(2)
    expect(house.costs.facts()).toMatchObject({ entries: 5, totalMicroUsd: 1_501, unknownEntries: 1, wrongMonths: [] })
  })

  it('stays whole while the ledger does not add up', async () => {
    addCost(house, 400, 7)
    addCost(house, 800, 7)
    house.storage.writeUnaudited((tx) => tx.run('UPDATE cost_months SET cost_micro_usd = 1 WHERE rowid = 1'))
    await house.service().set({ kind: 'cost-history', days: 365 })
    expect((await sweep('cost-history')).spared).toContain('2 in a ledger that does not add up')
    expect(house.storage.all('SELECT * FROM cost_entries')).toHaveLength(2)
  })
})

describe('recordings', () => {
  const add = (
    letter: string,
    facts: { mediaUrl?: boolean; days?: number; noted?: boolean; transcribed?: boolean },
  ) => {
    const path = `media/${sha(letter)}.mp3`
    putFile(house, path, letter.repeat(1_000), 0)
    const id = addEpisode(house, {
      feedId: addFeed(house, { kind: 'local' }),
      title: letter,
      mediaUrl: facts.mediaUrl ?? false,
      media: { path, seenDaysAgo: facts.days ?? 100 },
    })
    if (facts.noted ?? true) addNote(house, id, facts.days ?? 100)
    if (facts.transcribed ?? true) addTranscript(house, id, 'sidecar', facts.days ?? 100)
    return path
  }

  it('stay for good until the user says how long', async () => {
    const path = add('a', {})
    expect(await sweep('media')).toMatchObject({ items: 0 })
    expect(hasFile(house, path)).toBe(true)
  })

  it('go by age since they were last used, but not before notes were made of them', async () => {
    await house.service().set({ kind: 'media', days: 30 })
    const goes = [add('a', {}), add('b', { mediaUrl: true, noted: false })]
    const stays = [
      add('c', { noted: false }),
      add('d', { transcribed: false }),
      add('e', { mediaUrl: true, noted: false, transcribed: false }),
      add('f', { days: 29 }),
      add('9', {}),
    ]
    const { id: busy } = house.storage.get<{ id: string }>("SELECT id FROM episodes WHERE title = '9'")!
    addJob(house, { episodeId: busy, state: 'running', ageDays: 0 })
    const shown = await sweep('media')
    expect(shown).toMatchObject({ items: 2, bytes: 2_000 })
    expect(shown.examples).toContain('a (Inkwell’s copy of your file)')
    expect(filesIn(house, 'media').map((name) => `media/${name}`)).toEqual(stays.toSorted())
    for (const path of goes)
      expect(house.storage.get('SELECT 1 FROM episodes WHERE media_path = ?', [path])).toBeUndefined()
    expect(filesIn(house, 'sweep')).toEqual([])
  })

  it('that are perhaps the only copy never go by themselves', async () => {
    await house.service().set({ kind: 'media', days: 30 })
    await sweep('media')
    const onlyHere = add('a', {})
    const fetched = add('b', { mediaUrl: true })
    house.clock.nowMs += 2 * 86_400_000
    const daily = house.service()
    await daily.start()
    await daily.close()
    expect([hasFile(house, onlyHere), hasFile(house, fetched)]).toEqual([true, false])
  })

  it('go by size, oldest first, until all of them fit', async () => {
    await house.service().set({ kind: 'media', maxBytes: 2_500 })
    const [oldest, needed, old, young] = [
      add('a', { days: 40 }),
      add('b', { days: 30, noted: false }),
      add('c', { days: 20 }),
      add('d', { days: 1 }),
    ]
    await sweep('media')
    expect([oldest, needed, old, young].map((path) => hasFile(house, path))).toEqual([false, true, false, true])
  })
})

describe('earlier texts and left-over files', () => {
  it('go when they are old and nothing else names them', async () => {
    const [old, young, shared] = [
      addEarlierText(house, 'old', 31),
      addEarlierText(house, 'young', 29),
      addEarlierText(house, 'shared', 31),
    ]
    addEarlierText(house, 'shared', 1)
    expect(await sweep('kept-texts')).toMatchObject({ items: 2 })
    expect([old, young, shared].map((path) => hasFile(house, path))).toEqual([false, true, true])
  })

  it.each(['before the sweep', 'while it is put aside'])(
    'stay when somebody asked for the same text again %s, and has not said so in the database yet',
    async (when) => {
      const path = addEarlierText(house, 'old', 31)
      const full = join(house.folder, path)
      // A writer that waits for the database for longer than the sweep does, as blobs.put leaves it.
      const put = (at: string): void => utimesSync(at, new Date(house.clock.nowMs), new Date(house.clock.nowMs))
      if (when === 'before the sweep') put(full)
      const fs = {
        ...nodeFs,
        rename: async (from: string, to: string) => {
          if (from === full) put(full)
          await nodeFs.rename(from, to)
        },
      } as typeof nodeFs
      const service = house.service({ fs })
      expect(await service.sweep((await service.preview()).token)).toMatchObject({ ok: true })
      expect(hasFile(house, path)).toBe(true)
      expect(readFileSync(full, 'utf8')).toBe('old')
      expect(house.storage.all('SELECT * FROM sweep_files')).toEqual([])
    },
  )

  it('are never kept shorter than the notes say', async () => {
    expect(await house.service().set({ kind: 'kept-texts', days: 29 })).toMatchObject({ error: { code: 'too-short' } })
  })

  it('are pictures of removed feeds, stray blobs and old copies, not what is named or unknown', async () => {
    const picture = (letter: string) => `artwork/${sha(letter)}.png`
    for (const letter of ['a', 'b', 'c', 'd']) putFile(house, picture(letter), letter, 100)
    addFeed(house, { artwork: sha('a'), removedDaysAgo: 91 })
    addFeed(house, { artwork: sha('b'), removedDaysAgo: 91 })
    addFeed(house, { artwork: sha('b') })
    addFeed(house, { artwork: sha('c'), removedDaysAgo: 89 })
    const stray = `blobs/ee/${'e'.repeat(64)}`
    putFile(house, stray, 'stray', 91)
    putFile(house, `blobs/ee/${'e'.repeat(63)}0`, 'young', 89)
    const untouched = [
      'inkwell.db.before-v6.bak',
      'quarantine/2025/inkwell.db',
      'media/mine.mp3',
      'keep/x',
      'artwork/mine.png',
    ]
    for (const path of untouched) putFile(house, path, 'mine', 900)
    putFile(house, 'inkwell.db.before-v5', 'copy', 91)
    const shown = await sweep('leftovers')
    expect(shown.items).toBe(5)
    expect(['a', 'b', 'c', 'd'].map((letter) => hasFile(house, picture(letter)))).toEqual([false, true, true, false])
    expect([stray, 'inkwell.db.before-v5'].map((path) => hasFile(house, path))).toEqual([false, false])
    expect(untouched.filter((path) => !hasFile(house, path))).toEqual([])
    expect(hasFile(house, `blobs/ee/${'e'.repeat(63)}0`)).toBe(true)
  })

  it('keeps copies of the database until a backup was verified', async () => {
    putFile(house, 'inkwell.db.before-v5', 'copy', 900)
    const service = house.service({ hasVerifiedBackup: async () => false })
    const preview = await service.preview()
    await service.sweep(preview.token)
    expect(preview.kinds.find(({ kind }) => kind === 'leftovers')!.spared).toContain('until a backup was verified')
    expect(hasFile(house, 'inkwell.db.before-v5')).toBe(true)
  })

  it('takes private addresses of moves decided on long ago from the keychain, once', async () => {
    const feedId = addFeed(house)
    const add = (status: string, ageDays: number, address: string | null) => {
      const id = house.id()
      house.storage.writeUnaudited((tx) =>
        tx.run(
          `INSERT INTO feed_moves (id, feed_id, status, reason, to_url, to_display, to_key, from_url, matching_episodes,
             known_episodes, proposed_at_ms, decided_at_ms) VALUES (?, ?, ?, 'new-feed-url', ?, 'x', ?, ?, 1, 1, 0, ?)`,
          [id, feedId, status, address, id, address, house.clock.nowMs - ageDays * 86_400_000],
        ),
      )
      for (const end of ['to', 'from']) house.secrets.add(`move/${id}/${end}`)
      return id
    }
    const dismissed = add('dismissed', 91, null)
    const accepted = add('accepted', 91, null)
    const young = add('dismissed', 89, null)
    const open = add('proposed', 91, null)
    add('dismissed', 91, 'https://public.example/')
    const before = house.secrets.size
    expect(await sweep('leftovers')).toMatchObject({ items: 2 })
    expect(house.secrets.size).toBe(before - 2)
    expect([dismissed, accepted, young, open].map((id) => house.secrets.has(`move/${id}/to`))).toEqual([
      false,
      true,
      true,
      true,
    ])
    expect(house.secrets.has(`move/${accepted}/from`)).toBe(false)
    expect(await sweep('leftovers')).toMatchObject({ items: 0 })
  })
})
