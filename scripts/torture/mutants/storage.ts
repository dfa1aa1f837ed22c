import type { Mutant } from '../family.ts'

const storage = 'src/main/storage/storage.ts'

export const storageMutants: readonly Mutant[] = [
  {
    name: 'no-transaction',
    fault: 'a change and its audit row are not one transaction',
    families: ['kill-points'],
    hint: { scenario: 'edit-feeds', call: 'inkwell.db-wal' },
    edits: [
      { file: storage, find: "database.exec('BEGIN IMMEDIATE')", put: '' },
      {
        file: storage,
        find: "database.exec('COMMIT')",
        put: '',
      },
    ],
  },
  {
    name: 'acknowledged-before-commit',
    fault: 'a change is acknowledged before it is committed',
    families: ['kill-points'],
    hint: { scenario: 'change-settings', call: 'inkwell.db-wal' },
    edits: [{ file: storage, find: "database.exec('COMMIT')", put: "setTimeout(() => database.exec('COMMIT'), 20)" }],
  },
  {
    name: 'charge-written-twice',
    fault: 'a retry gives a charge a new id',
    families: ['kill-points'],
    hint: { scenario: 'append-ledger' },
    edits: [
      {
        file: 'src/main/costs/service.ts',
        find: 'const known = costStore.entry(tx, entry.id)\n',
        put: 'entry = { ...entry, id: entry.id.slice(0, -6) + Math.random().toString(16).slice(2, 8) }\n    const known = costStore.entry(tx, entry.id)\n',
      },
    ],
  },
  {
    name: 'journal-forgotten',
    fault: 'a charge is written without the journal of its month',
    families: ['kill-points'],
    hint: { scenario: 'append-ledger' },
    edits: [
      {
        file: 'src/main/costs/service.ts',
        find: 'if (month === null || isIntact(month))\n',
        put: 'if (entry.at_ms < 0)\n',
      },
    ],
  },
]
