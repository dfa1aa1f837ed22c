import { type EpisodeDraft, type EpisodeKey, keyOf } from './draft.ts'

export interface KnownEpisode {
  readonly id: string
  readonly title: string
  readonly mediaKey: string | null
  readonly publishedAtMs: number | null
}
export interface KnownEpisodes {
  readonly byId: ReadonlyMap<string, KnownEpisode>
  /** By `keyName`. */
  readonly idsByKey: ReadonlyMap<string, string>
}
export interface Match {
  readonly draft: EpisodeDraft
  /** Null for an episode that is new here. */
  readonly episodeId: string | null
  /** Keys that name this episode and no other of the same document. */
  readonly keys: readonly EpisodeKey[]
}

export const keyName = ({ kind, key }: EpisodeKey): string => `${kind}\0${key}`
const dayMs = 86_400_000

/**
 * Which items of a feed document are which known episodes: by guid, then media address, then title, date and duration.
 * A better key always goes first, for all items, so that two items can never become one episode.
 */
export function* matchItems(drafts: readonly EpisodeDraft[], known: KnownEpisodes): Generator<void, Match[]> {
  const items = yield* withUniqueKeys(drafts)
  const claimed = new Set<string>()
  const matched = new Map<EpisodeDraft, string>()
  for (const kind of ['guid', 'media', 'title-date-duration'] as const)
    for (const { draft, keys } of items) {
      yield
      if (matched.has(draft)) continue
      const key = keys.find((candidate) => candidate.kind === kind)
      const id = key && known.idsByKey.get(keyName(key))
      const episode = id === undefined ? undefined : known.byId.get(id)
      if (!episode || claimed.has(episode.id)) continue
      if (kind === 'guid' && (isAnotherEpisode(draft, episode) || isNearerByMedia(draft, episode, known))) continue
      claimed.add(episode.id)
      matched.set(draft, episode.id)
    }
  return items.map(({ draft, keys }) => ({ draft, keys, episodeId: matched.get(draft) ?? null }))
}

/**
 * A guid used again for something else: other recording, other title, other day. Any one of the three staying the same
 * makes it the same episode (a corrected title, a re-cut recording, a moved date).
 */
function isAnotherEpisode(draft: EpisodeDraft, episode: KnownEpisode): boolean {
  const mediaKey = keyOf(draft, 'media')
  if (mediaKey === null || episode.mediaKey === null || mediaKey === episode.mediaKey) return false
  if (plain(draft.title) === plain(episode.title)) return false
  if (draft.publishedAtMs === null || episode.publishedAtMs === null) return false
  return Math.abs(draft.publishedAtMs - episode.publishedAtMs) > dayMs
}

/** Two items had this guid before, one is left: its recording tells which one. */
function isNearerByMedia(draft: EpisodeDraft, episode: KnownEpisode, known: KnownEpisodes): boolean {
  const mediaKey = keyOf(draft, 'media')
  if (mediaKey === null || mediaKey === episode.mediaKey || plain(draft.title) === plain(episode.title)) return false
  const id = known.idsByKey.get(keyName({ kind: 'media', key: mediaKey }))
  return id !== undefined && id !== episode.id
}

const plain = (title: string): string =>
  title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')

/**
 * Drops items that are told twice and keys that several items of one document share: a guid then counts together with
 * the media address, a shared address or title with date says nothing.
 */
function* withUniqueKeys(
  drafts: readonly EpisodeDraft[],
): Generator<void, { draft: EpisodeDraft; keys: EpisodeKey[] }[]> {
  const guidUses = yield* countBy(drafts, 'guid')
  const seen = new Set<string>()
  const kept: { draft: EpisodeDraft; guid: string | null }[] = []
  for (const draft of drafts) {
    yield
    const guid = keyOf(draft, 'guid')
    const shared = guid !== null && (guidUses.get(guid) ?? 0) > 1
    const identity = shared
      ? `${guid}\0${keyOf(draft, 'media') ?? keyOf(draft, 'title-date-duration')}`
      : (guid ?? draft.keys.map(keyName).join('\0'))
    if (seen.has(identity)) continue
    seen.add(identity)
    kept.push({ draft, guid: shared ? identity : guid })
  }
  const keptDrafts = kept.map(({ draft }) => draft)
  const mediaUses = yield* countBy(keptDrafts, 'media')
  const titleUses = yield* countBy(keptDrafts, 'title-date-duration')
  const items: { draft: EpisodeDraft; keys: EpisodeKey[] }[] = []
  for (const { draft, guid } of kept) {
    yield
    const media = keyOf(draft, 'media')
    const title = keyOf(draft, 'title-date-duration')
    const keys: EpisodeKey[] = []
    if (guid !== null) keys.push({ kind: 'guid', key: guid })
    if (media !== null && mediaUses.get(media) === 1) keys.push({ kind: 'media', key: media })
    if (title !== null && titleUses.get(title) === 1) keys.push({ kind: 'title-date-duration', key: title })
    items.push({ draft, keys })
  }
  return items
}

function* countBy(drafts: readonly EpisodeDraft[], kind: EpisodeKey['kind']): Generator<void, Map<string, number>> {
  const counts = new Map<string, number>()
  for (const draft of drafts) {
    const key = keyOf(draft, kind)
    if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1)
    yield
  }
  return counts
}
