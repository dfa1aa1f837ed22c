import type { Mutant } from '../family.ts'

const migrate = 'src/main/storage/migrate.ts'
const noteVersions = 'src/main/storage/migrations/0009-note-versions.ts'

export const migrationsMutants: readonly Mutant[] = [
  {
    name: 'migration-without-transaction',
    fault: 'the migrations are not one transaction',
    families: ['migrations'],
    quick: true,
    hint: { part: 'statements' },
    edits: [
      { file: migrate, find: "database.exec('BEGIN IMMEDIATE')", put: '' },
      { file: migrate, find: "database.exec('COMMIT')", put: '' },
    ],
  },
  {
    name: 'migration-edits-a-row',
    fault: 'a migration forgets what came of a note',
    families: ['migrations'],
    hint: { part: 'whole' },
    edits: [
      {
        file: noteVersions,
        find: "details_json, placeholder, outcome, ''",
        put: "details_json, placeholder, NULL, ''",
      },
    ],
  },
  {
    name: 'seal-over-rot',
    fault: 'a migration seals a row anew that had rotted',
    families: ['migrations'],
    quick: true,
    hint: { part: 'random' },
    edits: [{ file: noteVersions, find: '(row) => isSealed(filesBefore, row)', put: '() => true' }],
  },
  {
    name: 'no-copy-before-migration',
    fault: 'the database is migrated without a copy of it',
    families: ['migrations'],
    quick: true,
    hint: { part: 'statements' },
    edits: [{ file: migrate, find: 'if (from > 0) backUp(database, path, from)', put: '' }],
  },
  {
    name: 'newer-profile-opened',
    fault: 'a profile of a newer Inkwell is opened all the same',
    families: ['migrations'],
    quick: true,
    hint: { part: 'downgrade' },
    edits: [{ file: migrate, find: 'return found > latest\n', put: 'return found > latest + 1_000\n' }],
  },
]
