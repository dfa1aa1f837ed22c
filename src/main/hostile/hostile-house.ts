import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { EpisodeRow } from '#shared/contract/episodes.ts'
import type { Feed } from '#shared/contract/feeds.ts'
import { contract } from '#shared/contract/index.ts'
import type { Job } from '#shared/contract/jobs.ts'
import type { Result } from '#shared/result.ts'
import { compose, type House } from '../compose.ts'
import { answer, matchHandlers } from '../ipc/answer.ts'
import { type Loopback, serveHttp } from '../net/fixtures/loopback-server.ts'
import { draft, transcript } from '../notes/notes-testing.ts'
import type { Desktop } from '../ports.ts'
import type { WrittenNotes } from '../services.ts'
import { guardNetwork, type NetworkGuard } from './network-guard.ts'

export interface Served {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
}
export type Route = Served | ((request: IncomingMessage, response: ServerResponse) => Served | undefined)

export interface HostileHouse {
  readonly house: House
  readonly root: string
  readonly profilePath: string
  readonly vaultPath: string
  readonly server: Loopback
  /** By path. What is not there is 404. */
  readonly routes: Record<string, Route>
  readonly network: NetworkGuard
  /** On the test server. */
  at(path: string): string
  /** As a page asks: parsed on the way in and out. A refusal fails the test. */
  ask<Value>(channel: string, input?: object): Promise<Value>
  tell(channel: string, input?: object): Promise<Result<unknown>>
  /** Element of an item that says where `talk` is. */
  spoken(): string
  /** Follows what the test server has at `path`. */
  follow(path: string): Promise<Feed>
  refresh(feedId: string): Promise<Feed>
  episodes(feedId: string): Promise<EpisodeRow[]>
  /** Makes notes of one episode; resolves when the job has ended. */
  process(episodeId: string, templates?: string[]): Promise<Job>
  /** Notes of one episode without the extraction, whose worker takes a second. @returns the episode's folder */
  write(episodeId: string, body: string, runId?: string): Promise<WrittenNotes>
  log(): string
  /** What every attack must leave as it was. */
  expectHarmless(): void
  /** Ends the program; its folders stay. */
  end(): Promise<void>
  close(): Promise<void>
}

const secret = 'root:x:0:0:root:/root'

/**
 * A whole house with real workers on a profile of its own, and a test server that is the only place it may talk to.
 * Beside profile and vault lies a file that nothing may touch.
 */
