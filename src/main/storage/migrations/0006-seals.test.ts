import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { feedsTable } from '../../feeds/store.ts'
import { settingsTable } from '../../settings/store.ts'
import { auditTable } from '../audit-row.ts'
import { migrate } from '../migrate.ts'
import { isSealed, type SealedTable } from '../seals.ts'
import type { SqlValue } from '../storage.ts'
import { migrations } from './index.ts'

it('seals the rows that are there', () => {
  const database = new DatabaseSync(':memory:')
  const upTo = (version: number) =>
    migrate(
      database,
      ':memory:',
      migrations.filter((one) => one.version <= version),
    )
  expect(upTo(5).ok).toBe(true)
  database.exec(`
    INSERT INTO settings VALUES ('vaultPath', '"/notes"', 1);
    INSERT INTO audit (at_ms, action, origin, subject, before_json, after_json) VALUES (1, 'a.b', 'app', 's', NULL, '"ü"');
    INSERT INTO feeds (id, kind, own_title, url_key, added_at_ms, state_kind, state_message, user_title)
    VALUES ('f', 'rss', 'Own', 'k', 1, 'fine', 'Fine', 'Mine');
  `)
  expect(upTo(6).ok).toBe(true)
  for (const table of [auditTable, settingsTable, feedsTable] satisfies SealedTable[]) {
    const rows = database.prepare(`SELECT * FROM ${table.name}`).all() as Record<string, SqlValue>[]
    expect(rows).toHaveLength(1)
    expect(
      rows.every((row) => isSealed(table, row)),
      table.name,
    ).toBe(true)
    for (const column of table.columns) expect(isSealed(table, { ...rows[0], [column]: 'x' }), column).toBe(false)
  }
  database.close()
})
