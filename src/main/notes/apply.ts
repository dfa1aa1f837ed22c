import { join } from 'node:path'
import type { FileSystem } from '../storage/write-file.ts'
import type { Exchange } from './exchange.ts'
import { isNewerMetadata } from './metadata.ts'
import { besideName } from './names.ts'
import type { FileRow, IntentFileRow, Outcome } from './store.ts'
import { look, type VaultFolder } from './vault-folder.ts'

export interface Applied {
  readonly outcome: Outcome
  /** Where the text stands when it is beside an edited note. */
  readonly newer: string | null
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
  readonly beforePlaceholder: () => void
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
      if (row.base_sha256 !== null) return { outcome: 'stays-deleted', newer: null }
      if ((await exchange.place(folder, row.file_name, bytes, input.beforePlaceholder)) === 'done') return written
      continue
    }
    if (there.kind === 'special') return writeBeside(input)
    if (there.sha256 === file.new_sha256) return written
    const ours =
      there.sha256 === row.base_sha256 ||
      (row.base_sha256 === null &&
        (knownShas.has(there.sha256) || (file.placeholder === 1 && there.bytes.length === 0)))
    if (!ours) {
      if (row.kind === 'metadata' && isNewerMetadata(there.bytes.toString('utf8')))
        return { outcome: 'unchanged', newer: null }
      return writeBeside(input)
    }
    if ((await exchange.replace(folder, row.file_name, bytes, there.sha256, row.id)) === 'done') return written
  }
  throw Object.assign(new Error(`EBUSY: it changes all the time, ${target}`), { code: 'EBUSY' })
}

const written: Applied = { outcome: 'written', newer: null }

/** Beside an edited file: in place of the last one that stands there if that is as it was written, else under a new name. */
async function writeBeside(input: ApplyInput): Promise<Applied> {
  const { fs, exchange, folder, row, file, bytes, day, beforePlaceholder } = input
  const last = row.newer_file_name
  if (last !== null) {
    const there = await look(fs, join(folder.path, last))
    const has = there.kind === 'file' ? there.sha256 : null
    if (has === file.new_sha256) return { outcome: 'beside-edited', newer: last }
    if (has !== null && has === row.newer_sha256)
      if ((await exchange.replace(folder, last, bytes, has, row.id)) === 'done')
        return { outcome: 'beside-edited', newer: last }
  }
  for (let attempt = 1; attempt < 1_000; attempt++) {
    const name = besideName(row.file_name, 'new', day, attempt)
    const there = await look(fs, join(folder.path, name))
    if (there.kind === 'file' && there.sha256 === file.new_sha256) return { outcome: 'beside-edited', newer: name }
    if (there.kind === 'file' && there.bytes.length === 0 && file.placeholder === 1) {
      if ((await exchange.replace(folder, name, bytes, there.sha256, row.id)) === 'done')
        return { outcome: 'beside-edited', newer: name }
    }
    if (there.kind !== 'missing') continue
    if ((await exchange.place(folder, name, bytes, beforePlaceholder)) === 'done')
      return { outcome: 'beside-edited', newer: name }
  }
  throw Object.assign(new Error(`EEXIST: no name is free, ${row.file_name}`), { code: 'EEXIST' })
}