export async function openHostileHouse(options: { desktop?: Desktop } = {}): Promise<HostileHouse> {
  const root = mkdtempSync(join(tmpdir(), 'inkwell-hostile-'))
  const [profilePath, vaultPath, sentinel] = [join(root, 'profile'), join(root, 'vault'), join(root, 'sentinel')]
  mkdirSync(vaultPath)
  mkdirSync(sentinel)
  writeFileSync(join(sentinel, 'passwd'), secret)
  const network = guardNetwork()
  const routes: Record<string, Route> = { '/talk.vtt': { body: talk } }
  const server = await serveHttp((request, response) => {
    const route = routes[(request.url ?? '').split('?')[0]!] ?? { status: 404, body: 'nothing here' }
    const served = typeof route === 'function' ? route(request, response) : route
    if (served) response.writeHead(served.status ?? 200, served.headers).end(served.body ?? '')
  })
  const composed = await compose({
    profilePath,
    entry: new URL('../headless.ts', import.meta.url),
    origin: 'app',
    desktop: options.desktop ?? null,
  })
  if (!composed.ok) throw new Error(composed.error.message)
  const house = composed.value
  house.settings.takeVault(vaultPath)
  house.jobs.begin()
  const matched = matchHandlers(contract, house.handlers)
  const tell: HostileHouse['tell'] = (channel, input = {}) => answer(channel, matched.get(channel)!, input, house.log)
  const ask = async <Value>(channel: string, input: object = {}): Promise<Value> => {
    const result = await tell(channel, input)
    if (!result.ok) throw new Error(`${channel}: ${result.error.code}: ${result.error.message}`)
    return result.value as Value
  }
  let ended: Promise<void> | null = null
  const end = (): Promise<void> => {
    ended ??= house.close()
    return ended
  }
  const at = (path: string): string => `http://${server.host}${path}`
  const logPath = join(profilePath, 'logs/inkwell.log')
  const log = (): string => (existsSync(logPath) ? readFileSync(logPath, 'utf8') : '')

  return {
    house,
    root,
    profilePath,
    vaultPath,
    server,
    routes,
    network,
    at,
    ask,
    tell,
    write: async (episodeId, body, runId = 'run-1') => {
      const drafts = [draft('summary', body)]
      const input = { episodeId, runId, vaultPath, drafts, transcript: { ...transcript, episodeId }, chapters: [] }
      const written = await house.notes.write(input)
      if (!written.ok) throw new Error(`${written.error.code}: ${written.error.message}`)
      return written.value
    },
    log,
    spoken: () => `<podcast:transcript url="${at('/talk.vtt')}" type="text/vtt"/>`,
    follow: async (path) => {
      const input = { url: at(path), secretStorage: 'session', allowLocalNetwork: true }
      const { feed } = await ask<{ feed: Feed }>('feeds.add', input)
      return feed
    },
    refresh: async (feedId) => {
      await ask('feeds.refresh', { feedIds: [feedId] })
      return ask<Feed>('feeds.get', { feedId })
    },
    episodes: (feedId) => ask('episodes.list', { feedId }),
    process: async (episodeId, templates = ['summary']) => {
      const { jobIds } = await ask<{ jobIds: string[] }>('jobs.start', { episodeIds: [episodeId], templates })
      await house.jobs.idle()
      return ask('jobs.get', { jobId: jobIds[0]! })
    },
    expectHarmless: () => {
      expect(readdirSync(root).sort()).toEqual(['profile', 'sentinel', 'vault'])
      expect(readdirSync(sentinel)).toEqual(['passwd'])
      expect(readFileSync(join(sentinel, 'passwd'), 'utf8')).toBe(secret)
      for (const path of everythingUnder(vaultPath)) {
        const found = lstatSync(path)
        expect(found.isFile() || found.isDirectory(), path).toBe(true)
        if (found.isFile()) expect(readFileSync(path, 'utf8')).not.toContain(secret)
      }
      expect(network.connections.filter((address) => address !== server.host)).toEqual([])
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
      const lines = log()
      expect(lines).not.toContain(secret)
      // An error is a defect, or a part that failed in a way nobody expected.
      expect(lines.split('\n').filter((line) => line.includes('"level":"error"'))).toEqual([])
    },
    end,
    close: async () => {
      await end()
      await server.close()
      network.restore()
      rmSync(root, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

export const everythingUnder = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))) : []

/** A harmless conversation of which notes can be made. */
export const talk = `WEBVTT

${Array.from(
  { length: 12 },
  (_, second) =>
    `00:${String(second).padStart(2, '0')}.000 --> 00:${String(second + 1).padStart(2, '0')}.000\n<v Maren>The keeper reads the river gauge every morning, reading number ${second}.\n`,
).join('\n')}`

const xml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')

export interface Item {
  readonly guid?: string
  readonly title?: string
  /** Elements as they are. */
  readonly inside?: string
}

/** An RSS document; texts are escaped, `inside` and `channel` are not. */
export const feedOf = (items: readonly Item[], options: { title?: string; channel?: string } = {}): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel>
<title>${xml(options.title ?? 'Signal Box')}</title>${options.channel ?? ''}
${items
  .map(
    ({ guid, title, inside = '' }, index) =>
      `<item><guid isPermaLink="false">${xml(guid ?? `guid-${index}`)}</guid>${
        title === undefined ? '' : `<title>${xml(title)}</title>`
      }${inside}</item>`,
  )
  .join('\n')}
</channel></rss>`

export const asFeed = (body: string | Buffer, headers: Record<string, string> = {}): Served => ({
  body,
  headers: { 'content-type': 'application/rss+xml', ...headers },
})
