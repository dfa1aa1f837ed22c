import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { moveSubject } from '../../feeds/feed-secrets.ts'
import { updateFeed } from '../../feeds/store.ts'
import type { Reader } from '../../storage/storage.ts'
import { cutoffOf, type Item, type Question, type SweepKind, sift } from '../kind.ts'
import { isBlob, isReferenced, isSweepable, whileDamaged } from '../references.ts'

interface Lying {
  readonly path: string
  readonly bytes: number
  readonly changedAtMs: number
  readonly words: string
}
interface Found {
  readonly files: readonly Lying[]
  /** Whether a backup was opened and counted: copies of the database from before an update are not the last resort then. */
  readonly hasBackup: boolean
}
export interface LeftoverDeps {
  readonly profilePath: string
  readonly hasVerifiedBackup: () => Promise<boolean>
}

const isCopy = (path: string): boolean => path.startsWith('inkwell.db.before-')

async function lying(profilePath: string, path: string, words: string): Promise<Lying[]> {
  if (!isSweepable(path)) return []
  const found = await lstat(join(profilePath, path)).catch(() => null)
  return found?.isFile() ? [{ path, words, bytes: found.size, changedAtMs: found.mtimeMs }] : []
}

async function lookAround({ profilePath, hasVerifiedBackup }: LeftoverDeps): Promise<Found> {
  const named = async (folder: string): Promise<string[]> =>
    (await readdir(join(profilePath, folder)).catch(() => [])).sort()
  const files: Lying[] = []
  for (const name of await named('artwork'))
    files.push(...(await lying(profilePath, `artwork/${name}`, 'Picture of a feed')))
  for (const name of await named('.'))
    if (isCopy(name)) files.push(...(await lying(profilePath, name, 'Copy of the database from before an update')))
  for (const part of await named('blobs'))
    for (const name of await named(`blobs/${part}`))
      files.push(...(await lying(profilePath, `blobs/${part}/${name}`, 'Text of a note that nothing refers to')))
  return { files, hasBackup: await hasVerifiedBackup() }
}

/** Private addresses of moves that were decided on: one dismissed is never asked again, one accepted cannot be undone any more. */
const oldSecrets = (reader: Reader, cutoffMs: number): Item[] =>
  reader
    .all<{ id: string; status: string }>(
      `SELECT id, status FROM feed_moves
       WHERE decided_at_ms < ? AND ((status = 'dismissed' AND to_url IS NULL) OR (status = 'accepted' AND from_url IS NULL))
       ORDER BY id`,
      [cutoffMs],
    )
    .map(({ id, status }) => moveSubject(id, status === 'dismissed' ? 'to' : 'from'))
    .filter((subject) => reader.get('SELECT 1 FROM swept_secrets WHERE subject = ?', [subject]) === undefined)
    .map((subject) => ({ id: `secret:${subject}`, bytes: 0, words: 'Private address of a move decided on long ago' }))

interface Picture {
  readonly id: string
  readonly title: string
  readonly sha: string
}
const oldPictures = (reader: Reader, cutoffMs: number): Picture[] =>
  reader.all(
    `SELECT id, coalesce(user_title, own_title) AS title, artwork_sha256 AS sha FROM feeds
     WHERE removed_at_ms < ? AND artwork_sha256 IS NOT NULL ORDER BY id`,
    [cutoffMs],
  )

const noPicture = { artwork_sha256: null, artwork_type: null, artwork_key: null, artwork_tried_at_ms: null }
const secretPrefix = 'secret:'
const feedPrefix = 'feed:'

/** What is left behind by what is gone. Damaged files in quarantine and earlier profiles are never among it. */
export const leftoversKind = (deps: LeftoverDeps): SweepKind<Found> => {
  const unused = (reader: Reader, { files, hasBackup }: Found, question: Question) => {
    const cutoffMs = cutoffOf(question)
    const reasonOf = ({ path }: Lying): string | null =>
      isCopy(path) && !hasBackup
        ? 'copies of the database, until a backup was verified'
        : isBlob(path) && !question.notesAreWhole
          ? whileDamaged
          : null
    return sift(
      files.filter(({ changedAtMs, path }) => changedAtMs < cutoffMs && !isReferenced(reader, path)),
      reasonOf,
      ({ path, bytes, words }) => ({ id: path, bytes, words }),
    )
  }
  return {
    kind: 'leftovers',
    defaults: { days: 90, maxBytes: null },
    look: () => lookAround(deps),
    stored: (reader, { files }) => {
      const unnamed = files.filter(({ path }) => !isReferenced(reader, path))
      return { items: unnamed.length, bytes: unnamed.reduce((sum, { bytes }) => sum + bytes, 0) }
    },
    due: (reader, question, found) => {
      if (question.rule.days === null) return { items: [], spared: new Map() }
      const cutoffMs = cutoffOf(question)
      const { items, spared } = unused(reader, found, question)
      const fileOf = (sha: string) => found.files.find(({ path }) => path.startsWith(`artwork/${sha}.`))
      return {
        items: [
          ...items,
          ...oldPictures(reader, cutoffMs).map(({ id, title, sha }) => ({
            id: `${feedPrefix}${id}:${fileOf(sha)?.path ?? ''}`,
            bytes: fileOf(sha)?.bytes ?? 0,
            words: `Picture of ${title}`,
          })),
          ...oldSecrets(reader, cutoffMs),
        ],
        spared,
      }
    },
    forget: (tx, items, { nowMs }: Question) => {
      const files = new Map<string, number>()
      for (const { id, bytes } of items)
        if (id.startsWith(secretPrefix))
          tx.run('INSERT INTO swept_secrets (subject, forgotten_at_ms) VALUES (?, ?) ON CONFLICT DO NOTHING', [
            id.slice(secretPrefix.length),
            nowMs,
          ])
        else if (id.startsWith(feedPrefix)) {
          const [feedId = '', path = ''] = id.slice(feedPrefix.length).split(':')
          updateFeed(tx, feedId, noPicture)
          // Another feed may show the same one.
          if (path !== '' && !isReferenced(tx, path)) files.set(path, bytes)
        } else files.set(id, bytes)
      return [...files].map(([path, bytes]) => ({ path, bytes }))
    },
  }
}
