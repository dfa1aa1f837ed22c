import type { Mutant } from '../family.ts'

/** Faults by which a damaged byte passes for what was written. */
export const damageMutants: readonly Mutant[] = [
  {
    name: 'seal-not-checked',
    fault: 'the checksum of a row is not compared when it is read',
    families: ['damage'],
    quick: true,
    hint: { kind: 'database' },
    edits: [
      {
        file: 'src/main/storage/seals.ts',
        find: 'row.row_sha256 === sealOf(table, row)',
        put: "row.row_sha256 !== ''",
      },
    ],
  },
  {
    name: 'blob-not-verified',
    fault: 'a kept text is served without a look at its hash',
    families: ['damage'],
    quick: true,
    hint: { kind: 'blob' },
    edits: [{ file: 'src/main/notes/blobs.ts', find: 'if (sha256(bytes) !== sha) return null', put: '' }],
  },
  {
    name: 'trailer-not-checked',
    fault: 'the last line of a backup is not compared with its list of hashes',
    families: ['damage'],
    quick: true,
    hint: { kind: 'backup' },
    edits: [
      {
        file: 'src/main/backup/archive/frame.ts',
        find: 'if (!encodeTrailer(raw, list).equals(trailer))',
        put: 'if (trailer.length === 0)',
      },
    ],
  },
  {
    name: 'pointer-not-checked',
    fault: 'the file that says which profile is in use is believed without its checksum',
    families: ['damage'],
    quick: true,
    hint: { kind: 'pointer' },
    edits: [
      {
        file: 'src/main/compose/profile-in-use.ts',
        find: 'sha256 === undefined || sha256 === sumOf(pointer)',
        put: "sha256 !== ''",
      },
    ],
  },
  {
    name: 'torn-log-is-forgotten',
    fault: 'a log of the database that lost commits counts as torn by a crash',
    families: ['damage'],
    hint: { kind: 'wal' },
    edits: [
      {
        file: 'src/main/storage/recovery/damage.ts',
        find: "if (lost) return { kind: 'damaged', reason: lost }",
        put: '',
      },
    ],
  },
  {
    name: 'rot-counts-as-written',
    fault: 'a note whose time and size are as they were is not read',
    families: ['damage'],
    quick: true,
    hint: { kind: 'note' },
    edits: [
      {
        file: 'src/main/notes/inspect.ts',
        find: 'if (there.sha256 === row.base_sha256) return',
        put: 'if (there.stamp === row.base_stamp || there.sha256 === row.base_sha256) return',
      },
    ],
  },
  {
    name: 'metadata-verifies-a-part',
    fault: 'the checksum of .metadata.yaml is compared by its first letters only',
    families: ['damage'],
    hint: { kind: 'metadata' },
    edits: [
      {
        file: 'src/main/notes/metadata.ts',
        find: 'sha256(body) === line[1]',
        put: 'line[1]!.startsWith(sha256(body).slice(0, 0))',
      },
    ],
  },
]
