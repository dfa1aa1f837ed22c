import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Feed } from '#shared/contract/feeds.ts'
import { contract } from '#shared/contract/index.ts'
import type { Job } from '#shared/contract/jobs.ts'
import { compose } from '../compose.ts'
import { runHeadless } from '../headless/run.ts'
import { canaries, canariesIn, leaksUnder } from './canaries.ts'
import { type HostileHouse, openHostileHouse } from './hostile-house.ts'
import { followPrivately, type PrivateFeed, servePrivateFeeds } from './private-feeds.ts'

let home: HostileHouse
let privates: PrivateFeed[]
const feedIds = new Map<string, string>()
const told: string[] = []

beforeAll(async () => {
  home = await openHostileHouse()
  home.house.events.onAny((event, payload) => told.push(JSON.stringify([event, payload])))
  privates = servePrivateFeeds(home.routes, home.at)
  await Promise.all(privates.map(async (one) => feedIds.set(one.name, await followPrivately(home, one))))
  await home.house.feeds.settled()
})
afterAll(() => home.close())

const note = (value: unknown): void => void told.push(JSON.stringify(value) ?? '')

it('the search itself finds a canary, however it is spelled', () => {
  const { basic } = canaries
  for (const text of [basic, basic.toUpperCase(), Buffer.from(`ana:${basic}`).toString('base64'), `x${basic}y`])
    expect(canariesIn(Buffer.from(`before ${text} after`))).toEqual(['basic'])
  expect(canariesIn(Buffer.from(basic, 'utf16le'))).toEqual(['basic'])
  const planted = join(home.profilePath, 'planted')
  writeFileSync(planted, basic)
  expect(leaksUnder(home.root)).toEqual({ [planted]: ['basic'] })
  writeFileSync(planted, '')
})

describe('47 and 118: a secret is in the secret store and nowhere else', () => {
  it('was sent where it belongs, and the notes were made', async () => {
    const episodes = (await Promise.all([...feedIds.values()].map((id) => home.episodes(id)))).flat()
    expect(episodes).toHaveLength(10)
    await home.ask('jobs.start', { episodeIds: episodes.map(({ id }) => id), templates: ['summary'] })
    await home.house.jobs.idle()
    for (const { episodeTitle, state, error } of await home.ask<Job[]>('jobs.list'))
      expect([state, error?.code], episodeTitle).toEqual(
        episodeTitle.startsWith('Read') ? ['done', undefined] : ['failed', 'transcript-unreachable'],
      )
    home.expectHarmless()
  })

  it('errors, refusals and a refresh that fails tell nothing either', async () => {
    const [first] = privates
    note(await home.tell('feeds.add', { url: first!.url, secretStorage: 'keychain', allowLocalNetwork: true }))
    note(
      await home.tell('feeds.add', {
        url: privates[1]!.url.replace(canaries.query, 'wr0ngQu3ryKx92mT5'),
        secretStorage: 'session',
        allowLocalNetwork: true,
      }),
    )
    note(
      await home.tell('feeds.add', {
        url: privates[2]!.url.replace('feed.xml', 'gone.xml'),
        secretStorage: 'session',
        allowLocalNetwork: true,
      }),
    )
    note(await home.tell('intake.inspect', { text: privates.map(({ url }) => url).join('\n') }))
    note(await home.tell('intake.accept', { text: privates[0]!.url }))
    for (const [path, route] of Object.entries(home.routes))
      if (path.endsWith('feed.xml')) {
        home.routes[path] = {
          status: 302,
          headers: {
            location: `http://elsewhere.example/${canaries.path}?auth=${canaries.query}&token=${canaries.item}`,
          },
        }
        note(await home.ask('feeds.refresh', { feedIds: [...feedIds.values()] }))
        home.routes[path] = route
      }
    note(await home.ask('feeds.refresh', { feedIds: [...feedIds.values()] }))
    const states = (await home.ask<Feed[]>('feeds.list')).map(({ state }) => state.kind)
    expect(new Set(states)).toEqual(new Set(['fine']))
    home.house.log.warn('planted', {
      url: privates[0]!.url,
      error: new Error(`GET ${privates[1]!.url} with Bearer ${canaries.bearer}`),
      headers: { authorization: `Bearer ${canaries.bearer}`, cookie: `auth=${canaries.query}` },
      password: canaries.basic,
    })
  })

  it('no answer to any page holds one', async () => {
    const ids = {
      feedId: [...feedIds.values()],
      episodeId: (await home.ask<{ id: string }[]>('episodes.list')).map(({ id }) => id),
      jobId: (await home.ask<{ id: string }[]>('jobs.list')).map(({ id }) => id),
    }
    for (const [feature, entries] of Object.entries(contract))
      for (const [name, entry] of Object.entries(entries)) {
        if (entry.kind !== 'query') continue
        note(await home.tell(`${feature}.${name}`))
        note(await home.tell(`${feature}.${name}`, { limit: 50 }))
        for (const [key, values] of Object.entries(ids))
          for (const id of values) note(await home.tell(`${feature}.${name}`, { [key]: id }))
      }
    for (const episodeId of ids.episodeId)
      for (const { id } of await home.ask<{ id: string }[]>('notes.list', { episodeId }))
        note(await home.ask('notes.read', { noteId: id }))
    expect(told.length).toBeGreaterThan(100)
    expect(canariesIn(Buffer.from(told.join('\n')))).toEqual([])
  })

  it('exports and what a headless run prints hold none', async () => {
    let printed = ''
    const run = (...args: string[]) =>
      runHeadless(
        args,
        {
          out: (words) => {
            printed += words
          },
          err: (words) => {
            printed += words
          },
          errIsTerminal: false,
          stdin: async () => `${canaries.basic}\n`,
          env: { INKWELL_PROFILE: home.profilePath },
          cwd: home.root,
          interrupted: new AbortController().signal,
        },
        {
          version: '9',
          open: (profilePath) =>
            compose({
              profilePath,
              entry: new URL('../headless.ts', import.meta.url),
              origin: 'headless',
              desktop: null,
            }),
        },
      )
    const outside = join(home.profilePath, 'exported')
    mkdirSync(outside)
    await run('feeds', 'list', '--json')
    await run('feeds', 'refresh', '--json')
    for (const id of feedIds.values()) await run('episodes', id, '--json')
    await run('jobs', '--json')
    await run('feeds', 'export-opml', join(outside, 'feeds.opml'), '--json')
    await run('feeds', 'export-opml')
    await run('process', privates[0]!.url, '--json')
    await run('process', privates[1]!.url, join(home.root, 'nowhere'))
    await run('feeds', 'add', home.at('/basic/feed.xml'), '--username', 'ana', '--password-stdin', '--session-only')
    expect(printed).toContain('"schema_version":1')
    expect(existsSync(join(outside, 'feeds.opml'))).toBe(true)
    expect(canariesIn(Buffer.from(printed))).toEqual([])
    const withPrivate = await home.house.feeds.opmlText({ includePrivate: true })
    expect(canariesIn(Buffer.from(JSON.stringify(withPrivate))).sort()).toEqual(['basic', 'path', 'query', 'userinfo'])
  })

  it('no byte of profile, vault, log or database (with its write-ahead log) holds one, before or after the end', async () => {
    expect(existsSync(join(home.profilePath, 'inkwell.db-wal'))).toBe(true)
    expect(leaksUnder(home.root)).toEqual({})
    const vault = readFileSync(join(home.profilePath, 'logs/inkwell.log'), 'utf8')
    expect(vault.split('\n').length).toBeGreaterThan(50)
    await home.end()
    expect(leaksUnder(home.root)).toEqual({})
  })
})
