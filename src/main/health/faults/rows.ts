import type { CostEntry } from '../../costs/service.ts'
import { costEntriesTable, costMonthsTable } from '../../costs/store.ts'
import { createIds } from '../../ids.ts'
import { sealOf } from '../../storage/seals.ts'
import type { HealthHouse } from '../health-testing.ts'
import type { Fault } from './fault.ts'

/** One value of one row, changed without its checksum. */
const rot = (table: string, change: string, finds = `rows/${table}`, more: Partial<Fault> = {}): Fault => ({
  name: `a rotten row of ${table}`,
  inject: ({ raw }) =>
    raw((database) => {
      const { changes } = database
        .prepare(`UPDATE "${table}" SET ${change} WHERE rowid = (SELECT max(rowid) FROM "${table}")`)
        .run()
      if (changes !== 1) throw new Error(`no row in ${table}`)
    }),
  finds,
  quick: true,
  mends: true,
  ...more,
})

const entry = (house: HealthHouse, id: string) => ({
  ...(house.house.storage.get<object>('SELECT * FROM cost_entries ORDER BY id LIMIT 1') as Record<string, never>),
  id,
})

export const rowFaults: readonly Fault[] = [
  {
    ...rot('audit', ''),
    inject: ({ raw }) =>
      raw((database) =>
        database.exec("UPDATE audit SET subject = subject || '!' WHERE id = (SELECT min(id) FROM audit)"),
      ),
  },
  rot('settings', 'updated_at_ms = updated_at_ms + 1'),
  rot('feeds', "own_title = own_title || '.'"),
  rot('feeds', `row_sha256 = '${'0'.repeat(64)}'`),
  {
    ...rot('episodes', "title = title || '.'"),
    name: 'another title of a dropped recording',
    inject: ({ raw }) =>
      raw((database) => database.exec("UPDATE episodes SET title = 'A walk' WHERE title = 'A talk'")),
  },
  {
    ...rot('episodes', ''),
    name: 'another description of an episode of a feed',
    inject: ({ raw }) =>
      raw((database) =>
        database.exec(
          `UPDATE episodes SET description_html = description_html || '.' WHERE id =
             (SELECT id FROM episodes WHERE content_sha256 IS NULL LIMIT 1)`,
        ),
      ),
  },
  rot('cost_entries', 'cost_micro_usd = 999'),
  rot('interview_sessions', "feed_title = feed_title || 's'"),
  rot('interview_exchanges', "question = 'Why not?'"),
  rot('interview_drafts', "text = 'Then the wax'"),
  rot('note_files', 'written_at_ms = written_at_ms + 1'),
  rot('note_folders', 'made_at_ms = made_at_ms + 1'),
  rot('note_intents', 'made_at_ms = made_at_ms + 1'),
  rot('note_history', 'saved_at_ms = saved_at_ms + 1'),
  {
    ...rot('note_intent_files', ''),
    inject: ({ raw }) =>
      raw((database) => {
        const one = '(SELECT intent_id FROM note_intent_files LIMIT 1)'
        database.exec(
          `UPDATE note_intent_files SET details_json = details_json || ' ' WHERE position = 0 AND intent_id = ${one}`,
        )
      }),
  },
  {
    name: 'a row of the trail taken away',
    inject: ({ raw }) => raw((database) => database.exec('DELETE FROM audit WHERE id = 3')),
    finds: 'rows/audit-gap',
    quick: true,
    mends: false,
  },
  {
    name: 'the newest row of the trail taken away',
    inject: ({ raw }) => raw((database) => database.exec('DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)')),
    finds: 'rows/audit-gap',
    quick: true,
    mends: false,
  },
  rot('cost_months', 'cost_micro_usd = 1', 'ledger/sums'),
  {
    name: 'a charge taken away',
    inject: ({ raw }) => raw((database) => database.exec('DELETE FROM cost_entries WHERE cost_micro_usd = 4100')),
    finds: 'ledger/sums',
    quick: true,
    mends: true,
  },
  {
    name: 'sums of the Costs page that are not the rows’',
    inject: ({ raw }) =>
      raw((database) => database.exec('UPDATE cost_totals SET cost_micro_usd = 1 WHERE level = 1 AND dim = 2')),
    finds: 'ledger/sums',
    quick: true,
    mends: true,
  },
  {
    name: 'days of the Costs page taken away',
    inject: ({ raw }) => raw((database) => database.exec('DELETE FROM cost_sums WHERE level = 0')),
    finds: 'ledger/sums',
    quick: false,
    mends: true,
  },
  {
    name: 'a month of the journal taken away',
    inject: ({ raw }) =>
      raw((database) => database.exec(`DELETE FROM ${costMonthsTable.name} WHERE month = '2026-11'`)),
    finds: 'ledger/sums',
    quick: true,
    mends: true,
  },
  {
    name: 'a charge put in past the journal, with a checksum that fits',
    inject: (house) => {
      const row = entry(house, createIds({ now: () => Date.now() }).next()) as Record<string, string | number | null>
      const columns = Object.keys(row).filter((name) => name !== 'row_sha256')
      const seal = sealOf(costEntriesTable, row)
      house.raw((database) =>
        database
          .prepare(
            `INSERT INTO cost_entries (${columns.join(', ')}, row_sha256) VALUES (${columns.map(() => '?').join(', ')}, ?)`,
          )
          .run(...columns.map((name) => row[name]!), seal),
      )
    },
    finds: 'ledger/sums',
    quick: true,
    mends: true,
  },
  {
    name: 'a charge with an id that Inkwell does not make',
    inject: (house) => {
      const { row_sha256: _, ...row } = entry(house, 'charge-1') as { id: string; row_sha256?: string }
      house.house.costs.append(row as CostEntry)
    },
    finds: 'ledger/ids',
    quick: true,
    mends: false,
  },
]
