import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { episode, type FeedHouse, feedAnswer, must, openFeedHouse, rss } from '../feeds/testing/feed-house.ts'
import { migrate } from '../storage/migrate.ts'
import { migrations } from '../storage/migrations/index.ts'
import { isSealed } from '../storage/seals.ts'
import type { SqlValue } from '../storage/storage.ts'
import { episodesTable } from './seal.ts'

let house: FeedHouse
beforeEach(async () => {
  house = await openFeedHouse()
})
// Closing looks at every seal.
afterEach(() => house.close())

const rows = () => house.storage.all<Record<string, SqlValue>>('SELECT * FROM episodes')
const broken = () => rows().filter((row) => !isSealed(episodesTable, row)).length
const add = async () =>
  must(
    await house.feeds.add({ url: house.at('show', '/feed.xml'), secretStorage: 'keychain', allowLocalNetwork: false }),
  ).feed.id

it('every way in which an episode comes and changes leaves it sealed', async () => {
  house.routes['/feed.xml'] = feedAnswer(
    rss([episode(1, { duration: '1:30.5' }), episode(2, { title: 'Half: \ud83d' })]),
  )
  const feedId = await add()
  const local = { contentSha256: 'a'.repeat(64), publishedAtMs: null, durationSeconds: 9.25, language: 'de' }
  const media = { mediaPath: 'media/a.mp3', mediaType: 'audio/mpeg', link: null }
  const id = house.episodes.addLocal({ title: 'A talk', ...local, ...media }).id
  expect(broken()).toBe(0)
  house.episodes.setSeen([id], true)
  house.episodes.setChapters(id, [{ startSeconds: 0, endSeconds: null, title: 'Intro', url: null }])
  house.episodes.markProcessed(id)
  house.storage.writeUnaudited((tx) => tx.run('UPDATE episodes SET media_path = NULL'))
  house.episodes.addLocal({ title: 'A talk', ...local, ...media })
  // Another title, no length any more; then gone from the feed.
  house.routes['/feed.xml'] = feedAnswer(rss([episode(1, { title: 'Told again' }), episode(2)]))
  await house.feeds.refresh([feedId])
  house.routes['/feed.xml'] = feedAnswer(rss([episode(2)]))
  await house.feeds.refresh([feedId])
  expect(broken()).toBe(0)
  expect(rows()).toHaveLength(3)
})

it('sees a change of each column under the seal', async () => {
  house.routes['/feed.xml'] = feedAnswer(rss([episode(1)]))
  await add()
  const [row] = rows()
  for (const column of episodesTable.columns)
    expect(isSealed(episodesTable, { ...row, [column]: 'x' }), column).toBe(false)
})

it('is made whole by the feed when that says it anew', async () => {
  house.routes['/feed.xml'] = feedAnswer(rss([episode(1)]))
  const feedId = await add()
  house.storage.writeUnaudited((tx) => tx.run("UPDATE episodes SET title = 'rotten', feed_hash = NULL"))
  expect(broken()).toBe(1)
  house.storage.writeUnaudited((tx) => tx.run('UPDATE feeds SET etag = NULL, last_modified = NULL, body_sha256 = NULL'))
  await house.feeds.refresh([feedId])
  expect(rows()[0]!.title).toBe('Episode 1')
  expect(broken()).toBe(0)
})

it('seals the episodes that were there before', () => {
  const database = new DatabaseSync(':memory:')
  const upTo = (last: number) =>
    migrate(
      database,
      ':memory:',
      migrations.filter(({ version }) => version <= last),
    )
  const version = migrations.find(({ name }) => name === 'episode-seals')!.version
  expect(upTo(version - 1).ok).toBe(true)
  database.exec(`INSERT INTO feeds (id, kind, own_title, url_key, added_at_ms, state_kind, state_message)
    VALUES ('f', 'rss', 'F', 'k', 1, 'fine', '')`)
  const insert = database.prepare(
    `INSERT INTO episodes (id, feed_id, title, state, first_seen_at_ms, updated_at_ms, duration_seconds, description_html)
     VALUES (?, 'f', ?, 'new', 1, 1, ?, ?)`,
  )
  for (let at = 0; at < 450; at += 1) insert.run(`e${at}`, `Ü ${at}\0`, at / 3, at % 2 === 0 ? null : 'x'.repeat(6_000))
  expect(upTo(version).ok).toBe(true)
  const after = database.prepare('SELECT * FROM episodes').all() as Record<string, SqlValue>[]
  expect(after).toHaveLength(450)
  expect(after.every((row) => isSealed(episodesTable, row))).toBe(true)
  database.close()
})

it('nothing else in the house writes a column under the seal', () => {
  const main = fileURLToPath(new URL('..', import.meta.url))
  const writers = readdirSync(main, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.test\.ts$|testing|faults|migrations/.test(name))
    .filter((name) => !['episodes/store.ts', 'episodes/local.ts'].includes(name.replaceAll('\\', '/')))
    .flatMap((name) => {
      const source = readFileSync(join(main, name), 'utf8')
      const sets = [...source.matchAll(/UPDATE episodes SET ([\s\S]*?) WHERE/g)].map(([, set]) => set!)
      const sealed = sets.flatMap((set) =>
        episodesTable.columns.filter((column) => new RegExp(`\\b${column}\\s*=`).test(set)),
      )
      return [...(/INSERT (OR \w+ )?INTO episodes\b/.test(source) ? ['inserts'] : []), ...sealed].map(
        (what) => `${name}: ${what}`,
      )
    })
  expect(writers).toEqual([])
})
