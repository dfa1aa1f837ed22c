import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Feed } from '#shared/contract/feeds.ts'
import { fail, type Json, ok, type Result } from '#shared/result.ts'
import type { House } from '../compose.ts'
import { writeFileAtomic } from '../storage/write-file.ts'
import type { ParsedArguments } from './arguments.ts'
import { type CommandResult, createProgressLine, exitCodes, type Io } from './output.ts'
import { columns, count, dateOf, done, failed } from './words.ts'

/** What the command line offers where the app has a button. */
const hints: Readonly<Record<string, string>> = {
  'needs-password': 'Here: --username NAME --password-stdin, or --token-stdin.',
  'keychain-unavailable': 'Here: --session-only.',
}
const maxOpmlBytes = 5_000_000

type Run = (house: House, parsed: ParsedArguments, io: Io) => Promise<CommandResult>

export const addFeed: Run = async (house, { args, username, secretFromStdin, sessionOnly, allowLocal }, io) => {
  const secret = secretFromStdin === null ? '' : (await io.stdin()).replace(/\r?\n$/, '')
  if (secretFromStdin !== null && secret === '')
    return failed({ code: 'usage', message: `There was no ${secretFromStdin} on standard input.`, retryable: false })
  const added = await house.handlers.feeds.add({
    url: args[0]!,
    secretStorage: sessionOnly ? 'session' : 'keychain',
    allowLocalNetwork: allowLocal,
    ...(secretFromStdin === 'password'
      ? { credentials: { type: 'basic', username: username!, password: secret } }
      : {}),
    ...(secretFromStdin === 'token' ? { credentials: { type: 'bearer', token: secret } } : {}),
  })
  if (!added.ok) {
    const hint = hints[added.error.code]
    return failed(hint ? { ...added.error, message: `${added.error.message} ${hint}` } : added.error)
  }
  await house.feeds.settled()
  const { feed, alreadyFollowed } = added.value
  return done({ feed, alreadyFollowed }, [
    `${alreadyFollowed ? 'You follow it already' : 'Following'}: ${feed.title}, ${count(feed.episodeCount, 'episode')}.`,
    feed.id,
  ])
}

export const listFeeds: Run = async (house) => {
  const feeds = await house.handlers.feeds.list({})
  if (!feeds.ok) return failed(feeds.error)
  const rows = feeds.value.map((feed) => [
    feed.id,
    feed.title,
    count(feed.episodeCount, 'episode'),
    `${feed.newCount} new`,
    feed.state.message,
  ])
  return done(feeds.value, rows.length > 0 ? columns(rows) : ['No feeds yet. Add one with: inkwell feeds add <url>'])
}

export const refreshFeeds: Run = async (house, { args }, io) => {
  const feedIds: string[] = []
  for (const name of args) {
    const feed = await findFeed(house, name)
    if (!feed.ok) return failed(feed.error)
    feedIds.push(feed.value.id)
  }
  const line = createProgressLine(io)
  const off = house.events.on('feeds.progress', ({ done, total }) =>
    line.show('refresh', `Refreshing feeds: ${done} of ${total}`),
  )
  const refreshed = await house.handlers.feeds.refresh(feedIds.length > 0 ? { feedIds } : {})
  off()
  line.clear()
  if (!refreshed.ok) return failed(refreshed.error)
  const { outcomes } = refreshed.value
  const words = { updated: 'updated', unchanged: 'nothing new', failed: 'not read', skipped: 'not asked' } as const
  const broken = outcomes.filter(({ outcome }) => outcome === 'failed')
  const lines = columns(
    outcomes.map(({ title, outcome, newEpisodes, state }) => [
      title,
      newEpisodes > 0 ? count(newEpisodes, 'new episode') : words[outcome],
      outcome === 'failed' ? state.message : '',
    ]),
  )
  if (broken.length === 0) return done({ outcomes }, lines.length > 0 ? lines : ['No feed is due.'])
  return {
    exitCode: exitCodes.failed,
    data: { outcomes } as unknown as Json,
    lines,
    error: {
      code: 'feeds-not-read',
      message: `${count(broken.length, 'feed')} could not be read. What was known of them is kept.`,
      retryable: true,
    },
  }
}

