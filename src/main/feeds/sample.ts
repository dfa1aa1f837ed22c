import type { FeedDeps } from './deps.ts'
import { insertFeed, readFeedByKey, updateFeed } from './store.ts'
import { urlKey } from './url-secrets.ts'

/** Served by Http from the app's own files. */
export const sampleUrl = 'inkwell-sample:/feed.xml'

export function addSampleFeed({ storage, clock, ids, salt }: Pick<FeedDeps, 'storage' | 'clock' | 'ids' | 'salt'>): {
  feedId: string
  alreadyFollowed: boolean
} {
  const key = urlKey(sampleUrl, salt)
  return storage.write('feeds.addSample', (tx) => {
    const known = readFeedByKey(tx, key)
    if (known) {
      updateFeed(tx, known.id, { removed_at_ms: null })
      tx.audit(`feed:${known.id}`, { removedAtMs: known.removed_at_ms }, { removedAtMs: null })
      return { feedId: known.id, alreadyFollowed: known.removed_at_ms === null }
    }
    const id = ids.next()
    insertFeed(tx, {
      id,
      kind: 'sample',
      own_title: 'Sample',
      url: sampleUrl,
      url_display: null,
      url_key: key,
      added_at_ms: clock.now(),
      state_kind: 'new',
      state_message: 'Not read yet',
    })
    tx.audit(`feed:${id}`, null, { kind: 'sample' })
    return { feedId: id, alreadyFollowed: false }
  })
}
