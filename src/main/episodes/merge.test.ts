import { afterEach, beforeEach, expect, it } from 'vitest'
import { insertFeed } from '../feeds/store.ts'
import { type FeedHouse, openFeedHouse } from '../feeds/testing/feed-house.ts'
import { createIds } from '../ids.ts'
import { draftHash, type EpisodeDraft } from './draft.ts'
import { type MergeInput, mergeEpisodes } from './merge.ts'

let house: FeedHouse
beforeEach(async () => {
  house = await openFeedHouse()
  house.storage.writeUnaudited((tx) =>
    insertFeed(tx, {
      id: 'f',
      kind: 'rss',
      own_title: 'F',
      url_key: 'k',
      added_at_ms: 0,
      state_kind: 'new',
      state_message: '',
    }),
  )
})
afterEach(() => house.close())

const draft = (number: number, title = `Episode ${number}`): EpisodeDraft => ({
  keys: [
    { kind: 'guid', key: `g${number}` },
    { kind: 'media', key: `m${number}` },
  ],
  title,
  number: null,
  season: null,
  publishedAtMs: number * 60_000,
  durationSeconds: null,
  language: null,
  guid: `g${number}`,
  link: null,
  mediaUrl: `https://m.example/${number}.mp3`,
  mediaType: null,
  mediaBytes: null,
  imageUrl: null,
  episodeType: null,
  explicit: null,
  transcripts: [],
  chaptersUrl: null,
  chapters: [],
  persons: [],
  descriptionHtml: 'words '.repeat(200),
})
const deps = () => ({
  storage: house.storage,
  clock: { now: () => house.clock.nowMs },
  ids: createIds({ now: () => house.clock.nowMs }),
})
const input = (drafts: EpisodeDraft[], more: Partial<MergeInput> = {}): MergeInput => ({
  feedId: 'f',
  drafts,
  partial: false,
  addedAtMs: 0,
  firstRead: true,
  action: 'feeds.refresh',
  finish: () => {},
  ...more,
})
const many = Array.from({ length: 10_000 }, (_, index) => draft(index + 1))

it('stores 10,000 episodes in several short transactions, and lists them again', async () => {
  let turns = 0
  const ticking = setInterval(() => {
    turns += 1
  }, 1)
  const counts = await mergeEpisodes(deps(), input(many))
  clearInterval(ticking)
  expect(counts).toEqual({ added: 10_000, updated: 0, left: 0 })
  expect(turns).toBeGreaterThan(10)
  expect(house.storage.all('SELECT id FROM audit WHERE action = ?', ['feeds.refresh']).length).toBeGreaterThan(3)
  const rows = house.episodes.list('f')
  expect(rows).toHaveLength(10_000)
  expect(rows[0]!.title).toBe('Episode 10000')
  expect(await mergeEpisodes(deps(), input(many))).toEqual({ added: 0, updated: 0, left: 0 })
})
it('two processes that read the same feed at once make no episode twice', async () => {
  const [a, b] = await Promise.all([
    mergeEpisodes(deps(), input(many.slice(0, 3_000))),
    mergeEpisodes(deps(), input(many.slice(0, 3_000))),
  ])
  expect(house.episodes.list('f')).toHaveLength(3_000)
  expect(a.added + b.added).toBe(3_000)
})
it('finish runs in the last transaction: what fails there takes the episodes of it back', async () => {
  const failing = input([draft(1)], {
    finish: () => {
      throw new Error('disk')
    },
  })
  await expect(mergeEpisodes(deps(), failing)).rejects.toThrow('disk')
  expect(house.episodes.list('f')).toEqual([])
})
it('a partial document makes nothing leave', async () => {
  await mergeEpisodes(deps(), input([draft(1), draft(2)]))
  expect(await mergeEpisodes(deps(), input([draft(1)], { partial: true }))).toMatchObject({ left: 0 })
  expect(await mergeEpisodes(deps(), input([draft(1)]))).toMatchObject({ left: 1 })
})
it('the hash of a draft sees every field', () => {
  const before = draftHash(draft(1))
  for (const name of Object.keys(draft(1)))
    expect(draftHash({ ...draft(1), [name]: 'other' } as never), name).not.toBe(before)
})