export const removeFeed: Run = async (house, { args }) => {
  const feed = await findFeed(house, args[0]!)
  if (!feed.ok) return failed(feed.error)
  const removed = await house.handlers.feeds.remove({ feedId: feed.value.id })
  if (!removed.ok) return failed(removed.error)
  const { keptNotes } = removed.value
  return done(removed.value, [
    `Removed ${feed.value.title}.${keptNotes > 0 ? ` Your ${count(keptNotes, 'note')} stay in the notes folder.` : ''}`,
  ])
}

export const importOpml: Run = async (house, { args }, io) => {
  const path = resolve(io.cwd, args[0]!)
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return failed({ code: 'file-unreadable', message: `${path} cannot be read (${code}).`, retryable: false })
  }
  if (bytes.length > maxOpmlBytes)
    return failed({
      code: 'too-large',
      message: `${path} is larger than 5 MB, which no list of feeds is.`,
      retryable: false,
    })
  const report = await house.feeds.importOpmlBytes(bytes)
  if (!report.ok) return failed(report.error)
  io.err('Reading the feeds that were added.\n')
  await house.feeds.settled()
  const { feedIds: _, ...told } = report.value
  const { added, alreadyFollowed, failed: notTaken, lines } = told
  const summary = `${count(added, 'feed')} added, ${alreadyFollowed} followed already, ${notTaken} not taken.`
  const problems = lines
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'refused')
    .map(({ line, title, urlDisplay, message }) => `line ${line}: ${title ?? urlDisplay ?? 'no name'}: ${message}`)
  return done(told, [summary, ...problems])
}

export const exportOpml: Run = async (house, { args, private: includePrivate }, { cwd }) => {
  const exported = await house.feeds.opmlText({ includePrivate })
  if (!exported.ok) return failed(exported.error)
  const { text, feeds, leftOut } = exported.value
  if (args[0] === undefined) return done({ text, feeds, leftOut }, [text.trimEnd()])
  const path = resolve(cwd, args[0])
  await writeFileAtomic(path, text)
  const left = leftOut > 0 ? ` ${count(leftOut, 'private feed')} left out; --private takes them along.` : ''
  return done({ path, feeds, leftOut }, [`${count(feeds, 'feed')} written to ${path}.${left}`])
}

/** By id, by the start of an id that fits one feed only, or by title. */
export async function findFeed(house: House, name: string): Promise<Result<Feed, string>> {
  const feeds = await house.handlers.feeds.list({})
  if (!feeds.ok) return feeds
  const wanted = name.trim().toLowerCase()
  const fitting = [
    (feed: Feed) => feed.id === wanted,
    (feed: Feed) => feed.title.toLowerCase() === wanted,
    (feed: Feed) => wanted.length >= 4 && feed.id.startsWith(wanted),
  ]
    .map((fits) => feeds.value.filter(fits))
    .find((found) => found.length > 0)
  if (!fitting) return fail('no-such-feed', `You follow no feed called “${name}”. See them with: inkwell feeds list`)
  if (fitting.length > 1)
    return fail(
      'ambiguous-feed',
      `${fitting.length} feeds are called “${name}”. Name it by its id: ${fitting.map(({ id }) => id).join(', ')}.`,
    )
  return ok(fitting[0]!)
}

export const listEpisodes: Run = async (house, { args }) => {
  const feed = await findFeed(house, args[0]!)
  if (!feed.ok) return failed(feed.error)
  const episodes = await house.handlers.episodes.list({ feedId: feed.value.id })
  if (!episodes.ok) return failed(episodes.error)
  const from = {
    stored: 'transcript',
    publisher: 'transcript',
    sidecar: 'transcript',
    text: 'text',
    captions: 'captions',
    none: 'no words',
  }
  const rows = episodes.value.map((episode) => [
    episode.id,
    dateOf(episode.publishedAtMs),
    from[episode.transcript],
    episode.noteCount > 0 ? count(episode.noteCount, 'note') : episode.state,
    episode.title,
  ])
  return done({ feed: feed.value, episodes: episodes.value }, rows.length > 0 ? columns(rows) : ['No episodes yet.'])
}
