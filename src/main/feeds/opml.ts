import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { OpmlReport } from '#shared/contract/feeds.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Transaction } from '../storage/storage.ts'
import { writeFileAtomic } from '../storage/write-file.ts'
import { readAddress, type YouTubePlace } from './address.ts'
import type { FeedDeps } from './deps.ts'
import { type FeedSecrets, feedSubject } from './feed-secrets.ts'
import { decodeOpml, type OpmlFailure, type OpmlOutline, readOpml } from './opml-read.ts'
import { type OpmlFeed, writeOpml } from './opml-write.ts'
import { newEntry } from './private-entry.ts'
import { youTubeFeedUrl } from './resolve.ts'
import { titleOf } from './rows.ts'
import { insertFeed, listFeeds, readFeedByKey, updateFeed } from './store.ts'
import { displayUrl, secretsOfUrl, urlKey } from './url-secrets.ts'

type Line = OpmlReport['lines'][number]
export interface OpmlExport {
  readonly text: string
  readonly feeds: number
  /** Private ones, and those whose secret is gone. */
  readonly leftOut: number
}
export type OpmlFileFailure = OpmlFailure | 'file-missing' | 'file-unreadable' | 'write-failed' | 'no-window'

export interface Opml {
  /** Adds what it can, without the network; each outline gets a line. @returns also the ids of feeds to be read now */
  importText(text: string): Promise<Result<OpmlReport & { feedIds: string[] }, OpmlFailure>>
  exportText(options: { includePrivate: boolean }): Promise<OpmlExport>
  importFile(token: string | undefined): Promise<Result<(OpmlReport & { feedIds: string[] }) | null, OpmlFileFailure>>
  exportFile(options: {
    includePrivate: boolean
  }): Promise<Result<{ fileName: string; feeds: number; leftOut: number } | null, OpmlFileFailure>>
}

interface Ready {
  readonly outline: OpmlOutline
  readonly id: string
  readonly key: string
  readonly url: string
  readonly isPrivate: boolean
  readonly kind: 'rss' | 'youtube'
}
type YouTubeList = Extract<YouTubePlace, { list: string }>

const maxFileBytes = 5_000_000
/** Feeds per transaction: about 5 ms. */
const batchSize = 25

const lineOf = (outline: OpmlOutline, outcome: Line['outcome'], message: string, url?: string): Line => ({
  line: outline.line,
  title: outline.title,
  urlDisplay: url === undefined ? null : displayUrl(url),
  outcome,
  message,
})

