import type { Mutant } from '../family.ts'

const writeFile = 'src/main/storage/write-file.ts'

export const filesMutants: readonly Mutant[] = [
  {
    name: 'ignored-byte-count',
    fault: 'the count of bytes that a write took is ignored',
    families: ['short-writes'],
    quick: true,
    hint: { scenario: 'write-notes' },
    edits: [{ file: writeFile, find: 'offset += bytesWritten\n', put: 'offset = bytes.length\n' }],
  },
  {
    name: 'no-size-check',
    fault: 'the count of bytes is ignored, and the size is not looked at before the rename',
    families: ['short-writes'],
    quick: true,
    hint: { scenario: 'write-notes' },
    edits: [
      { file: writeFile, find: 'offset += bytesWritten\n', put: 'offset = bytes.length\n' },
      { file: writeFile, find: 'if (size !== length) throw', put: 'if (size < 0) throw' },
    ],
  },
  {
    name: 'error-swallowed',
    fault: 'an error while writing is taken for success',
    families: ['io-errors'],
    quick: true,
    hint: { scenario: 'write-notes', plan: 'EIO at .*write /vault' },
    edits: [
      {
        file: writeFile,
        find: '        await writeAll(file, bytes, length)\n',
        put: '        await writeAll(file, bytes, length).catch(() => {})\n',
      },
      { file: writeFile, find: 'if (size !== length) throw', put: 'if (size < 0) throw' },
    ],
  },
  {
    name: 'ballast-never-freed',
    fault: 'the ballast is kept when the disk is full',
    families: ['disk-full'],
    quick: true,
    hint: { scenario: 'append-ledger', ballast: 'yes' },
    edits: [
      {
        file: 'src/main/storage/transaction.ts',
        find: "if (sqliteTrouble(error) !== 'full' || hasRoom || !makeRoom()) throw error",
        put: 'throw error',
      },
    ],
  },
  {
    name: 'file-not-flushed',
    fault: 'a new file is not flushed before it is renamed into place',
    families: ['power-loss'],
    quick: true,
    hint: { part: 'protocols' },
    edits: [{ file: writeFile, find: '      await file.sync()\n', put: '' }],
  },
  {
    name: 'folder-not-flushed',
    fault: 'the folder is not flushed after a rename',
    families: ['power-loss'],
    quick: true,
    hint: { part: 'protocols' },
    edits: [{ file: writeFile, find: '  await syncFolder(folder, fs)\n}', put: '}' }],
  },
  {
    name: 'rename-before-flush',
    fault: 'a file gets its name before its bytes are flushed',
    families: ['power-loss'],
    hint: { part: 'protocols' },
    edits: [
      { file: writeFile, find: '      await file.sync()\n', put: '' },
      {
        file: writeFile,
        find: '  await syncFolder(folder, fs)\n}',
        put: "  await syncFolder(folder, fs)\n  const flushed = await fs.open(path, 'r+')\n  await flushed.sync()\n  await flushed.close()\n}",
      },
    ],
  },
  {
    name: 'reused-temporary-name',
    fault: 'all files share one temporary name',
    families: ['kill-points'],
    hint: { scenario: 'write-notes', call: '(write|fsync|rename).*/blobs' },
    edits: [{ file: writeFile, find: "randomBytes(6).toString('hex')", put: "'000000000000'" }],
  },
  {
    name: 'recording-not-flushed',
    fault: 'a recording gets its name before it is flushed',
    families: ['power-loss'],
    quick: true,
    hint: { part: 'protocols' },
    edits: [
      {
        file: 'src/main/intake/media-store.ts',
        find: 'await writeNewFile(temporary, hashed(source.handle, maxBytes, hash), { mode: 0o600 })',
        put: `const target = await (await import('node:fs/promises')).open(temporary, 'wx', 0o600)
    for await (const piece of hashed(source.handle, maxBytes, hash)) await target.write(piece, 0, piece.length)
    await target.close()`,
      },
    ],
  },
  {
    name: 'commit-not-flushed',
    fault: 'the database is not flushed at each commit (synchronous = NORMAL)',
    families: ['power-loss'],
    quick: true,
    hint: { part: 'flushes' },
    edits: [
      { file: 'src/main/storage/connection.ts', find: 'PRAGMA synchronous = FULL', put: 'PRAGMA synchronous = NORMAL' },
      { file: 'src/main/storage/connection.ts', find: 'synchronous: 2', put: 'synchronous: 1' },
    ],
  },
]
