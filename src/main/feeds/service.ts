import type { Credentials, Feed, OpmlReport } from '#shared/contract/feeds.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { SecretSubjects } from '../credentials/secret-subjects.ts'
import type { FeedFetcher } from '../services.ts'
import type { FeedDownloader } from '../services-sound.ts'
import { type AddFailure, type AddInput, createAdd } from './add.ts'
import { type ArtworkFile, artworkFile } from './artwork.ts'
import type { FeedDeps } from './deps.ts'
import { createFeedEdits, type FeedEdits } from './edits.ts'
import { createFeedSecrets, entryFor, feedSubject } from './feed-secrets.ts'
import { createFeedFetcher, type SecretOpener } from './fetcher.ts'
import { listOpenMoves, readProposal, readUndoable, undoMoveMs } from './move-store.ts'
import { createMoves, type MoveFailure } from './moves.ts'
import { createOpml, type OpmlExport, type OpmlFileFailure } from './opml.ts'
import { decodeOpml, type OpmlFailure } from './opml-read.ts'
import { createRefresher, type Outcome } from './refresh.ts'
import { createRefreshMany } from './refresh-many.ts'
import { toFeed } from './rows.ts'
import { addSampleFeed } from './sample.ts'
import { feedSecretSubjects } from './secret-subjects.ts'
import { countEpisodes, countEpisodesOf, listFeeds, noValidators, readFeed, stateColumns, updateFeed } from './store.ts'
import { sweepSecrets } from './sweep.ts'

export type FeedFailure =
  | AddFailure
  | MoveFailure
  | 'feed-missing'
  | 'needs-address'
  | 'needs-password'
  | 'invalid-secret'
type Answer<Value> = Result<Value, FeedFailure>

export interface FeedsService extends FeedFetcher, FeedDownloader, SecretOpener {
  list(): Feed[]
  get(feedId: string): Answer<Feed>
  add(input: AddInput): Promise<Answer<{ feed: Feed; alreadyFollowed: boolean }>>
  /** The feed that comes with Inkwell, served from its own files. */
  addSample(): Promise<{ feed: Feed; alreadyFollowed: boolean }>
  /** Those named, whatever their state; else all that are due. */
  refresh(feedIds?: readonly string[]): Promise<Outcome[]>
  /** For the start of the app: looks after secrets kept for a session that is over, then asks what is due. */
  refreshDue(): Promise<Outcome[]>
  /** Marks feeds whose secret did not survive the restart. Once, at start, before the first view. */
  start(): Promise<void>
  rename(feedId: string, title: string | null): Answer<Feed>
  setCategory(feedId: string, category: string | null): Answer<Feed>
  setPaused(feedId: string, paused: boolean): Answer<Feed>
  setCredentials(feedId: string, credentials: Credentials, where: 'keychain' | 'session'): Promise<Answer<Feed>>
  /** Leaves the list; episodes, notes and secret stay for `undoRemove` and for adding it again. */
  remove(feedId: string): Answer<{ feedId: string; keptNotes: number }>
  undoRemove(feedId: string): Answer<Feed>
  acceptMove(feedId: string): Promise<Answer<Feed>>
  dismissMove(feedId: string): Answer<Feed>
  undoMove(feedId: string): Promise<Answer<Feed>>
  importOpml(token: string | undefined): Promise<Result<OpmlReport | null, OpmlFileFailure>>
  /** Without a window. The feeds are added at once and read in the background (`settled`). */
  importOpmlText(text: string): Promise<Result<OpmlReport, OpmlFailure>>
  exportOpml(options: {
    includePrivate: boolean
  }): Promise<Result<{ fileName: string; feeds: number; leftOut: number } | null, OpmlFileFailure>>
  /** With the ids of the feeds that were added. */
  importOpmlBytes(bytes: Buffer): Promise<Result<OpmlReport & { feedIds: string[] }, OpmlFailure>>
  opmlText(options: { includePrivate: boolean }): Promise<Result<OpmlExport, never>>
  /** What this feature keeps in the keychain, for the recovery kit. */
  readonly secretSubjects: SecretSubjects
  /** For the protocol handler. */
  artworkFile(feedId: string): ArtworkFile | null
  /** Resolves when nothing goes on in the background. */
  settled(): Promise<void>
  /** Ends what goes on in the background; what is not read yet is read at the next start. Before storage is closed. */
  close(): Promise<void>
}

