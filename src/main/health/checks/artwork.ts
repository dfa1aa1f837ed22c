import { lstat, readdir, stat, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ok } from '#shared/result.ts'
import { updateFeed } from '../../feeds/store.ts'
import type { Storage } from '../../storage/storage.ts'
import { ChangedMeanwhile, type Found, found, type Mend, type Pass } from '../check.ts'
import type { CheckDeps } from '../ports.ts'
import { bytesInWords, count } from '../words.ts'

const dayMs = 86_400_000
const settledMs = dayMs
/** Retention keeps pictures of feeds that changed theirs for 90 days, unless the user says otherwise. */
const sweptMs = 100 * dayMs
const named = /^([0-9a-f]{64})\.[a-z0-9]+$/

interface Picture {
  readonly feedId: string
  readonly title: string
  readonly sha256: string
}

/** Pictures of feeds: there at each start, by their hash in a full run. */
export async function readArtwork(
  deps: CheckDeps & { readonly artworkPath: (feedId: string) => string | null },
  pass: Pass,
): Promise<{ read: number; findings: Found[] }> {
  const { storage } = deps
  const pictures = storage.all<Picture>(
    `SELECT id AS feedId, coalesce(user_title, own_title) AS title, artwork_sha256 AS sha256 FROM feeds
     WHERE artwork_sha256 IS NOT NULL AND removed_at_ms IS NULL ORDER BY id`,
  )
  const files = pictures.flatMap((picture) => {
    const path = deps.artworkPath(picture.feedId)
    return path === null ? [] : [{ picture, path }]
  })
  const bad: Picture[] = []
  if (pass.full) {
    const states = await deps.runTask(
      'files',
      { files: files.map(({ picture, path }) => ({ path, sha256: picture.sha256 })) },
      pass.signal,
    )
    bad.push(...files.filter((_, at) => states[at] !== 'same').map(({ picture }) => picture))
  } else
    for (const { picture, path } of files) {
      const size = await stat(path).then(
        (there) => (there.isFile() ? there.size : 0),
        () => 0,
      )
      if (size === 0) bad.push(picture)
      await pass.breathe()
    }
  const unused = await unusedPictures(deps, pass)
  if (bad.length === 0) return { read: files.length, findings: unused }
  return {
    read: files.length,
    findings: [
      ...unused,
      found({
        id: 'caches/artwork',
        severity: 'info',
        title: `The ${bad.length === 1 ? 'picture' : 'pictures'} of ${count(bad.length, 'feed')} ${bad.length === 1 ? 'is' : 'are'} missing or damaged.`,
        detail: 'Nothing of yours is lost: pictures come from the feeds and are fetched again.',
        subjects: bad.map(({ title }) => title),
        look: bad,
        deep: pass.full,
        mend: forget(storage, bad),
      }),
    ],
  }
}

/**
 * Pictures that no feed shows, not even a removed one. Those of feeds that changed theirs are swept after a while: here
 * are the ones that are damaged, and those the sweep should have taken.
 */
async function unusedPictures({ storage, profilePath, clock, runTask }: CheckDeps, pass: Pass): Promise<Found[]> {
  const folder = join(profilePath, 'artwork')
  const known = new Set(
    storage
      .all<{ sha: string }>('SELECT artwork_sha256 AS sha FROM feeds WHERE artwork_sha256 IS NOT NULL')
      .map(({ sha }) => sha),
  )
  const unused: { path: string; sha256: string; bytes: number; mtimeMs: number }[] = []
  for (const name of (await readdir(folder).catch(() => [])).toSorted()) {
    const sha256 = named.exec(name)?.[1]
    if (sha256 === undefined || known.has(sha256)) continue
    const path = join(folder, name)
    const there = await lstat(path).catch(() => null)
    // A younger one may belong to a feed that is being read.
    if (there?.isFile() && clock.now() - there.mtimeMs > settledMs)
      unused.push({ path, sha256, bytes: there.size, mtimeMs: there.mtimeMs })
    await pass.breathe()
  }
  const states = pass.full
    ? await runTask('files', { files: unused.map(({ path, sha256 }) => ({ path, sha256 })) }, pass.signal)
    : []
  const old = ({ mtimeMs }: { mtimeMs: number }): boolean => clock.now() - mtimeMs > sweptMs
  const bad = unused.filter((picture, at) => old(picture) || picture.bytes === 0 || (states[at] ?? 'same') !== 'same')
  return bad.length === 0 ? [] : [unusedFinding(bad, pass.full && !bad.every(old))]
}

const unusedFinding = (pictures: readonly { path: string; bytes: number; mtimeMs: number }[], deep: boolean): Found =>
  found({
    id: 'caches/artwork-unused',
    severity: 'info',
    title: `${count(pictures.length, 'picture')} of ${bytesInWords(pictures.reduce((sum, { bytes }) => sum + bytes, 0))} ${pictures.length === 1 ? 'belongs' : 'belong'} to no feed.`,
    detail: 'No feed shows them, and feeds bring their own pictures.',
    subjects: pictures.map(({ path }) => `artwork/${basename(path)}`),
    deep,
    mend: {
      label: pictures.length === 1 ? 'Remove the picture' : `Remove the ${pictures.length} pictures`,
      prepare: () => ({
        scope: 'Removes these pictures from Inkwell’s own folder. Nothing else is touched.',
        rows: pictures.map(({ path, bytes }) => ({
          before: `artwork/${basename(path)}`,
          after: '',
          remark: `${bytesInWords(bytes)}, is removed`,
        })),
        seen: pictures,
        perform: async () => {
          for (const { path, bytes, mtimeMs } of pictures) {
            const now = await lstat(path).catch(() => null)
            if (!now?.isFile() || now.size !== bytes || now.mtimeMs !== mtimeMs) throw new ChangedMeanwhile()
            await unlink(path)
          }
          return ok(`${count(pictures.length, 'picture')} removed.`)
        },
      }),
    },
  })

const forget = (storage: Storage, pictures: readonly Picture[]): Mend => ({
  label: pictures.length === 1 ? 'Fetch it again' : 'Fetch them again',
  prepare: () => ({
    scope: 'Forgets these pictures; each is fetched when its feed is next refreshed. Nothing else is touched.',
    rows: pictures.map(({ title }) => ({ before: title, after: title, remark: 'without a picture until then' })),
    perform: () => {
      storage.write('health.mend.artwork', (tx) => {
        for (const { feedId, sha256 } of pictures) {
          const now = tx.get<{ sha: string | null }>('SELECT artwork_sha256 AS sha FROM feeds WHERE id = ?', [feedId])
          if (now?.sha !== sha256) throw new ChangedMeanwhile()
          const nothing = { artwork_sha256: null, artwork_type: null, artwork_key: null, artwork_tried_at_ms: null }
          // The feed is read whole again: one that has not changed would not be looked at for its picture.
          updateFeed(tx, feedId, {
            ...nothing,
            etag: null,
            last_modified: null,
            body_sha256: null,
            next_check_at_ms: null,
          })
          tx.audit(`feed:${feedId}`, { artwork: sha256 }, { artwork: null })
        }
      })
      return ok(`${count(pictures.length, 'picture')} will be fetched again.`)
    },
  }),
})
