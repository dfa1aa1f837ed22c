import { costLimitsTable } from '../costs/limits.ts'
import { costOwnPricesTable } from '../costs/prices.ts'
import { costDetailsTable, costEntriesTable, costMonthsTable } from '../costs/store.ts'
import { costSweptTable } from '../costs/swept.ts'
import { episodesTable } from '../episodes/seal.ts'
import { feedsTable } from '../feeds/store.ts'
import { draftsTable, exchangesTable, sessionsTable } from '../interviews/store.ts'
import { noteTables } from '../notes/note-tables.ts'
import { settingsTable } from '../settings/store.ts'
import { auditTable } from '../storage/audit-row.ts'
import type { SealedTable } from '../storage/seals.ts'
import { correctionsTable, speakerNamesTable } from '../transcripts/wording-store.ts'

/** Every table whose rows carry a checksum over their content. */
export const sealedTables: readonly SealedTable[] = [
  auditTable,
  settingsTable,
  feedsTable,
  episodesTable,
  costEntriesTable,
  costMonthsTable,
  costDetailsTable,
  costSweptTable,
  costLimitsTable,
  costOwnPricesTable,
  sessionsTable,
  exchangesTable,
  draftsTable,
  ...noteTables,
  correctionsTable,
  speakerNamesTable,
]
