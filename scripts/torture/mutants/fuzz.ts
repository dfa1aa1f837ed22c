import type { Mutant } from '../family.ts'

export const fuzzMutants: readonly Mutant[] = [
  {
    name: 'path-leads-out',
    fault: 'a path in a backup may lead out of the profile',
    families: ['fuzz'],
    quick: true,
    hint: { part: 'paths of a backup' },
    edits: [{ file: 'src/main/backup/archive/manifest.ts', find: "name !== '..' && ", put: '' }],
  },
  {
    name: 'metadata-seal-not-compared',
    fault: 'the checksum of .metadata.yaml is looked for, and not compared',
    families: ['fuzz'],
    hint: { part: '.metadata.yaml' },
    edits: [{ file: 'src/main/notes/metadata.ts', find: 'line && sha256(body) === line[1]', put: 'line' }],
  },
  {
    name: 'damaged-pointer-throws',
    fault: 'a damaged current-profile.json keeps the profile from being opened',
    families: ['fuzz'],
    quick: true,
    hint: { part: 'current-profile.json' },
    edits: [
      {
        file: 'src/main/compose/profile-in-use.ts',
        find: "return 'it is damaged'",
        put: "throw new Error('it is damaged')",
      },
    ],
  },
  {
    name: 'merge-drops-a-line',
    fault: 'a merge where both were chosen leaves out what the user had',
    families: ['fuzz'],
    hint: { part: 'merge' },
    edits: [{ file: 'src/main/notes/merge-text.ts', find: '? [newer] : [mine, newer]', put: '? [newer] : [newer]' }],
  },
]
