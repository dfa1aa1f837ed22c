import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ok, type Result } from '#shared/result.ts'
import { readProfileIdentity } from '../../credentials/profile-identity.ts'
import { type Credentials, createCredentials } from '../../credentials/service.ts'
import { createSessionSecrets } from '../../credentials/session-secrets.ts'
import type { ReadEpisodeFacts } from '../../episodes/facts.ts'
import { episodesTable } from '../../episodes/seal.ts'
import { createEpisodesService, type EpisodesService } from '../../episodes/service.ts'
import { createEvents } from '../../events.ts'
import { createIds } from '../../ids.ts'
import { type Loopback, serveHttp } from '../../net/fixtures/loopback-server.ts'
import { createHostQueue } from '../../net/host-queue.ts'
import { createHttp } from '../../net/http.ts'
import type { Http, HttpRequest, Log, SecretStore, WorkerRunner } from '../../ports.ts'
import { settingsTable } from '../../settings/store.ts'
import { auditTable } from '../../storage/audit-row.ts'
import { isSealed } from '../../storage/seals.ts'
import { openStorage, type SqlValue, type Storage } from '../../storage/storage.ts'
import type { FeedDeps } from '../deps.ts'
import { parseFeed } from '../parse/parse-feed.ts'
import { createFeedsService, type FeedsService } from '../service.ts'
import { feedsTable } from '../store.ts'

/** What a path of the test server answers; a function answers anew each time. */
export interface Answer {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
  /** Ends the connection before all of it was sent. */
  readonly cut?: boolean
}
export type Routes = Record<string, Answer | ((headers: Record<string, string | string[] | undefined>) => Answer)>

export interface FeedHouse {
  readonly feeds: FeedsService
  readonly episodes: EpisodesService
  readonly storage: Storage
  readonly credentials: Credentials
  readonly keychain: Map<string, string>
  readonly clock: { nowMs: number }
  readonly profilePath: string
  readonly logLines: string[]
  readonly emitted: { event: string; payload: unknown }[]
  /** Requests in order, as they were asked of Http. */
  readonly asked: HttpRequest[]
  /** Answers for every host name, by path; may be changed at any time. */
  readonly routes: Routes
  readonly server: Loopback
  /** `http://<name>.example:<port><path>`; every such name leads to the one test server. */
  at(name: string, path: string): string
  /** Secrets of the session are forgotten, as a restart does. */
  restart(): Promise<void>
  close(): Promise<void>
}

const dayMs = 86_400_000
export const startMs = Date.UTC(2026, 10, 23, 12)
export const daysAgo = (days: number): string => new Date(startMs - days * dayMs).toUTCString()

/** Parses here: a thread per feed would make the suite slow; one test uses real ones. */
export const parseHere: WorkerRunner = {
  run: async <Input, Output>(_: string, input: Input) => {
    const { bytes, ...options } = input as { bytes: Buffer; contentType: string | null; url: string | null }
    return ok(parseFeed(bytes, options) as Output)
  },
}

