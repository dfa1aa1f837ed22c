import { createHash } from 'node:crypto'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FeedFetcher } from '../services.ts'
import { syncFolder, writeFileAtomic } from '../storage/write-file.ts'
import type { FeedDeps } from './deps.ts'
import { type FeedRow, readFeed, updateFeed } from './store.ts'

export interface ArtworkFile {
  /** Absolute. */
  readonly path: string
  /** Media type, found by its bytes. */
  readonly type: string
}
const maxArtworkBytes = 5_000_000
const triedAgainMs = 7 * 86_400_000
const extensions: Record<string, string> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
}

/** By the first bytes. SVG is a program, not a picture, and is not among them. */
export function sniffImage(bytes: Buffer): string | null {
  const latin = bytes.subarray(0, 32).toString('latin1')
  if (latin.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (latin.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (latin.startsWith('GIF87a') || latin.startsWith('GIF89a')) return 'image/gif'
  if (latin.startsWith('RIFF') && latin.slice(8, 12) === 'WEBP') return 'image/webp'
  if (latin.slice(4, 8) === 'ftyp' && /avi[fs]/.test(latin.slice(8, 32))) return 'image/avif'
  return null
}

const artworkPath = (profilePath: string, row: Pick<FeedRow, 'artwork_sha256' | 'artwork_type'>): string =>
  join(profilePath, 'artwork', `${row.artwork_sha256}.${extensions[row.artwork_type ?? ''] ?? 'bin'}`)

/** For the protocol handler; null when the feed has none. */
export function artworkFile(deps: Pick<FeedDeps, 'storage' | 'profilePath'>, feedId: string): ArtworkFile | null {
  const row = readFeed(deps.storage, feedId)
  if (!row?.artwork_sha256 || !row.artwork_type) return null
  return { path: artworkPath(deps.profilePath, row), type: row.artwork_type }
}

/**
 * Fetches a feed's picture when it is another one than before, or missing; a week after a failure it is tried again.
 * @param imageUrl as stored, may hold `{secret:n}`
 * @returns whether there is a new one
 */
export async function updateArtwork(
  deps: Pick<FeedDeps, 'storage' | 'profilePath' | 'clock' | 'log'>,
  fetcher: FeedFetcher,
  feedId: string,
  imageUrl: string,
): Promise<boolean> {
  const { storage, profilePath, clock, log } = deps
  const row = readFeed(storage, feedId)
  if (!row) return false
  const nowMs = clock.now()
  // Without its tokens: those change while the picture stays.
  const key = createHash('sha256')
    .update(imageUrl.replace(/\{secret:[^}]*\}/g, ''))
    .digest('hex')
  const isKnown = row.artwork_key === key
  if (isKnown && row.artwork_sha256 !== null && (await exists(artworkPath(profilePath, row)))) return false
  if (isKnown && row.artwork_sha256 === null && nowMs - (row.artwork_tried_at_ms ?? 0) < triedAgainMs) return false
  const tried = { artwork_key: key, artwork_tried_at_ms: nowMs }
  const response = await fetcher.fetch(feedId, imageUrl, { maxBytes: maxArtworkBytes })
  const type = response.ok && response.value.status === 200 ? sniffImage(response.value.body) : null
  if (!response.ok || type === null) {
    log.info('feeds.artwork failed', {
      feedId,
      code: response.ok ? `status ${response.value.status}` : response.error.code,
    })
    storage.writeUnaudited((tx) => updateFeed(tx, feedId, tried))
    return false
  }
  const found = { artwork_sha256: createHash('sha256').update(response.value.body).digest('hex'), artwork_type: type }
  const folder = join(profilePath, 'artwork')
  const path = artworkPath(profilePath, found)
  try {
    if ((await mkdir(folder, { recursive: true })) !== undefined) await syncFolder(profilePath)
    // On the medium before the database names it.
    if (!(await exists(path))) await writeFileAtomic(path, response.value.body)
  } catch (error) {
    log.warn('feeds.artwork not stored', { feedId, error })
    return false
  }
  storage.writeUnaudited((tx) => updateFeed(tx, feedId, { ...tried, ...found }))
  return true
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