export function createFeedsService(ports: FeedDeps): FeedsService {
  const closing = new AbortController()
  const deps: FeedDeps = { ...ports, signal: closing.signal }
  const { storage, clock, events } = deps
  const secrets = createFeedSecrets(deps)
  const fetcher = createFeedFetcher(deps, secrets)
  const refresher = createRefresher(deps, secrets, fetcher)
  const many = createRefreshMany(deps, refresher)
  const addFeed = createAdd(deps, secrets, refresher)
  const moves = createMoves(deps, secrets)
  const opml = createOpml(deps, secrets)
  const edits: FeedEdits = createFeedEdits(deps)

  const get = (feedId: string): Answer<Feed> => {
    const row = readFeed(storage, feedId)
    if (!row) return fail('feed-missing', 'This feed is not here any more.')
    return ok(
      toFeed(row, {
        counts: countEpisodesOf(storage, feedId),
        noted: deps.notedCounts?.().get(feedId) ?? 0,
        move: readProposal(storage, feedId),
        canUndoMove: readUndoable(storage, feedId, clock.now()) !== undefined,
      }),
    )
  }
  const shown = (feedId: string): Feed => {
    const feed = get(feedId)
    if (!feed.ok) throw new Error(`feed ${feedId} vanished`)
    return feed.value
  }
  /** After a command: tells the views, answers the feed as it is now. */
  const afterwards = (result: Result<unknown, FeedFailure>, feedId: string): Answer<Feed> => {
    if (!result.ok) return result
    events.emit('feeds.changed', { feedId })
    events.emit('episodes.changed', { feedId })
    return get(feedId)
  }
  const afterImport = <Failure extends string>(
    result: Result<(OpmlReport & { feedIds: string[] }) | null, Failure>,
  ): Result<OpmlReport | null, Failure> => {
    if (!result.ok || result.value === null) return result as Result<null, Failure>
    const { feedIds, ...report } = result.value
    events.emit('feeds.changed', { feedId: null })
    many.inBackground(feedIds)
    return ok(report)
  }

  const settled = async (): Promise<void> => {
    await many.settled()
    await refresher.settled()
  }

  return {
    fetch: fetcher.fetch,
    download: fetcher.download,
    open: fetcher.open,
    list: () => {
      const counts = countEpisodes(storage)
      const noted = deps.notedCounts?.()
      const nowMs = clock.now()
      const openMoves = listOpenMoves(storage, nowMs)
      const proposals = new Map(openMoves.flatMap((move) => (move.status === 'proposed' ? [[move.feed_id, move]] : [])))
      const undoable = new Set(
        openMoves.flatMap((move) =>
          move.status === 'accepted' && (move.decided_at_ms ?? 0) > nowMs - undoMoveMs ? [move.feed_id] : [],
        ),
      )
      return listFeeds(storage).map((row) =>
        toFeed(row, {
          counts: counts.get(row.id),
          noted: noted?.get(row.id) ?? 0,
          move: proposals.get(row.id),
          canUndoMove: undoable.has(row.id),
        }),
      )
    },
    get,
    add: async (input) => {
      const added = await addFeed(input)
      if (!added.ok) return added
      events.emit('feeds.changed', { feedId: added.value.feedId })
      events.emit('episodes.changed', { feedId: added.value.feedId })
      return ok({ feed: shown(added.value.feedId), alreadyFollowed: added.value.alreadyFollowed })
    },
    addSample: async () => {
      const { feedId, alreadyFollowed } = addSampleFeed(deps)
      await refresher.refresh(feedId)
      events.emit('feeds.changed', { feedId })
      events.emit('episodes.changed', { feedId })
      return { feed: shown(feedId), alreadyFollowed }
    },
    refresh: many.refresh,
    start: () => sweepSecrets(deps, secrets),
    refreshDue: async () => {
      await sweepSecrets(deps, secrets)
      return many.refresh()
    },
    rename: (feedId, title) => afterwards(edits.rename(feedId, title), feedId),
    setCategory: (feedId, category) => afterwards(edits.setCategory(feedId, category), feedId),
    setPaused: (feedId, paused) => afterwards(edits.setPaused(feedId, paused), feedId),
    setCredentials: async (feedId, credentials, where) => {
      const row = readFeed(storage, feedId)
      if (!row || row.kind === 'local' || row.kind === 'sample')
        return fail('feed-missing', 'This feed takes no password.')
      const entry = entryFor(row, await secrets.load(feedSubject(feedId)), credentials)
      if (!entry)
        return fail(
          'needs-address',
          'The address of this feed held a secret that is not kept any more. Paste the whole private address under “Add a feed”: its episodes and notes are found again.',
        )
      const kept = await secrets.save(feedSubject(feedId), entry, where)
      if (!kept.ok) return kept
      storage.write('feeds.setCredentials', (tx) => {
        updateFeed(tx, feedId, {
          is_private: 1,
          url: null,
          secret_storage: where,
          failure_count: 0,
          next_check_at_ms: null,
          ...noValidators,
          ...stateColumns(
            row,
            { kind: 'new', message: 'Not read since it got its password', detail: null },
            clock.now(),
          ),
        })
        tx.audit(
          `feed:${feedId}`,
          { isPrivate: row.is_private === 1 },
          { isPrivate: true, credentials: credentials.type, where },
        )
      })
      await refresher.refresh(feedId)
      return afterwards(ok(null), feedId)
    },
    remove: (feedId) => {
      const removed = edits.remove(feedId)
      if (removed.ok) {
        events.emit('feeds.changed', { feedId })
        events.emit('episodes.changed', { feedId })
      }
      return removed
    },
    undoRemove: (feedId) => afterwards(edits.undoRemove(feedId), feedId),
    acceptMove: async (feedId) => {
      const result = await moves.accept(feedId)
      if (result.ok) many.inBackground([feedId])
      return afterwards(result, feedId)
    },
    dismissMove: (feedId) => afterwards(moves.dismiss(feedId), feedId),
    undoMove: async (feedId) => {
      const result = await moves.undo(feedId)
      if (result.ok) many.inBackground([feedId])
      return afterwards(result, feedId)
    },
    importOpml: async (token) => afterImport(await opml.importFile(token)),
    importOpmlText: async (text) => afterImport(await opml.importText(text)) as Result<OpmlReport, OpmlFailure>,
    exportOpml: opml.exportFile,
    importOpmlBytes: async (bytes) => {
      const imported = await opml.importText(decodeOpml(bytes))
      afterImport(imported)
      return imported
    },
    opmlText: async (options) => ok(await opml.exportText(options)),
    secretSubjects: feedSecretSubjects(deps, many.inBackground),
    artworkFile: (feedId) => artworkFile(deps, feedId),
    settled,
    close: async () => {
      closing.abort()
      await settled()
    },
  }
}
