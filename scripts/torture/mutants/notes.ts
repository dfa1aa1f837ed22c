import type { Mutant } from '../family.ts'

const apply = 'src/main/notes/apply.ts'
const rollForward = 'src/main/notes/roll-forward.ts'

export const notesMutants: readonly Mutant[] = [
  {
    name: 'tombstone-ignored',
    fault: 'a note that the user deleted is written again',
    families: ['kill-points'],
    hint: { scenario: 'regenerate-notes' },
    edits: [{ file: apply, find: 'if (row.base_sha256 !== null) return', put: "if (row.base_sha256 === '') return" }],
  },
  {
    name: 'expected-hash-not-checked',
    fault: 'a note is replaced without looking whether the user edited it',
    families: ['kill-points'],
    hint: { scenario: 'regenerate-notes' },
    edits: [{ file: apply, find: '    if (!ours) {\n', put: '    if (!ours && row.file_name === "") {\n' }],
  },
  {
    name: 'intent-closed-before-files',
    fault: 'an intent is called done before its files are written',
    families: ['kill-points'],
    hint: { scenario: 'write-notes', call: '/vault' },
    edits: [
      {
        file: rollForward,
        find: '    const done: Done[] = []\n',
        put: '    const done: Done[] = []\n    deps.storage.writeUnaudited((tx) => noteStore.closeIntent(tx, intent.id, deps.clock.now()))\n',
      },
    ],
  },
  {
    name: 'delete-before-rename',
    fault: 'the old note is deleted before the new one is renamed into its place',
    families: ['kill-points'],
    quick: true,
    hint: { scenario: 'regenerate-notes', call: 'rename(at2?)? /vault' },
    edits: [
      {
        file: 'src/main/notes/exchange-by-swap.ts',
        find: "offered = (await swap(kept.kept_path, target)) === 'done'\n",
        put: 'const aside = join(folder.path, ".~inkwell-" + tag + ".old")\n      await fs.link(target, aside)\n      await fs.unlink(target)\n      await fs.rename(kept.kept_path, target)\n      await fs.rename(aside, kept.kept_path)\n',
      },
    ],
  },
  {
    name: 'temporary-files-stay',
    fault: 'what a killed process left in the notes folder is not swept',
    families: ['kill-points'],
    quick: true,
    hint: { scenario: 'write-notes', call: 'link(at)? /vault|unlink(at)? /vault' },
    edits: [{ file: rollForward, find: 'await exchange.sweep(folder)', put: '' }],
  },
  {
    name: 'intent-not-rolled-forward',
    fault: 'what a killed run left open is not brought to its end at the start',
    families: ['kill-points'],
    quick: true,
    hint: { scenario: 'write-notes', call: '/vault' },
    edits: [
      {
        file: 'src/main/notes/service.ts',
        find: 'for (const episodeId of noteStore.episodesWithOpenIntents(storage)) {',
        put: 'for (const episodeId of noteStore.episodesWithOpenIntents(storage).slice(0, 0)) {',
      },
    ],
  },
  {
    name: 'text-not-kept-first',
    fault: 'the intent is committed before its texts are kept',
    families: ['io-errors'],
    quick: true,
    hint: { scenario: 'write-notes', plan: 'EIO at .*/profile/blobs' },
    edits: [
      {
        file: 'src/main/notes/plan.ts',
        find: 'for (const { text } of files) await blobs.put(text.bytes)',
        put: 'for (const { text } of files) await blobs.put(text.bytes).catch(() => {})',
      },
    ],
  },
  {
    name: 'notes-folder-not-flushed',
    fault: 'the manifest calls notes written before their names are flushed',
    families: ['power-loss'],
    quick: true,
    hint: { part: 'house', scenario: 'write-notes' },
    edits: [{ file: rollForward, find: 'await syncFolder(folder.path, deps.fs)', put: '' }],
  },
]
