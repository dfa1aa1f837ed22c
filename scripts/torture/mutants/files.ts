import type { Mutant } from '../family.ts'

const writeFile = 'src/main/storage/write-file.ts'

export const filesMutants: readonly Mutant[] = [
  {
    name: 'ignored-byte-count',
    fault: 'the count of bytes that a write took is ignored',
    families: ['short-writes'],
    hint: { scenario: 'write-notes' },
    edits: [{ file: writeFile, find: 'offset += bytesWritten\n', put: 'offset = bytes.length\n' }],
  },
  {
    name: 'no-size-check',
    fault: 'the count of bytes is ignored, and the size is not looked at before the rename',
    families: ['short-writes'],
    hint: { scenario: 'write-notes' },
    edits: [
      { file: writeFile, find: 'offset += bytesWritten\n', put: 'offset = bytes.length\n' },
      { file: writeFile, find: 'if (size !== content.length) throw', put: 'if (size < 0) throw' },
    ],
  },
  {
    name: 'litter-after-failure',
    fault: 'a temporary file stays when writing it failed',
    families: ['io-errors'],
    hint: { scenario: 'write-notes', plan: 'ENOSPC at .*write /vault' },
    edits: [
      {
        file: writeFile,
        find: '    await fs.unlink(path).catch(() => {})\n    throw error\n  }\n}\n\n/** One',
        put: '    throw error\n  }\n}\n\n/** One',
      },
    ],
  },
  {
    name: 'error-swallowed',
    fault: 'an error while writing is taken for success',
    families: ['io-errors'],
    hint: { scenario: 'write-notes', plan: 'EIO at .*write /vault' },
    edits: [
      {
        file: writeFile,
        find: '      await writeAll(file, content)\n',
        put: '      await writeAll(file, content).catch(() => {})\n',
      },
      { file: writeFile, find: 'if (size !== content.length) throw', put: 'if (size < 0) throw' },
    ],
  },
]
