import { fail, ok, type Result } from '#shared/result.ts'
import type { FeedDeps } from './deps.ts'
import { type FeedSecrets, feedSubject, moveSubject } from './feed-secrets.ts'
import { type MoveRow, readProposal, readUndoable } from './move-store.ts'
import { newEntry, type PrivateEntry } from './private-entry.ts'
import { type FeedRow, noValidators, readFeed, readFeedByKey, updateFeed } from './store.ts'

export type MoveFailure = 'feed-missing' | 'no-move' | 'already-followed' | 'keychain-unavailable' | 'needs-password'
export interface Moves {
  /** Reads the feed from its new address from now on. Episodes and notes stay; 30 days to undo. */
  accept(feedId: string): Promise<Result<null, MoveFailure>>
  /** The proposal is not shown again. */
  dismiss(feedId: string): Result<null, MoveFailure>
  undo(feedId: string): Promise<Result<null, MoveFailure>>
}

interface Place {
  readonly url: string | null
  readonly display: string | null
  readonly key: string
  /** The whole private address, for the keychain; null for public ones. */
  readonly entry: PrivateEntry | null
}

export function createMoves(deps: Pick<FeedDeps, 'storage' | 'clock'>, secrets: FeedSecrets): Moves {
  const { storage, clock } = deps
  const missing = () => fail('feed-missing', 'This feed is not here any more.')
  const noMove = () => fail('no-move', 'There is no move to decide on. Nothing was changed.')

  const relocate = async (
    row: FeedRow,
    move: MoveRow,
    to: Place,
    status: 'accepted' | 'undone',
  ): Promise<Result<null, MoveFailure>> => {
    const other = readFeedByKey(storage, to.key)
    if (other && other.id !== row.id)
      return fail(
        'already-followed',
        'The other address is followed already, as a feed of its own. Remove one of the two first. Nothing was changed.',
      )
    const before = row.is_private ? await secrets.load(feedSubject(row.id)) : null
    const where = row.secret_storage ?? 'keychain'
    // The way back is kept before anything changes; without it the move could not be undone.
    if (status === 'accepted' && before) {
      const kept = await secrets.save(moveSubject(move.id, 'from'), before, where)
      if (!kept.ok) return fail('keychain-unavailable', kept.error.message, { retryable: true })
    }
    if (to.entry) {
      const kept = await secrets.save(feedSubject(row.id), to.entry, where)
      if (!kept.ok) return fail('keychain-unavailable', kept.error.message, { retryable: true })
    }
    storage.write(status === 'accepted' ? 'feeds.acceptMove' : 'feeds.undoMove', (tx) => {
      updateFeed(tx, row.id, {
        url: to.url,
        url_display: to.display,
        url_key: to.key,
        is_private: Number(to.entry !== null),
        secret_storage: to.entry ? where : null,
        failure_count: 0,
        next_check_at_ms: null,
        // What the old server said of the document means nothing to the new one.
        ...noValidators,
      })
      const decided = [status, clock.now(), move.id]
      if (status === 'undone') tx.run('UPDATE feed_moves SET status = ?, decided_at_ms = ? WHERE id = ?', decided)
      else
        tx.run(
          'UPDATE feed_moves SET status = ?, decided_at_ms = ?, from_url = ?, from_display = ?, from_key = ? WHERE id = ?',
          [status, clock.now(), row.url, row.url_display, row.url_key, move.id],
        )
      tx.audit(`feed:${row.id}`, { urlDisplay: row.url_display }, { urlDisplay: to.display })
    })
    return ok(null)
  }

  return {
    accept: async (feedId) => {
      const row = readFeed(storage, feedId)
      if (!row) return missing()
      const move = readProposal(storage, feedId)
      if (!move) return noMove()
      const stored = move.to_url === null ? await secrets.load(moveSubject(move.id, 'to')) : null
      const url = move.to_url ?? stored?.url
      if (!url)
        return fail(
          'needs-password',
          'The new address was kept in the keychain and is not there any more. Refresh the feed, then decide.',
        )
      const before = row.is_private ? await secrets.load(feedSubject(feedId)) : null
      const isPrivate = row.is_private === 1 || move.to_url === null
      const isSameHost = before !== null && new URL(before.url).host === new URL(url).host
      // A password is for the host it was given for: the new one asks for its own.
      const entry = isPrivate
        ? { ...(before ?? newEntry(url, null)), url, credentials: isSameHost ? before.credentials : null }
        : null
      return relocate(
        row,
        move,
        { url: isPrivate ? null : url, display: move.to_display, key: move.to_key, entry },
        'accepted',
      )
    },
    dismiss: (feedId) => {
      const row = readFeed(storage, feedId)
      if (!row) return missing()
      const move = readProposal(storage, feedId)
      if (!move) return noMove()
      storage.write('feeds.dismissMove', (tx) => {
        tx.run("UPDATE feed_moves SET status = 'dismissed', decided_at_ms = ? WHERE id = ?", [clock.now(), move.id])
        tx.audit(`feed:${feedId}`, { proposed: move.to_display }, { dismissed: true })
      })
      return ok(null)
    },
    undo: async (feedId) => {
      const row = readFeed(storage, feedId)
      if (!row) return missing()
      const move = readUndoable(storage, feedId, clock.now())
      if (!move?.from_key) return noMove()
      const entry = move.from_url === null ? await secrets.load(moveSubject(move.id, 'from')) : null
      if (move.from_url === null && !entry)
        return fail(
          'needs-password',
          'The old address was kept in the keychain and is not there any more. Paste it again to follow it. Nothing was changed.',
        )
      return relocate(
        row,
        move,
        { url: move.from_url, display: move.from_display, key: move.from_key, entry },
        'undone',
      )
    },
  }
}
