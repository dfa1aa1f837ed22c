import type { Mutant } from '../family.ts'

const choose = 'src/main/notes/choose.ts'

export const modelMutants: readonly Mutant[] = [
  {
    name: 'undo-forgets',
    fault: 'a feed that is followed again has lost the name the user gave it',
    families: ['model'],
    hint: { part: 'lists' },
    edits: [
      {
        file: 'src/main/feeds/edits.ts',
        find: "change('feeds.undoRemove', feedId, { removed_at_ms: null }",
        put: "change('feeds.undoRemove', feedId, { removed_at_ms: null, user_title: null }",
      },
    ],
  },
  {
    name: 'keep-mine-deletes-mine',
    fault: 'keeping their own text deletes the user’s file',
    families: ['model'],
    quick: true,
    hint: { part: 'notes' },
    edits: [
      {
        file: choose,
        find: '      await exchange.remove(folder, row.newer_file_name',
        put: '      await fs.unlink(join(folder.path, row.file_name)).catch(() => {})\n      await exchange.remove(folder, row.newer_file_name',
      },
      { file: choose, find: '  const { storage, ids } = deps\n', put: '  const { storage, ids, fs } = deps\n' },
    ],
  },
  {
    name: 'merge-drops-mine',
    fault: 'where both texts were chosen, only the new one is written',
    families: ['model'],
    hint: { part: 'notes' },
    edits: [{ file: 'src/main/notes/merge-text.ts', find: '? [newer] : [mine, newer]', put: '? [newer] : [newer]' }],
  },
  {
    name: 'deleted-told-again',
    fault: 'a note that the user deleted comes back with the next telling',
    families: ['model'],
    hint: { part: 'notes' },
    edits: [
      {
        file: 'src/main/notes/apply.ts',
        find: 'if (row.base_sha256 !== null) return',
        put: "if (row.base_sha256 === '') return",
      },
    ],
  },
  {
    name: 'stale-draft-taken',
    fault: 'a draft that somebody else wrote since is overwritten',
    families: ['model'],
    quick: true,
    hint: { part: 'interviews' },
    edits: [{ file: 'src/main/interviews/service.ts', find: 'if (last !== seenRevision) return stale', put: '' }],
  },
  {
    name: 'sweep-forgets-the-sum',
    fault: 'what was swept of the ledger is missing from its sums',
    families: ['model'],
    quick: true,
    hint: { part: 'lists' },
    edits: [
      {
        file: 'src/main/costs/service.ts',
        find: 'swept_micro_usd: month.swept_micro_usd + part.cost_micro_usd,',
        put: 'cost_micro_usd: month.cost_micro_usd - part.cost_micro_usd,',
      },
    ],
  },
]
