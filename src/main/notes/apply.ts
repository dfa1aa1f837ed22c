import { join } from 'node:path'
import type { FileSystem } from '../storage/write-file.ts'
import type { Exchange } from './exchange.ts'
import { isNewerMetadata } from './metadata.ts'
import { besideName } from './names.ts'
import { type FileRow, type IntentFileRow, type Outcome, waitsForReview } from './store.ts'
import { look, type VaultFolder } from './vault-folder.ts'

export interface Applied {
  readonly outcome: Outcome
  /** Where the text stands when it is beside an edited note. */
  readonly newer: string | null
  /** Of the file that was written; null where it is not known. */
  readonly stamp: string | null
}
export interface ApplyInput {
  readonly fs: FileSystem
  readonly exchange: Exchange
  readonly folder: VaultFolder
  readonly row: FileRow
  readonly file: IntentFileRow
  readonly bytes: Buffer
  /** Hashes of this note in other vaults: a copy of one is ours. */
  readonly knownShas: ReadonlySet<string>
  /** Of the run, for the name beside. */
  readonly day: string
  /** Told before a text is copied to its name: from then on its beginning there is ours. */
  readonly beforeCopy: () => void
}

/** An editor that saves faster than this is let finish: the intent stays open. */
const attempts = 5

/**
 * One file of an intent, whatever state an earlier try left it in: done again it changes nothing. The user's file is
 * never touched, one they deleted is not made again, and each look is taken anew when something changed under it.
 */
export async function applyFile(input: ApplyInput): Promise<Applied> {
  const { fs, exchange, folder, row, file, bytes, knownShas } = input
  const target = join(folder.path, row.file_name)
  for (let attempt = 0; attempt < attempts; attempt++) {
    await folder.check()
    const there = await look(fs, target)
    if (there.kind === 'missing') {
      if (row.base_sha256 !== null) return { outcome: 'stays-deleted', newer: null, stamp: null }
      const placed = await exchange.place(folder, row.file_name, bytes, input.beforeCopy)
      if (placed !== 'exists') return written(placed.stamp)
      continue
    }
    if (there.kind === 'special') return writeBeside(input)
    if (there.sha256 === file.new_sha256) return written(there.stamp)
    const ours =
      there.sha256 === row.base_sha256 ||
      (row.base_sha256 === null && knownShas.has(there.sha256)) ||
      isBegun(input, there.bytes)
    if (!ours) {
      if (row.kind === 'metadata' && isNewerMetadata(there.bytes.toString('utf8')))
        return { outcome: 'unchanged', newer: null, stamp: null }
      return writeBeside(input)
    }
    // A model says the same in other words each time: what stands there is compared before it gives way.
    if (waitsForReview(file) && there.sha256 === row.base_sha256) return writeBeside(input)
    const replaced = await exchange.replace(folder, row.file_name, bytes, there.sha256, row.id, input.beforeCopy)
    if (replaced !== 'changed') return written(replaced.stamp)
  }
  throw Object.assign(new Error(`EBUSY: it changes all the time, ${target}`), { code: 'EBUSY' })
}

/** Killed while the text was copied to its name: its beginning, or an empty file, stands there. */
export const isBegun = ({ file, bytes }: Pick<ApplyInput, 'file' | 'bytes'>, there: Buffer): boolean =>
  file.placeholder === 1 && there.length < bytes.length && bytes.subarray(0, there.length).equals(there)

export const written = (stamp: string | null): Applied => ({ outcome: 'written', newer: null, stamp })
const beside = (newer: string, { stamp }: { stamp: string }): Applied => ({ outcome: 'beside-edited', newer, stamp })

/** Beside an edited file: in place of the last one that stands there if that is as it was written, else under a new name. */
async function writeBeside(input: ApplyInput): Promise<Applied> {
  const { fs, exchange, folder, row, file, bytes } = input
  const last = row.newer_file_name
  if (last !== null) {
    const there = await look(fs, join(folder.path, last))
    if (there.kind === 'file' && there.sha256 === file.new_sha256) return beside(last, there)
    if (there.kind === 'file' && (there.sha256 === row.newer_sha256 || isBegun(input, there.bytes))) {
      const replaced = await exchange.replace(folder, last, bytes, there.sha256, row.id, input.beforeCopy)
      if (replaced !== 'changed') return beside(last, replaced)
    }
  }
  return placeBeside(input, 'new')
}

/** Under a name that is free: `summary (new 2026-11-23).md`. */
export async function placeBeside(input: ApplyInput, word: 'new' | 'restored'): Promise<Applied> {
  const { fs, exchange, folder, row, file, bytes, day, beforeCopy } = input
  for (let attempt = 1; attempt < 1_000; attempt++) {
    const name = besideName(row.file_name, word, day, attempt)
    const there = await look(fs, join(folder.path, name))
    if (there.kind === 'file' && there.sha256 === file.new_sha256) return beside(name, there)
    if (there.kind === 'file' && isBegun(input, there.bytes)) {
      const replaced = await exchange.replace(folder, name, bytes, there.sha256, row.id, beforeCopy)
      if (replaced !== 'changed') return beside(name, replaced)
    }
    if (there.kind !== 'missing') continue
    const placed = await exchange.place(folder, name, bytes, beforeCopy)
    if (placed !== 'exists') return beside(name, placed)
  }
  throw Object.assign(new Error(`EEXIST: no name is free, ${row.file_name}`), { code: 'EEXIST' })
}
