import { expect, test } from 'vitest'
import { haveFollowed, haveVideos, intake, setPricePerSecond, started, storage } from './intake-testing.ts'

const id = 'dQw4w9WgXcQ'
const look = async (text: string) => {
  const looked = await intake.inspect({ text })
  return looked.ok ? looked.value : []
}
const take = async (text: string) => {
  const taken = await intake.accept({ text })
  if (!taken.ok) throw new Error(taken.error.message)
  return taken.value
}

test('a video is an episode whose notes are made at once; pasted again it is the same one', async () => {
  haveVideos({ [id]: { title: 'How tides turn', tracks: [{ language: 'en' }, { language: 'de', automatic: true }] } })
  expect(await look(`https://youtu.be/${id}`)).toMatchObject([
    { kind: 'video', title: 'How tides turn', action: 'make-notes', costMicroUsd: 0 },
  ])
  expect((await look(`https://youtu.be/${id}`))[0]?.sentence).toContain('captions in en, de')
  const first = await take(`https://youtu.be/${id}`)
  const again = await take(`https://www.youtube.com/shorts/${id}`)
  expect(again.episodeIds).toEqual(first.episodeIds)
  expect(started.map(({ episodeIds }) => episodeIds)).toEqual([first.episodeIds, first.episodeIds])
  expect(storage.get('SELECT title, link, duration_seconds FROM episodes')).toEqual({
    title: 'How tides turn',
    link: `https://www.youtube.com/watch?v=${id}`,
    duration_seconds: 61,
  })
})

test('a video of a followed channel is the episode that is there', async () => {
  haveVideos({ [id]: {} })
  haveFollowed(id, '0199f000-0000-7000-8000-000000000001')
  expect((await take(`https://youtu.be/${id}`)).episodeIds).toEqual(['0199f000-0000-7000-8000-000000000001'])
  expect(storage.get('SELECT count(*) AS n FROM episodes')).toEqual({ n: 0 })
})

test('a playlist is one start of many episodes', async () => {
  const ids = Array.from({ length: 12 }, (_, index) => `video${String(index).padStart(6, '0')}`)
  haveVideos({}, { title: 'All tides', ids, perPage: 5 })
  const link = 'https://www.youtube.com/playlist?list=PL0123456789abcdef'
  expect(await look(link)).toMatchObject([{ kind: 'playlist', title: 'All tides', action: 'make-notes' }])
  const taken = await take(link)
  expect(taken.episodeIds).toHaveLength(12)
  expect(started.map(({ episodeIds }) => episodeIds)).toEqual([taken.episodeIds])
})

test('one that YouTube does not give out is said, and nothing is stored', async () => {
  haveVideos({ [id]: { status: 'LOGIN_REQUIRED', reason: 'This video is private' } })
  const [item] = await look(`https://youtu.be/${id}`)
  expect(item).toMatchObject({ action: 'none' })
  expect(item?.sentence).toContain('This video is private')
  expect((await take(`https://youtu.be/${id}`)).problems).toHaveLength(1)
  expect(storage.get('SELECT count(*) AS n FROM episodes')).toEqual({ n: 0 })
})

test('what notes of it would cost stands beside it: of a playlist the sum, of a text by its length', async () => {
  setPricePerSecond(10)
  haveVideos({ [id]: {} }, { title: 'All tides', ids: ['video000001', 'video000002'], perPage: 5 })
  expect((await look(`https://youtu.be/${id}`))[0]?.costMicroUsd).toBe(610)
  expect((await look('https://www.youtube.com/playlist?list=PL0123456789abcdef'))[0]?.costMicroUsd).toBe(1_220)
  const [text] = await look('The clerk writes the tide down in the long book. '.repeat(30))
  expect(text?.costMicroUsd).toBe(Math.ceil((49 * 30 - 1) / 15) * 10)
})
