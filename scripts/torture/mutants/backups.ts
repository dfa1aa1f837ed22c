import type { Mutant } from '../family.ts'

export const backupsMutants: readonly Mutant[] = [
  {
    name: 'restore-without-verify',
    fault: 'the database of a backup is used without comparing it with the manifest',
    families: ['backups'],
    quick: true,
    hint: { part: 'crafted' },
    edits: [
      {
        file: 'src/main/backup/inspect.ts',
        find: 'if (difference !== null) throw damaged',
        put: 'if (difference === "") throw damaged',
      },
    ],
  },
  {
    name: 'switch-before-verify',
    fault: 'the restored profile is put into use before it is made and verified',
    families: ['backups'],
    hint: { part: 'crafted' },
    edits: [
      {
        file: 'src/main/backup/restore.ts',
        find: '  const extracted = await one.run({\n',
        put: "  await switchTo(deps, fs, { place: `restored/`.concat(new Date(clock.now()).toISOString().replace(/[:.]/g, '')), action: 'backup.restore', remark: '' })\n  const extracted = await one.run({\n",
      },
      {
        file: 'src/main/backup/inspect.ts',
        find: 'checkDatabase(database, manifest, port)\n      progress',
        put: 'progress',
      },
    ],
  },
  {
    name: 'last-line-not-compared',
    fault: 'the last line of a backup, which names all of it, is not compared',
    families: ['backups'],
    quick: true,
    hint: { part: 'damaged' },
    edits: [
      {
        file: 'src/main/backup/archive/frame.ts',
        find: 'if (!encodeTrailer(raw, list).equals(trailer))',
        put: 'if (!looksLikeTrailer(trailer))',
      },
    ],
  },
  {
    name: 'copied-while-written',
    fault: 'the database is copied as a file, without what is still in its log',
    families: ['backups'],
    hint: { part: 'roundTrips' },
    edits: [
      {
        file: 'src/main/backup/database.ts',
        find: 'await backup(source, to, { rate: 2_147_483_647 })',
        put: "void backup\n    ;(await import('node:fs')).copyFileSync(from, to)",
      },
    ],
  },
  {
    name: 'replaced-profile-takes-changes',
    fault: 'the profile that a restore replaced goes on taking changes, where nobody will look',
    families: ['backups'],
    hint: { part: 'roundTrips' },
    edits: [{ file: 'src/main/backup/switching.ts', find: '  retire(storage)\n', put: '' }],
  },
  {
    name: 'rotation-counts-the-damaged',
    fault: 'a damaged backup takes the place of the good one of its day',
    families: ['backups'],
    quick: true,
    hint: { part: 'rotation' },
    edits: [
      {
        file: 'src/main/backup/rotation.ts',
        find: 'const good = automatic.filter((backup) => backup.good)',
        put: 'const good = automatic',
      },
    ],
  },
]
