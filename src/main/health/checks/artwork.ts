import { stat } from 'node:fs/promises'
import { ok } from '#shared/result.ts'
import { updateFeed } from '../../feeds/store.ts'
import type { Storage } from '../../storage/storage.ts'
import { ChangedMeanwhile, type Found, found, type Mend, type Pass } from '../check.ts'
import type { CheckDeps } from '../ports.ts'
import { count } from '../words.ts'

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
  if (bad.length === 0) return { read: files.length, findings: [] }
  return {
    read: files.length,
    findings: [
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