export function createOpml(deps: FeedDeps, secrets: FeedSecrets): Opml {
  const { storage, clock, ids, salt, desktop, offeredFiles } = deps

  /** What an outline asks for: a line of the report, or a feed to be stored. The secret of a private one is kept first. */
  const understand = async (outline: OpmlOutline): Promise<Line | Ready> => {
    const say = (outcome: Line['outcome'], message: string, url?: string): Line =>
      lineOf(outline, outcome, message, url)
    if (outline.type === 'include')
      return say('refused', 'Names another list, which is not followed. Import that list by itself.')
    if (outline.type === 'link')
      return say('refused', 'Is a link to a page or another list, not a feed. If it is a list, import it by itself.')
    if (outline.url === '') return say('refused', 'Names no feed, only a page. Paste that page under “Add a feed”.')
    const address = readAddress(outline.url.slice(0, 4_096))
    if (!address.ok) return say('refused', address.error.message.replace(/ Nothing was opened\./, ''))
    const place = address.value
    if (place.kind === 'apple' || (place.kind === 'youtube' && 'page' in place.place))
      return say('failed', 'Is the page of a show, not its feed. Paste it under “Add a feed”, which looks the feed up.')
    const url = place.kind === 'web' ? place.url : youTubeFeedUrl(deps, place.place as YouTubeList)
    const credentials = place.kind === 'web' && place.userInfo ? { type: 'basic' as const, ...place.userInfo } : null
    const key = urlKey(url, salt)
    const isPrivate = credentials !== null || secretsOfUrl(url).length > 0
    const known = isPrivate ? readFeedByKey(storage, key) : undefined
    if (known && known.removed_at_ms === null) return say('already-followed', 'Is followed already.', url)
    const id = known?.id ?? ids.next()
    if (isPrivate) {
      const kept = await secrets.save(feedSubject(id), newEntry(url, credentials), 'keychain')
      if (!kept.ok)
        return say(
          'failed',
          'Is private, and this computer’s keychain cannot be used. Add it by hand for this session.',
          url,
        )
    }
    return { outline, id, key, url, isPrivate, kind: place.kind === 'youtube' ? 'youtube' : 'rss' }
  }

  const store = (tx: Transaction, ready: Ready): { line: Line; feedId: string | null } => {
    const { outline, id, key, url, isPrivate, kind } = ready
    const before = readFeedByKey(tx, key)
    if (before && before.removed_at_ms === null)
      return { feedId: null, line: lineOf(outline, 'already-followed', 'Is followed already.', url) }
    const columns = {
      url: isPrivate ? null : url,
      url_display: displayUrl(url),
      is_private: Number(isPrivate),
      secret_storage: isPrivate ? 'keychain' : null,
      removed_at_ms: null,
    }
    tx.audit(`feed:${before?.id ?? id}`, before ? { removedAtMs: before.removed_at_ms } : null, {
      urlDisplay: columns.url_display,
      title: outline.title,
      category: outline.category,
    })
    if (before) {
      updateFeed(tx, before.id, columns)
      const message = 'Was removed before; it is back with its episodes.'
      return { feedId: before.id, line: lineOf(outline, 'added', message, url) }
    }
    insertFeed(tx, {
      ...columns,
      id,
      kind,
      own_title: outline.title ?? new URL(url).host,
      category: outline.category,
      url_key: key,
      added_at_ms: clock.now(),
      state_kind: 'new',
      state_message: 'Not read yet',
    })
    return { feedId: id, line: lineOf(outline, 'added', 'Added.', url) }
  }

  const importText: Opml['importText'] = async (text) => {
    const document = readOpml(text)
    if (!document.ok) return document
    const lines: Line[] = []
    const feedIds: string[] = []
    let waiting: Ready[] = []
    const flush = async (): Promise<void> => {
      if (waiting.length === 0) return
      const batch = waiting
      waiting = []
      storage.write('feeds.importOpml', (tx) => {
        for (const ready of batch) {
          const { line, feedId } = store(tx, ready)
          lines.push(line)
          if (feedId !== null) feedIds.push(feedId)
        }
        tx.audit('feeds', null, { outlines: batch.length })
      })
      // Views stay alive while 5,000 feeds come in.
      await nextTurn()
    }
    for (const outline of document.value.outlines) {
      const found = await understand(outline)
      if ('outcome' in found) lines.push(found)
      else waiting.push(found)
      // A private one is stored at once: its secret is kept under its id already, and a second one must find it.
      if (waiting.length >= batchSize || ('isPrivate' in found && found.isPrivate)) await flush()
    }
    await flush()
    lines.sort((a, b) => a.line - b.line)
    const { leftOut } = document.value
    if (leftOut > 0)
      lines.push({
        line: document.value.outlines.at(-1)?.line ?? 1,
        title: null,
        urlDisplay: null,
        outcome: 'failed',
        message: `${leftOut} more feeds after this line were left out: a list may have 5,000. Split the file and import the rest.`,
      })
    if (document.value.tooDeep)
      lines.push({
        line: document.value.outlines.at(-1)?.line ?? 1,
        title: null,
        urlDisplay: null,
        outcome: 'failed',
        message: 'This list is nested deeper than any program writes one. What comes after this line was left out.',
      })
    const count = (outcome: Line['outcome']): number => lines.filter((line) => line.outcome === outcome).length
    return ok({
      added: count('added'),
      alreadyFollowed: count('already-followed'),
      failed: count('failed') + count('refused'),
      lines,
      feedIds,
    })
  }

  const exportText: Opml['exportText'] = async ({ includePrivate }) => {
    const feeds: OpmlFeed[] = []
    let leftOut = 0
    for (const row of listFeeds(storage)) {
      if (row.kind === 'local' || row.kind === 'sample') continue
      const url = row.is_private ? (includePrivate ? await privateUrl(row.id) : null) : row.url
      if (url === null) leftOut += 1
      else
        feeds.push({
          title: titleOf(row),
          url,
          siteUrl: row.site_url?.includes('{secret:') ? null : row.site_url,
          category: row.category,
        })
    }
    return { text: writeOpml(feeds, clock.now()), feeds: feeds.length, leftOut }
  }

  /** With user and password, as the user chose to take it along. */
  const privateUrl = async (feedId: string): Promise<string | null> => {
    const entry = await secrets.load(feedSubject(feedId))
    if (!entry) return null
    const url = new URL(entry.url)
    if (entry.credentials?.type === 'basic') {
      url.username = encodeURIComponent(entry.credentials.username)
      url.password = encodeURIComponent(entry.credentials.password)
    }
    return url.href
  }

  return {
    importText,
    exportText,
    importFile: async (token) => {
      if (token === undefined && !desktop)
        return fail('no-window', 'There is no window to choose a file in. Name the file.')
      const path =
        token === undefined
          ? (await desktop!.chooseFiles('Import feeds', ['opml', 'xml']))[0]
          : offeredFiles.pathOf(token)
      if (path === undefined) return ok(null)
      if (path === null) return fail('file-missing', 'This file is not on offer any more. Choose it again.')
      try {
        const { size } = await regularFile(path)
        if (size > maxFileBytes)
          return fail(
            'too-large',
            `${basename(path)} is larger than 5 MB, which no list of feeds is. Nothing was added.`,
          )
        return await importText(decodeOpml(await readFile(path)))
      } catch (error) {
        return fail(
          'file-unreadable',
          `${basename(path)} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'not a file'}). Nothing was added.`,
        )
      }
    },
    exportFile: async (options) => {
      if (!desktop) return fail('no-window', 'There is no window to choose a file in.')
      const day = new Date(clock.now()).toISOString().slice(0, 10)
      const path = await desktop.chooseSavePath('Export feeds', `inkwell-feeds-${day}.opml`)
      if (path === null) return ok(null)
      const { text, feeds, leftOut } = await exportText(options)
      try {
        await writeFileAtomic(path, text, options.includePrivate ? { mode: 0o600 } : {})
      } catch (error) {
        return fail(
          'write-failed',
          `${basename(path)} could not be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}). Choose another folder.`,
        )
      }
      return ok({ fileName: basename(path), feeds, leftOut })
    },
  }
}

/** A pipe or device would be waited for without end. */
async function regularFile(path: string): Promise<{ size: number }> {
  const found = await stat(path)
  if (!found.isFile()) throw new Error('not a file')
  return found
}
