import type { z } from 'zod'
import type { RefreshOutcome } from '#shared/contract/feeds.ts'
import { timed } from '../log.ts'
import type { FeedFetcher } from '../services.ts'
import type { FeedDeps } from './deps.ts'
import { type Download, downloadFeed, parserVersion, type Validators } from './download.ts'
import type { FeedSecrets } from './feed-secrets.ts'
import { type Problem, problemToState } from './problems.ts'
import { createReadDocument } from './read-document.ts'
import { stateOf, titleOf } from './rows.ts'
import { nextAfterFailure } from './schedule.ts'
import { countEpisodesOf, type FeedRow, readFeed, stateColumns, updateFeed } from './store.ts'

export type Outcome = z.infer<typeof RefreshOutcome>
export interface Refresher {
  /** Asks one feed now, whatever its state; calls for a feed that is being asked join. Never rejects for what a server does. */
  refresh(feedId: string): Promise<Outcome>
  /** Stores what was downloaded while a feed was added. */
  takeFirst(feedId: string, download: Download): Promise<Outcome>
  /** Resolves when pictures that are fetched after a refresh are done. */
  settled(): Promise<void>
}

export function createRefresher(deps: FeedDeps, secrets: FeedSecrets, fetcher: FeedFetcher): Refresher {
  const { storage, clock, events, log } = deps
  const running = new Map<string, Promise<Outcome>>()
  const later = new Set<Promise<void>>()
  const readDocument = createReadDocument(deps, secrets, fetcher, (work) => {
    const watched = work
      .catch((error: unknown) => log.error('feeds.after refresh', { error }))
      .finally(() => later.delete(watched))
    later.add(watched)
  })

  const outcomeOf = (feedId: string, outcome: Outcome['outcome'], newEpisodes = 0): Outcome => {
    const row = readFeed(storage, feedId)!
    return { feedId, title: titleOf(row), outcome, newEpisodes, state: stateOf(row) }
  }

  const failed = (row: FeedRow, problem: Problem): Outcome => {
    if (problem.code === 'cancelled') return outcomeOf(row.id, 'skipped')
    const nowMs = clock.now()
    const failures = row.failure_count + 1
    const state = problemToState(problem, countEpisodesOf(storage, row.id).episodes)
    storage.writeUnaudited((tx) =>
      updateFeed(
        tx,
        row.id,
        {
          ...stateColumns(row, state, nowMs),
          last_checked_at_ms: nowMs,
          failure_count: failures,
          // Who is told "gone" stops asking; a password is the user's to give, so once a day is enough.
          next_check_at_ms:
            problem.code === 'gone'
              ? null
              : problem.code === 'needs-password'
                ? nowMs + 86_400_000
                : nextAfterFailure(nowMs, failures, problem.retryAfterMs),
        },
        row.url_key,
      ),
    )
    log.warn('feeds.refresh failed', { feedId: row.id, code: problem.code, status: problem.status ?? null, failures })
    events.emit('feeds.changed', { feedId: row.id })
    return outcomeOf(row.id, 'failed')
  }

  const take = async (row: FeedRow, download: Download): Promise<Outcome> => {
    if (download.kind === 'problem') return failed(row, download.problem)
    const target = await secrets.target(row)
    if (!target.ok) return failed(row, { code: 'needs-password', host: '', words: target.error.message })
    const read = await readDocument(row, target.value, download)
    if (read.kind === 'problem') return failed(row, read.problem)
    if (read.changed) {
      events.emit('feeds.changed', { feedId: row.id })
      if (read.episodesChanged) events.emit('episodes.changed', { feedId: row.id })
    }
    return outcomeOf(row.id, read.episodesChanged ? 'updated' : 'unchanged', read.newEpisodes)
  }

  const refreshNow = async (feedId: string): Promise<Outcome> => {
    const row = readFeed(storage, feedId)!
    const target = await secrets.target(row)
    if (!target.ok) return failed(row, { code: 'needs-password', host: '', words: target.error.message })
    const download = await downloadFeed(deps, target.value, { validators: validatorsOf(row) })
    const now = readFeed(storage, feedId)
    // Moved or removed while the server was answering: what came is not about this address any more.
    if (!now || now.url_key !== row.url_key || now.removed_at_ms !== null) return outcomeOf(feedId, 'skipped')
    return take(now, download)
  }

  const once = (feedId: string, work: () => Promise<Outcome>): Promise<Outcome> => {
    const current = running.get(feedId)
    if (current) return current
    const started = work().finally(() => running.delete(feedId))
    running.set(feedId, started)
    return started
  }

  return {
    refresh: (feedId) =>
      once(feedId, () =>
        timed(
          log,
          'feeds.refresh',
          `feed/${feedId}`,
          () => refreshNow(feedId),
          ({ outcome }) => outcome,
        ),
      ),
    takeFirst: (feedId, download) => once(feedId, () => take(readFeed(storage, feedId)!, download)),
    settled: async () => {
      while (later.size > 0) await Promise.all(later)
    },
  }
}

/** Null when the document was read by another version of the parser, or never. */
const validatorsOf = (row: FeedRow): Validators | null =>
  row.parser_version === parserVersion
    ? { etag: row.etag, lastModified: row.last_modified, bodySha256: row.body_sha256 }
    : null
