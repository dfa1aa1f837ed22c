import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writePointer } from '../../../src/main/compose/profile-in-use.ts'
import { storeMedia } from '../../../src/main/intake/media-store.ts'
import { createBlobs } from '../../../src/main/notes/blobs.ts'
import { writeFileAtomic, writeNewFile } from '../../../src/main/storage/write-file.ts'
import * as shim from '../shim/fs-promises.ts'
import type { Disk } from './model.ts'

/** One way in which the house writes, small enough to try every state that a power cut can leave. */
export interface Protocol {
  readonly name: string
  prepare(root: string): void
  act(root: string): Promise<unknown>
  /** What is wrong with a disk; `done`: it was acknowledged before the power went. */
  faults(disk: Disk, root: string, done: boolean): string[]
}

const old = Buffer.from('The old text, all of it.\n'.repeat(20))
const fresh = Buffer.from('The new text, which is longer, all of it.\n'.repeat(30))
const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The old or the new, and the new when that was acknowledged. */
function oldOrNew(disk: Disk, path: string, done: boolean, before: Buffer | null, after: Buffer): string[] {
  const found = disk.get(path) ?? null
  if (found?.equals(after)) return []
  if (done) return [`${path}: acknowledged, and ${found === null ? 'gone' : 'not the new text'}`]
  const same = before === null ? found === null : found?.equals(before)
  return same
    ? []
    : [`${path}: ${found === null ? 'gone' : `neither the old nor the new text (${found.length} bytes)`}`]
}

export const protocols: readonly Protocol[] = [
  {
    name: 'whole-file write',
    prepare: (root) => writeFileSync(join(root, 'file'), old),
    act: (root) => writeFileAtomic(join(root, 'file'), fresh, { fs: shim }),
    faults: (disk, root, done) => oldOrNew(disk, join(root, 'file'), done, old, fresh),
  },
  {
    name: 'two whole-file writes at once',
    prepare: (root) => {
      for (const name of ['one', 'two']) writeFileSync(join(root, name), old)
    },
    act: async (root) => {
      await writeFileAtomic(join(root, 'one'), fresh, { fs: shim })
      await writeFileAtomic(join(root, 'two'), Buffer.from('Something else.'), { fs: shim })
    },
    faults: (disk, root, done) => [
      ...oldOrNew(disk, join(root, 'one'), done, old, fresh),
      ...oldOrNew(disk, join(root, 'two'), done, old, Buffer.from('Something else.')),
    ],
  },
  {
    name: 'profile pointer',
    prepare: (root) => {
      mkdirSync(join(root, 'restored'))
      writeFileSync(join(root, 'current-profile.json'), old)
    },
    act: (root) =>
      writePointer(
        root,
        { path: 'restored/a', previous: '.', older: [], forgetting: [], switchedAtMs: 1 },
        shim as never,
      ),
    faults: (disk, root, done) => {
      const found = disk.get(join(root, 'current-profile.json'))
      if (!done && found?.equals(old)) return []
      try {
        return (JSON.parse(String(found)) as { path: string }).path === 'restored/a'
          ? []
          : ['the pointer leads elsewhere']
      } catch {
        return [`the pointer is ${found ? 'torn' : 'gone'}`]
      }
    },
  },
  {
    name: 'kept text',
    prepare: () => {},
    act: (root) => createBlobs(root, shim as never, async () => {}).put(fresh),
    // A torn one is noticed by its hash and made again: only one that was promised must be there.
    faults: (disk, root, done) =>
      done ? oldOrNew(disk, join(root, 'blobs', sha(fresh).slice(0, 2), sha(fresh)), true, null, fresh) : [],
  },
  {
    name: 'recording',
    prepare: (root) => {
      mkdirSync(join(dirname(root), 'source'), { recursive: true })
      writeFileSync(join(dirname(root), 'source', 'talk.mp3'), fresh)
    },
    act: async (root) => {
      const stored = await storeMedia(root, join(dirname(root), 'source', 'talk.mp3'), 'mp3', async () => 1e12)
      if (!stored.ok) throw new Error(stored.error.message)
    },
    // Whoever names it trusts the name: it must be whole whenever it is there.
    faults: (disk, root, done) => oldOrNew(disk, join(root, 'media', `${sha(fresh)}.mp3`), done, null, fresh),
  },
  {
    name: 'new file',
    prepare: () => {},
    act: (root) => writeNewFile(join(root, 'file'), fresh, { fs: shim }),
    // Its folder is flushed by the caller.
    faults: (disk, root, done) => {
      const found = disk.get(join(root, 'file'))
      return !done || !found || found.equals(fresh) ? [] : ['its name is there and its text is not']
    },
  },
]
