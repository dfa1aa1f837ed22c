import { costEntriesTable, costMonthsTable } from '../costs/store.ts'
import { draftsTable, exchangesTable, sessionsTable } from '../interviews/store.ts'
import type { SealedTable } from '../storage/seals.ts'

/** Every table whose rows carry a checksum over their content. */
export const sealedTables: readonly SealedTable[] = [
  costEntriesTable,
  costMonthsTable,
  sessionsTable,
  exchangesTable,
  draftsTable,
]
