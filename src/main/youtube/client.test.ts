import { afterEach, expect, test } from 'vitest'
import type { EpisodeRecord } from '../services.ts'
import { parseTranscript } from '../transcripts/parse.ts'
import { createYouTube, type YouTube } from './client.ts'
import { createCaptionsRung } from './rung.ts'
import { type FakeVideo, type FakeYouTube, fakeYouTube } from './testing/fake-youtube.ts'

const id = 'dQw4w9WgXcQ'
const never = new AbortController().signal
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function tube(
  videos: Record<string, FakeVideo>,
  playlist?: Parameters<typeof fakeYouTube>[1],
): Promise<{ server: FakeYouTube; youTube: YouTube; skip: (ms: number) => void }> {
  const server = await fakeYouTube(videos, playlist)
  let now = 1_000_000
  const log = { info() {}, warn() {}, error() {} }
  const youTube = createYouTube({ clock: { now: () => now }, log, origin: server.origin, pauseMs: 0 })
  open.push(youTube, server)
  return { server, youTube, skip: (ms) => (now += ms) }
}

test('captions come with their times', async () => {
  const { youTube } = await tube({ [id]: { tracks: [{ language: 'en' }] } })
  const rung = createCaptionsRung({ youTube, read: async (bytes, hints) => parseTranscript(bytes, hints) })
  const episode = { link: `https://youtu.be/${id}`, guid: null, language: 'en' } as EpisodeRecord
  expect(await rung.offer(episode)).toMatchObject({ ready: true, estimate: { highMicroUsd: 0 } })
  const made = await rung.run(episode, {
    jobId: null,
    approvedMicroUsd: null,
    signal: never,
    onProgress: () => {},
    pieces: { get: () => null, put: () => {}, putIn: () => {} },
  })
  expect(made).toMatchObject({
    ok: true,
    value: {
      language: 'en',
      segments: [
        { startSeconds: 0, text: 'The tide in en' },
        { startSeconds: 2, endSeconds: 5, text: 'turns at noon.' },
      ],
    },
  })
})

test.each([
  ['the language wanted before others', [{ language: 'en' }, { language: 'de', automatic: true }], 'de', 'de'],
  ['people’s before automatic ones', [{ language: 'en', automatic: true }, { language: 'en' }], 'en', 'en'],
  [
    'what the video speaks when the wanted one is missing',
    [{ language: 'fr' }, { language: 'de', automatic: true }],
    'ja',
    'de',
  ],
  ['a region for its language', [{ language: 'en' }, { language: 'pt-BR' }], 'pt', 'pt-BR'],
] as const)('chooses %s', async (_, tracks, wanted, chosen) => {
  const { youTube } = await tube({ [id]: { tracks } })
  const found = await youTube.captions(id, wanted, never)
  expect(found.ok && found.value.track.language).toBe(chosen)
})

test.each<[string, FakeVideo, string]>([
  ['none are offered', { tracks: null }, 'captions-disabled'],
  ['the list is empty', { tracks: [] }, 'no-captions'],
  ['the stream is live', { tracks: null, live: true }, 'no-captions'],
  ['it has not begun', { tracks: null, status: 'LIVE_STREAM_OFFLINE', reason: 'Starts in 3 hours' }, 'no-captions'],
  ['it is private', { status: 'LOGIN_REQUIRED', reason: 'This video is private' }, 'video-unavailable'],
  ['it is gone', { status: 'ERROR', reason: 'Video unavailable' }, 'video-unavailable'],
  [
    'a robot is suspected',
    { status: 'LOGIN_REQUIRED', reason: 'Sign in to confirm you’re not a bot' },
    'youtube-blocks',
  ],
  ['the player says 429', { playerStatus: 429 }, 'youtube-blocks'],
  ['captions say 429', { captions: { status: 429 } }, 'youtube-blocks'],
  ['captions are an empty page', { captions: { body: '' } }, 'youtube-blocks'],
  ['captions are a page for people', { captions: { body: '<!doctype html><title>Sorry</title>' } }, 'youtube-blocks'],
  ['the answer is no JSON', { playerBody: '<html>' }, 'youtube-unreadable'],
  ['the answer is cut off', { playerBody: '{"playabilityStatus":{"sta' }, 'youtube-unreadable'],
])('when %s: %s', async (_, video, code) => {
  const { youTube } = await tube({ [id]: video })
  const found = await youTube.captions(id, 'en', never)
  expect(found.ok ? 'fine' : found.error.code).toBe(code)
})

test('another address that an answer names is never asked', async () => {
  const { youTube, server } = await tube({ [id]: { tracks: [{ language: 'en', query: '#' }] } })
  const evil = await fakeYouTube({})
  open.push(evil)
  const answer = JSON.stringify({
    playabilityStatus: { status: 'OK' },
    videoDetails: { videoId: id, title: 'T', lengthSeconds: '1', thumbnail: { thumbnails: [] } },
    captions: {
      playerCaptionsTracklistRenderer: {
        captionTracks: [{ baseUrl: `${evil.origin}/api/timedtext?v=x`, name: { simpleText: 'e' }, languageCode: 'en' }],
      },
    },
  })
  await youTube.close()
  const other = await tube({ [id]: { playerBody: answer } })
  const found = await other.youTube.captions(id, 'en', never)
  expect(found.ok ? 'fine' : found.error.code).toBe('youtube-unreadable')
  expect(evil.asked).toEqual([])
  expect(server.asked).toEqual([])
})

test('once refused, nothing is sent for half an hour', async () => {
  const { youTube, server, skip } = await tube({ [id]: { captions: { status: 429 } }, aaaaaaaaaaa: {} })
  await youTube.captions(id, 'en', never)
  const before = server.asked.length
  const held = await youTube.captions('aaaaaaaaaaa', 'en', never)
  expect(held).toMatchObject({ ok: false, error: { code: 'youtube-blocks', retryable: true } })
  expect(server.asked.length).toBe(before)
  skip(31 * 60_000)
  expect((await youTube.captions('aaaaaaaaaaa', 'en', never)).ok).toBe(true)
})

test('a playlist is read to its end, or to the limit', async () => {
  const ids = Array.from({ length: 25 }, (_, index) => `video${String(index).padStart(6, '0')}`)
  const { youTube } = await tube({}, { title: 'All tides', ids, perPage: 10 })
  const whole = await youTube.playlist('PL0123456789abcdef', 100, never)
  expect(whole).toMatchObject({ ok: true, value: { title: 'All tides', cutOff: false } })
  expect(whole.ok && whole.value.entries.map((entry) => entry.id)).toEqual(ids)
  expect(whole.ok && whole.value.entries[0]).toEqual({ id: ids[0], title: 'Part 1', durationSeconds: 61 })
  const part = await youTube.playlist('PL0123456789abcdef', 15, never)
  expect(part.ok && [part.value.entries.length, part.value.cutOff]).toEqual([15, true])
})

test('cancelling ends the request', async () => {
  const { youTube } = await tube({ [id]: {} })
  const controller = new AbortController()
  controller.abort()
  expect(await youTube.captions(id, 'en', controller.signal)).toMatchObject({ ok: false, error: { code: 'cancelled' } })
})
