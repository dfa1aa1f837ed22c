import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { fail, ok } from '#shared/result.ts'
import { createEpisodesService } from '../episodes/service.ts'
import { createEvents } from '../events.ts'
import { createIds } from '../ids.ts'
import { silentLog } from '../log.ts'
import type { EpisodeRecord } from '../services.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { createTranscriptsService } from '../transcripts/service.ts'
import { createWorkerRunner } from '../workers/runner.ts'
import { createYouTube, type YouTube } from '../youtube/client.ts'
import { type FakeYouTube, fakeYouTube } from '../youtube/testing/fake-youtube.ts'
import { createOfferedFiles } from './offered-files.ts'
import { createIntakeService } from './service.ts'

/** A stage for the tests of the intake: made anew before each test; the bindings are live. */
export const clock = { now: () => Date.UTC(2026, 10, 23, 12) }
export const ids = createIds(clock)
export const workers = createWorkerRunner(new URL('../headless.ts', import.meta.url))
export const prose = 'The tide comes in twice a day and the clerk writes it down in the long book by the door. '.repeat(
  4,
)
export const srt =
  '1\n00:00:00,000 --> 00:00:02,000\nMaren: The tide\n\n2\n00:00:02,000 --> 00:01:40,000\nTeo: comes in.\n'

/** Silence as a player would find it: 8 kHz, one channel, 8 bit. */
export function wav(seconds: number): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + seconds * 8000, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(8000, 24)
  header.writeUInt32LE(8000, 28)
  header.writeUInt16LE(1, 32)
  header.writeUInt16LE(8, 34)
  header.write('data', 36)
  header.writeUInt32LE(seconds * 8000, 40)
  return Buffer.concat([header, Buffer.alloc(seconds * 8000, 0x80)])
}

export let folder: string
export let storage: Storage
export let pages: Record<string, { status?: number; type?: string; body: string | Buffer }>
export let asked: string[]
export let added: string[]
export let started: { episodeIds: string[]; templates?: string[] | undefined }[]
export let intake: ReturnType<typeof createIntakeService>
export let offered: ReturnType<typeof createOfferedFiles>
export let episodes: ReturnType<typeof createEpisodesService>
export let transcripts: ReturnType<typeof createTranscriptsService>
export let chosen: string[]
/** Micro-dollars; 0 stands for notes made on this computer. */
let pricePerSecond = 0
export const setPricePerSecond = (microUsd: number): void => {
  pricePerSecond = microUsd
}
/** Videos that a followed channel has, with their episodes. */
let followedVideos: Record<string, string>
/** What YouTube has; started when it is first asked. */
let videos: Parameters<typeof fakeYouTube>
let youTube: { server: FakeYouTube; client: YouTube } | null = null
async function tube(): Promise<YouTube> {
  const server = youTube?.server ?? (await fakeYouTube(...videos))
  youTube ??= { server, client: createYouTube({ clock, log: silentLog, origin: server.origin, pauseMs: 0 }) }
  return youTube.client
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-intake-'))
  const opened = openStorage(':memory:', { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  storage = opened.value
  const events = createEvents((error) => {
    throw error
  })
  pages = {}
  asked = []
  added = []
  started = []
  chosen = []
  pricePerSecond = 0
  followedVideos = {}
  videos = [{}]
  offered = createOfferedFiles()
  episodes = createEpisodesService({ storage, events, clock, ids, desktop: null })
  const unreachable = async () => fail('connect-failed' as const, 'The server cannot be reached.')
  transcripts = createTranscriptsService({
    desktop: null,
    rungs: [],
    storage,
    events,
    clock,
    ids,
    log: silentLog,
    fetcher: { fetch: unreachable },
    episodes,
    workers,
  })
  intake = createIntakeService({
    youTube: {
      video: async (id, signal) => (await tube()).video(id, signal),
      playlist: async (id, limit, signal) => (await tube()).playlist(id, limit, signal),
    },
    price: ({ durationSeconds }) => (durationSeconds ?? 0) * pricePerSecond,
    episodeOfVideo: (videoId) => followedVideos[videoId] ?? null,
    episodes,
    transcripts,
    offeredFiles: offered,
    workers,
    clock,
    log: silentLog,
    profilePath: join(folder, 'profile'),
    desktop: { chooseFiles: async () => chosen },
    sample: { add: async () => ok({ feedId: 'f', episodeId: 'e' }) },
    feeds: {
      async add({ url }) {
        if (url.includes('refused')) return fail('refused', 'The server refuses to give it (403).')
        added.push(url)
        return ok({ feed: { id: `feed:${url}` }, alreadyFollowed: false })
      },
      importOpmlBytes: async (opml) =>
        ok({
          feedIds: ['feed:added'],
          lines: [
            {
              line: 3,
              title: opml.length > 0 ? 'Bad' : '',
              urlDisplay: null,
              outcome: 'failed',
              message: 'It failed.',
            },
          ],
        }),
    },
    jobs: {
      start(input) {
        started.push(input)
        return ok({ jobIds: input.episodeIds.map((id) => `job:${id}`), skipped: 0 })
      },
    },
    http: {
      async get({ url }) {
        asked.push(url)
        const page = pages[url]
        if (!page) return fail('dns-failed', 'There is no such site.')
        return ok({
          status: page.status ?? 200,
          headers: { 'content-type': page.type ?? 'text/html' },
          body: Buffer.from(page.body),
          url,
          hops: [],
        })
      },
    },
  })
})
afterEach(async () => {
  await youTube?.client.close()
  await youTube?.server.close()
  youTube = null
  storage.close()
  rmSync(folder, { recursive: true, force: true })
})

export const haveVideos = (...has: typeof videos): void => {
  videos = has
}
export const haveFollowed = (videoId: string, episodeId: string): void => {
  followedVideos[videoId] = episodeId
}

export const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, content)
  return path
}
export const offer = async (...paths: string[]): Promise<string[]> => {
  const result = await offered.offer(paths)
  if (!result.ok) throw new Error(result.error.message)
  return result.value.map(({ token }) => token)
}
export const look = async (input: { text?: string; tokens?: string[] }) => {
  const result = await intake.inspect(input)
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
export const accept = async (input: { text?: string; tokens?: string[]; templates?: string[] }) => {
  const result = await intake.accept(input)
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
export const rows = (): EpisodeRecord[] => {
  const all = storage.all<{ id: string }>('SELECT id FROM episodes ORDER BY id')
  return all.map(({ id }) => episodes.get(id)!)
}
