import { type Found, found } from './check.ts'

/** @param lines of SQLite's own check */
export const damagedPages = (lines: readonly string[], deep = false): Found =>
  found({
    id: 'database/pages',
    severity: 'error',
    title: 'Pages of the database are damaged.',
    detail:
      'Nothing was overwritten. Close Inkwell and open it again: it sets the file aside and brings back what can be read. Check the disk: this comes from hardware more often than from programs.',
    subjects: lines,
    deep,
  })
