import { join } from 'node:path'
import { sealedTables } from '../../compose/sealed-tables.ts'
import { sealOfEpisode } from '../../episodes/seal.ts'
import { insertFeed } from '../../feeds/store.ts'
import { silentLog } from '../../log.ts'
import { writeSetting } from '../../settings/store.ts'
import { type OpenProfile, type OpenProfileOptions, openProfile } from '../open-profile.ts'
import type { Storage } from '../storage.ts'

export const testOptions = (profilePath: string): OpenProfileOptions => ({
  profilePath,
  clock: { now: () => 1_763_860_000_000 },
  log: silentLog,
  origin: 'test',
  sealedTables,
  goodCopies: null,
  onNotice: () => {},
})

export async function openTestProfile(
  profilePath: string,
  more: Partial<OpenProfileOptions> = {},
): Promise<OpenProfile> {
  const opened = await openProfile({ ...testOptions(profilePath), ...more })
  if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.message}`)
  return opened.value
}

export const feedId = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const episodeId = (n: number): string => `00000000-0000-7000-9000-${String(n).padStart(12, '0')}`

/** One transaction a feed: with two episodes, their keys, a setting, and an entry of the trail. */
export function addFeeds(storage: Storage, from: number, to: number): void {
  for (let n = from; n < to; n += 1)
    storage.write('feeds.add', (tx) => {
      insertFeed(tx, {
        id: feedId(n),
        kind: 'rss',
        own_title: `Feed number ${n}`,
        user_title: n % 3 === 0 ? `Mine: ${n}` : null,
        url: `https://example.org/${n}.xml`,
        url_display: `example.org/${n}.xml`,
        url_key: `key-${n}`,
        added_at_ms: n,
        state_kind: 'fine',
        state_message: 'Fine',
        description: 'What it is about. '.repeat(n % 400),
      })
      for (const k of [2 * n, 2 * n + 1]) {
        const description_html = `<p>${'Words. '.repeat(k % 700)}</p>`
        const said = { id: episodeId(k), feed_id: feedId(n), title: `Episode ${k}`, description_html }
        tx.run(
          `INSERT INTO episodes (id, feed_id, title, description_html, state, first_seen_at_ms, updated_at_ms, row_sha256)
           VALUES (?, ?, ?, ?, 'new', ?, ?, ?)`,
          [...Object.values(said), k, k, sealOfEpisode(said)],
        )
        tx.run("INSERT INTO episode_keys (feed_id, kind, key, episode_id) VALUES (?, 'guid', ?, ?)", [
          feedId(n),
          `guid-${k}`,
          episodeId(k),
        ])
      }
      writeSetting(tx, `test.${n}`, { n }, n)
      tx.audit(`feed:${feedId(n)}`, null, { n })
    })
}

export interface Counted {
  readonly feeds: number
  readonly episodes: number
  readonly keys: number
  readonly settings: number
  readonly audit: number
}
export function countRows(storage: Pick<Storage, 'get'>): Counted {
  const count = (sql: string): number => storage.get<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`)!.n
  return {
    feeds: count('feeds'),
    episodes: count('episodes'),
    keys: count('episode_keys'),
    settings: count("settings WHERE name LIKE 'test.%'"),
    audit: count("audit WHERE action = 'feeds.add'"),
  }
}

export const databaseOf = (profilePath: string): string => join(profilePath, 'inkwell.db')
