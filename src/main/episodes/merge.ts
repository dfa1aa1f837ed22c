import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock, Ids } from '../ports.ts'
import type { Storage, Transaction } from '../storage/storage.ts'
import { draftHash, type EpisodeDraft } from './draft.ts'
import { type Match, matchItems } from './identity.ts'
import { inSlices, sliceMs } from './slices.ts'
import { insertEpisode, readKnown, recordKeys, updateEpisode } from './store.ts'

export interface MergeInput {
  readonly feedId: string
  readonly drafts: readonly EpisodeDraft[]
  /** True when the document does not hold all there is (paged, cut): then nothing counts as having left. */
  readonly partial: boolean
  readonly addedAtMs: number
  /** The first time this feed is read: what has no date is then no news. */
  readonly firstRead: boolean
  /** Names the audit rows: `feeds.add`, `feeds.refresh`. */
  readonly action: string
  /** Runs in the last transaction, so that validators are never kept for episodes that are not stored. */
  readonly finish: (tx: Transaction, counts: MergeCounts) => void
}
export interface MergeCounts {
  added: number
  updated: number
  left: number
}

/** Episodes published longer than this before their feed was added are not news. */
const newsMs = 7 * 86_400_000
type Change =
  | { readonly kind: 'store'; readonly match: Match; readonly feedHash: string }
  | { readonly kind: 'leave'; readonly episodeId: string }

/**
 * Brings a feed's episodes to what its document says. Episodes that left the document stay, marked. Long documents are
 * stored in several short transactions; should another process store episodes of the same feed meanwhile, the rest is
 * planned again on what is there then.
 */
export async function mergeEpisodes(
  deps: { storage: Storage; clock: Clock; ids: Ids },
  input: MergeInput,
): Promise<MergeCounts> {
  const { storage } = deps
  const counts: MergeCounts = { added: 0, updated: 0, left: 0 }
  for (;;) {
    const revision = readRevision(storage, input.feedId)
    const changes = await inSlices(plan(storage, input))
    if (await apply(deps, input, changes, revision, counts)) return counts
  }
}

const readRevision = (reader: Pick<Storage, 'get'>, feedId: string): number =>
  reader.get<{ revision: number }>('SELECT revision FROM feeds WHERE id = ?', [feedId])?.revision ?? -1

function* plan(storage: Storage, { feedId, drafts, partial }: MergeInput): Generator<void, Change[]> {
  const known = yield* readKnown(storage, feedId)
  const matches = yield* matchItems(drafts, known)
  const present = new Set<string>()
  const changes: Change[] = []
  for (const match of matches) {
    yield
    const feedHash = draftHash(match.draft)
    const before = match.episodeId === null ? undefined : known.byId.get(match.episodeId)
    if (match.episodeId !== null) present.add(match.episodeId)
    if (before?.feedHash !== feedHash || !before.inFeed) changes.push({ kind: 'store', match, feedHash })
  }
  if (!partial)
    for (const episode of known.byId.values())
      if (episode.inFeed && !present.has(episode.id)) changes.push({ kind: 'leave', episodeId: episode.id })
  // Oldest first, so that ids sort as the episodes do.
  return changes.reverse()
}

/** False when another process was faster and the rest must be planned anew. */
async function apply(
  deps: { storage: Storage; clock: Clock; ids: Ids },
  input: MergeInput,
  changes: readonly Change[],
  expected: number,
  counts: MergeCounts,
): Promise<boolean> {
  const { storage } = deps
  let revision = expected
  let next = 0
  for (;;) {
    const inTime = (tx: Transaction): boolean => {
      if (readRevision(tx, input.feedId) !== revision) return false
      const before = { ...counts }
      const startedAt = performance.now()
      while (next < changes.length && performance.now() - startedAt < sliceMs)
        store(tx, deps, input, changes[next++]!, counts)
      if (next > 0) {
        tx.run('UPDATE feeds SET revision = revision + 1 WHERE id = ?', [input.feedId])
        revision += 1
        tx.audit(`feed:${input.feedId}`, null, {
          newEpisodes: counts.added - before.added,
          changedEpisodes: counts.updated - before.updated,
          leftFeed: counts.left - before.left,
        })
      }
      if (next === changes.length) input.finish(tx, counts)
      return true
    }
    const stored =
      changes.length === 0 ? storage.writeUnaudited(inTime) : storage.write(input.action, withAudit(input, inTime))
    if (!stored) return false
    if (next === changes.length) return true
    await nextTurn()
  }
}

/** A transaction that finds itself late changes nothing, and says so in the trail. */
const withAudit =
  ({ feedId }: MergeInput, change: (tx: Transaction) => boolean) =>
  (tx: Transaction): boolean => {
    const inTime = change(tx)
    if (!inTime) tx.audit(`feed:${feedId}`, null, { plannedAgain: true })
    return inTime
  }

function store(
  tx: Transaction,
  { clock, ids }: { clock: Clock; ids: Ids },
  input: MergeInput,
  change: Change,
  counts: MergeCounts,
): void {
  const nowMs = clock.now()
  if (change.kind === 'leave') {
    counts.left += tx.run('UPDATE episodes SET in_feed = 0, updated_at_ms = ? WHERE id = ?', [nowMs, change.episodeId])
    return
  }
  const { match, feedHash } = change
  const { draft } = match
  if (match.episodeId !== null) {
    updateEpisode(tx, { id: match.episodeId, draft, feedHash, nowMs })
    recordKeys(tx, input.feedId, match.episodeId, match.keys)
    counts.updated += 1
    return
  }
  const id = ids.next()
  insertEpisode(tx, { id, feedId: input.feedId, draft, feedHash, state: firstState(draft, input), nowMs })
  recordKeys(tx, input.feedId, id, match.keys)
  counts.added += 1
}

function firstState({ publishedAtMs }: EpisodeDraft, { addedAtMs, firstRead }: MergeInput): 'new' | 'seen' {
  if (publishedAtMs === null) return firstRead ? 'seen' : 'new'
  return publishedAtMs < addedAtMs - newsMs ? 'seen' : 'new'
}