export async function openFeedHouse(
  options: {
    keychain?: 'works' | 'missing'
    /** Http itself, with its address rules, instead of one that lets the test server's names through. */
    strictAddresses?: boolean
    facts?: ReadEpisodeFacts
    workers?: WorkerRunner
    deps?: Partial<FeedDeps>
  } = {},
): Promise<FeedHouse> {
  const profilePath = mkdtempSync(join(tmpdir(), 'inkwell-feeds-'))
  const clock = { nowMs: startMs }
  const now = { now: () => clock.nowMs }
  const opened = openStorage(join(profilePath, 'inkwell.db'), { clock: now, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  const storage = opened.value
  const logLines: string[] = []
  const write = (operation: string, fields?: Record<string, unknown>) =>
    void logLines.push(JSON.stringify([operation, fields]))
  const log: Log = { info: write, warn: write, error: write }
  const emitted: FeedHouse['emitted'] = []
  const events = createEvents((error) => {
    throw error
  })
  events.onAny((event, payload) => emitted.push({ event, payload }))
  const routes: Routes = {}
  const server = await serveHttp((request, response) => {
    const path = request.url ?? '/'
    const found = routes[`${request.headers.host?.split('.')[0]}${path}`] ?? routes[path]
    const answer =
      typeof found === 'function' ? found(request.headers) : (found ?? { status: 404, body: 'nothing here' })
    response.writeHead(answer.status ?? 200, answer.headers)
    if (answer.cut) response.write(answer.body ?? '', () => response.socket?.end())
    else response.end(answer.body ?? '')
  })
  const port = server.host.split(':')[1]
  const asked: HttpRequest[] = []
  const http = createHttp({ log, clock: now, resolve: async () => [{ address: '127.0.0.1', family: 4 }] })
  const isOurs = (url: string) => URL.canParse(url) && new URL(url).port === port
  const names = ['show', 'other', 'cdn', 'site', 'new', 'youtube', 'apple'].map((name) => `${name}.example:${port}`)
  const recorded: Http = {
    get: (request) => {
      asked.push(request)
      const allowLocalHosts =
        isOurs(request.url) && !options.strictAddresses ? [...names, server.host] : (request.allowLocalHosts ?? [])
      return http.get({ ...request, allowLocalHosts })
    },
  }
  const keychain = new Map<string, string>()
  const { profileId, salt } = readProfileIdentity(storage, clock.nowMs)
  const make = () => {
    const credentials = createCredentials({
      keychain: fakeKeychain(keychain, options.keychain ?? 'works'),
      session: createSessionSecrets(),
      profileId,
    })
    const ids = createIds(now)
    const feeds = createFeedsService({
      downloader: http,
      storage,
      events,
      clock: now,
      ids,
      log,
      http: recorded,
      hostQueue: createHostQueue(),
      workers: options.workers ?? parseHere,
      credentials,
      salt,
      profilePath,
      desktop: null,
      offeredFiles: { pathOf: () => null },
      ...(options.facts ? { facts: options.facts } : {}),
      youTubeUrl: `http://youtube.example:${port}`,
      appleUrl: `http://apple.example:${port}`,
      ...options.deps,
    })
    const episodes = createEpisodesService({
      storage,
      events,
      clock: now,
      ids,
      desktop: null,
      openSecrets: feeds.open,
      ...(options.facts ? { facts: options.facts } : {}),
    })
    return { credentials, feeds, episodes }
  }
  let made = make()
  return {
    get feeds() {
      return made.feeds
    },
    get episodes() {
      return made.episodes
    },
    get credentials() {
      return made.credentials
    },
    storage,
    keychain,
    clock,
    profilePath,
    logLines,
    emitted,
    asked,
    routes,
    server,
    at: (name, path) => `http://${name}.example:${port}${path}`,
    restart: async () => {
      await made.feeds.close()
      made = make()
      await made.feeds.start()
    },
    close: async () => {
      await made.feeds.close()
      await http.close()
      await server.close()
      const broken = brokenSeals(storage)
      storage.close()
      rmSync(profilePath, { recursive: true, force: true })
      if (broken.length > 0) throw new Error(`rows without their seal: ${broken.join(', ')}`)
    },
  }
}

/** Whatever a test did: every row that was written carries its checksum. */
const brokenSeals = (storage: Storage): string[] =>
  [feedsTable, episodesTable, settingsTable, auditTable].flatMap((table) =>
    storage
      .all<Record<string, SqlValue>>(`SELECT * FROM ${table.name}`)
      .filter((row) => !isSealed(table, row))
      .map((row) => `${table.name} ${String(row[table.key])}`),
  )

function fakeKeychain(
  entries: Map<string, string>,
  state: 'works' | 'missing',
): SecretStore & { available(): Promise<boolean> } {
  const guard = <Value>(value: () => Value): Result<Value, 'keychain-unavailable'> =>
    state === 'works'
      ? ok(value())
      : { ok: false, error: { code: 'keychain-unavailable', message: 'No keychain.', retryable: true } }
  return {
    kind: 'keychain',
    available: async () => state === 'works',
    get: async (account) => guard(() => entries.get(account) ?? null),
    set: async (account, secret) =>
      guard(() => {
        entries.set(account, secret)
        return null
      }),
    delete: async (account) =>
      guard(() => {
        entries.delete(account)
        return null
      }),
  }
}

export interface ItemText {
  readonly guid?: string | null
  readonly title?: string
  readonly days?: number
  readonly media?: string | null
  readonly duration?: string
  readonly more?: string
}
const xml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')

/** An RSS document as a publisher writes it. */
export function rss(items: readonly ItemText[], options: { title?: string; channel?: string } = {}): string {
  const item = ({ guid, title = 'Untold', days = 1, media, duration, more = '' }: ItemText): string =>
    `<item><title>${xml(title)}</title>${guid ? `<guid isPermaLink="false">${xml(guid)}</guid>` : ''}<pubDate>${daysAgo(days)}</pubDate>${
      media ? `<enclosure url="${xml(media)}" type="audio/mpeg" length="1000000"/>` : ''
    }${duration ? `<itunes:duration>${duration}</itunes:duration>` : ''}${more}</item>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>${xml(options.title ?? 'Signal Box')}</title><link>https://signalbox.example/</link><language>en</language>${options.channel ?? ''}
${items.map(item).join('\n')}
</channel></rss>`
}

export const episode = (number: number, more: Partial<ItemText> = {}): ItemText => ({
  guid: `guid-${number}`,
  title: `Episode ${number}`,
  days: number,
  media: `https://media.example/${number}.mp3`,
  ...more,
})
export const feedAnswer = (body: string, headers: Record<string, string> = {}): Answer => ({
  body,
  headers: { 'content-type': 'application/rss+xml; charset=utf-8', ...headers },
})

/** Fails the test with the reason when a call did. */
export function must<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`)
  return result.value
}
