import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { sealOfEpisode } from '../../episodes/seal.ts'
import type { HealthHouse } from '../health-testing.ts'
import type { Fault } from './fault.ts'

const sql =
  (...lines: string[]) =>
  ({ raw }: HealthHouse): void =>
    raw((database) => {
      for (const line of lines) database.exec(line)
    })

/** Changes the bytes of one page of the file, as a bad disk does. */
const onPage =
  (object: string, change: (page: Buffer) => void) =>
  ({ raw, profile }: HealthHouse): void => {
    let root = 0
    raw((database) => {
      root = Number(database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(object)!.rootpage)
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    })
    const file = openSync(join(profile, 'inkwell.db'), 'r+')
    const page = Buffer.alloc(4096)
    readSync(file, page, 0, 4096, (root - 1) * 4096)
    change(page)
    writeSync(file, page, 0, 4096, (root - 1) * 4096)
    closeSync(file)
  }

const replaceIn = (page: Buffer, from: string, to: string): void => {
  const at = page.indexOf(from)
  if (at < 0) throw new Error(`${from} is not on this page`)
  page.write(to, at)
}

export const databaseFaults: readonly Fault[] = [
  {
    name: 'another program raises the version of the structure',
    inject: sql('PRAGMA user_version = 999'),
    finds: 'database/version',
    quick: true,
    mends: false,
  },
  {
    name: 'the connection does not wait for the disk',
    inject: ({ house }) => void house.storage.all('PRAGMA synchronous = OFF'),
    finds: 'database/settings',
    quick: true,
    mends: true,
  },
  {
    name: 'the connection does not look at references',
    inject: ({ house }) => void house.storage.all('PRAGMA foreign_keys = OFF'),
    finds: 'database/settings',
    quick: true,
    mends: true,
  },
  {
    name: 'the log of the database is large',
    inject: ({ house, outside }) => {
      house.storage.writeUnaudited((tx) =>
        tx.run("UPDATE feeds SET description = hex(zeroblob(300000)) WHERE kind = 'local'"),
      )
      outside.walLimitBytes = 500_000
    },
    finds: 'database/log-large',
    quick: true,
    mends: true,
  },
  {
    name: 'an index is gone',
    inject: sql('DROP INDEX jobs_by_state'),
    finds: 'database/schema',
    quick: true,
    mends: true,
  },
  { name: 'a view is gone', inject: sql('DROP VIEW notes'), finds: 'database/schema', quick: true, mends: true },
  {
    name: 'a view says something else',
    inject: sql('DROP VIEW notes', 'CREATE VIEW notes AS SELECT * FROM note_files'),
    finds: 'database/schema',
    quick: true,
    mends: true,
  },
  {
    name: 'a table has one column more',
    inject: sql('ALTER TABLE job_log ADD COLUMN extra TEXT'),
    finds: 'database/schema',
    quick: true,
    mends: false,
  },
  {
    name: 'a table is gone',
    inject: sql('DROP TABLE job_log'),
    finds: 'database/schema',
    quick: true,
    mends: false,
  },
  {
    name: 'a trigger of somebody else',
    inject: sql('CREATE TRIGGER sly AFTER INSERT ON jobs BEGIN DELETE FROM job_log; END'),
    finds: 'database/schema-foreign',
    quick: true,
    mends: true,
  },
  {
    name: 'a table of somebody else',
    inject: sql('CREATE TABLE theirs (a)'),
    finds: 'database/schema-foreign',
    quick: true,
    mends: false,
  },
  {
    name: 'an index that does not fit its rows',
    inject: onPage('jobs_by_state', (page) => replaceIn(page, 'queued', 'queuee')),
    finds: 'database/index',
    mends: true,
  },
  {
    name: 'a page that is no page any more',
    inject: onPage('job_steps', (page) => page.fill(0xff, 0, 100)),
    finds: 'database/pages',
    mends: false,
  },
  {
    name: 'a step of a job that is not there',
    inject: sql("INSERT INTO job_steps (job_id, stage, key, attempts) VALUES ('nobody', 'source', 'k', 1)"),
    finds: 'database/orphans',
    mends: true,
  },
  {
    name: 'a key of an episode that is not there',
    inject: sql(
      "INSERT INTO episode_keys (feed_id, kind, key, episode_id) SELECT id, 'guid', 'x', 'nobody' FROM feeds LIMIT 1",
    ),
    finds: 'database/orphans',
    mends: true,
  },
  {
    name: 'episodes whose feed is not there',
    inject: sql(
      `INSERT INTO episodes (id, feed_id, title, state, first_seen_at_ms, updated_at_ms, row_sha256)
       VALUES ('e', 'nofeed', 'Lost', 'new', 1, 1, '${sealOfEpisode({ id: 'e', feed_id: 'nofeed', title: 'Lost' })}')`,
    ),
    finds: 'database/orphans-kept',
    mends: false,
  },
]
