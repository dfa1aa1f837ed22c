import type { Mutant } from '../family.ts'

const transaction = 'src/main/storage/transaction.ts'

export const storageMutants: readonly Mutant[] = [
  {
    name: 'no-transaction',
    fault: 'a change and its audit row are not one transaction',
    families: ['kill-points'],
    hint: { scenario: 'edit-feeds', call: 'f(data)?sync .*inkwell.db-wal' },
    edits: [
      { file: transaction, find: "database.exec('BEGIN IMMEDIATE')", put: '' },
      { file: transaction, find: "withRoom(() => database.exec('COMMIT'))", put: '' },
    ],
  },
  {
    name: 'acknowledged-before-commit',
    fault: 'a change is acknowledged before it is committed',
    families: ['kill-points'],
    quick: true,
    hint: { scenario: 'append-ledger', call: 'inkwell.db-wal' },
    edits: [
      {
        file: transaction,
        find: "withRoom(() => database.exec('COMMIT'))",
        put: "setImmediate(() => {\n      try {\n        if (database.isTransaction) database.exec('COMMIT')\n      } catch {}\n    })",
      },
    ],
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
  {
    name: 'half-a-migration',
    fault: 'each migration is committed by itself, and the version with the last',
    families: ['kill-points'],
    hint: { scenario: 'migrate', call: 'f(data)?sync .*inkwell.db' },
    edits: [
      { file: 'src/main/storage/migrate.ts', find: "database.exec('BEGIN IMMEDIATE')", put: '' },
      { file: 'src/main/storage/migrate.ts', find: "database.exec('COMMIT')", put: '' },
    ],
  },
  {
    name: 'swept-before-commit',
    fault: 'a sweep deletes old charges and their sums in two transactions',
    families: ['kill-points'],
    hint: { scenario: 'retention-sweep', call: 'f(data)?sync .*inkwell.db-wal' },
    edits: [
      {
        file: 'src/main/costs/service.ts',
        find: 'costStore.deleteBefore(tx, beforeMs)\n',
        put: "tx.run('COMMIT')\n      tx.run('BEGIN IMMEDIATE')\n      costStore.deleteBefore(tx, beforeMs)\n",
      },
    ],
  },
]
