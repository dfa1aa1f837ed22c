import { join } from 'node:path'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Clock, Log } from '../ports.ts'
import type { WriteNotesFailure } from '../services.ts'
import type { Storage, Transaction } from '../storage/storage.ts'
import type { SwapNames } from '../storage/swap-names.ts'
import { errorCode, type FileSystem, syncFolder } from '../storage/write-file.ts'
import { type Applied, type ApplyInput, applyFile, isBegun, placeBeside, written } from './apply.ts'
import type { Blobs } from './blobs.ts'
import { createExchange, type Exchange } from './exchange.ts'
import { HeldError } from './held.ts'
import type { Keeper } from './keep.ts'
import { dayOf } from './names.ts'
import { openNoteFolder } from './reading.ts'
import {
  type FileRow,
  type FolderRow,
  type IntentFileRow,
  type IntentRow,
  noteStore,
  unknownSha,
  waitsForReview,
} from './store.ts'
import type { LoadNameCalls } from './take-name.ts'
import { look, type VaultFolder, vaultFailure } from './vault-folder.ts'

export interface RollForwardDeps {
  readonly fs: FileSystem
  readonly swapNames: SwapNames
  readonly names: LoadNameCalls
  readonly storage: Storage
  readonly blobs: Blobs
  readonly keeper: Keeper
  readonly clock: Clock
  readonly log: Log
  readonly wait: (ms: number) => Promise<unknown>
  /** Of who holds the episode's lock. @throws when another process took it */
  readonly stillHeld?: () => void
}
interface Done extends Applied {
  readonly file: IntentFileRow
}

/**
 * Brings every open intent of an episode to its end, oldest first. The caller holds the episode's lock. Files that
 * another program holds keep their intent open and are no failure.
 * @returns what became of each file, by its id
 */
export async function rollForward(
  deps: RollForwardDeps,
  episodeId: string,
): Promise<Result<Map<string, Applied>, WriteNotesFailure>> {
  const outcomes = new Map<string, Applied>()
  for (const intent of noteStore.openIntents(deps.storage, episodeId)) {
    const done: Done[] = []
    const result = await applyIntent(deps, intent, done)
    // Also after a failure: what is in the vault is in the manifest.
    finish(deps, intent, done)
    for (const one of done) outcomes.set(one.file.file_id, one)
    if (!result.ok) return result
  }
  return ok(outcomes)
}

async function applyIntent(
  deps: RollForwardDeps,
  intent: IntentRow,
  done: Done[],
): Promise<Result<null, WriteNotesFailure>> {
  const { storage } = deps
  const folderRow = noteStore.folderById(storage, intent.folder_id)
  if (!folderRow || !noteStore.folderIntact(storage, intent.folder_id)) return folderRowLost
  const pairs = noteStore
    .intentFiles(storage, intent.id)
    .filter(({ outcome }) => outcome === null)
    .map((file) => ({ file, row: noteStore.file(storage, file.file_id)! }))
  const exchange = createExchange({ ...deps, tag: intent.id.slice(-12) })
  let result: Result<null, WriteNotesFailure> = ok(null)
  // The episode's folder, and those of files that the user moved by themselves: trouble with one does not stop the others.
  for (const group of Map.groupBy(pairs, ({ row }) => row.own_folder).values()) {
    const applied = await applyInFolder(deps, { intent, folderRow, exchange, group }, done).catch((error: unknown) => {
      const vault = folderRow.vault_path
      deps.log.warn('notes.write-failed', { episode: intent.episode_id, vault, code: errorCode(error) })
      return vaultFailure(error, vault)
    })
    if (result.ok) result = applied
  }
  return result
}

interface Group {
  readonly intent: IntentRow
  readonly folderRow: FolderRow
  readonly exchange: Exchange
  /** Files that stand in one folder; at least one. */
  readonly group: readonly { readonly file: IntentFileRow; readonly row: FileRow }[]
}

async function applyInFolder(
  deps: RollForwardDeps,
  { intent, folderRow, exchange, group }: Group,
  done: Done[],
): Promise<Result<null, WriteNotesFailure>> {
  // A folder that the user removed is not made again for the files that went with it.
  const make = intent.action === 'restore' || group.some(({ row }) => row.base_sha256 === null)
  const opened = await openNoteFolder(deps, folderRow, group[0]!.row, make)
  if (!opened.ok) return opened
  const folder = opened.value
  if (folder === null) {
    for (const { file } of group) done.push({ file, outcome: 'stays-deleted', newer: null, stamp: null })
    return ok(null)
  }
  await exchange.sweep(folder)
  await deps.keeper.tidy(intent.episode_id)
  const applied: Done[] = []
  try {
    for (const { file, row } of group) {
      const one = await applyOne(deps, { intent, folder, exchange, file, row })
      if (one) applied.push({ file, ...one })
    }
  } finally {
    // Before the manifest says so: names must be durable first.
    await syncFolder(folder.path, deps.fs)
    done.push(...applied)
  }
  return ok(null)
}

interface One {
  readonly intent: IntentRow
  readonly folder: VaultFolder
  readonly exchange: Exchange
  readonly file: IntentFileRow
  readonly row: FileRow
}

/** Null while another program holds the file. */
async function applyOne(deps: RollForwardDeps, { intent, folder, exchange, file, row }: One): Promise<Applied | null> {
  const { fs, storage, blobs, log } = deps
  const bytes = await blobs.get(file.new_sha256)
  if (bytes === null) {
    log.error('notes.text-lost', { file: row.file_name, sha256: file.new_sha256 })
    return { outcome: 'unchanged', newer: row.newer_file_name, stamp: null }
  }
  const input: ApplyInput = {
    fs,
    exchange,
    folder,
    row,
    file,
    bytes,
    knownShas: noteStore.knownShas(storage, row),
    day: dayOf(intent.made_at_ms) ?? '1970-01-01',
    beforeCopy: () => storage.writeUnaudited((tx) => noteStore.setPlaceholder(tx, file)),
  }
  try {
    if (intent.action === 'write') return await applyFile(input)
    return intent.action === 'restore' ? await restore(input) : await takePlace(input)
  } catch (error) {
    const waits = error instanceof HeldError || ['EBUSY', 'EDEADLK', 'ETIMEDOUT', 'EAGAIN'].includes(errorCode(error))
    if (!waits) throw error
    log.warn('notes.file-held', { file: join(folder.path, row.file_name) })
    return null
  }
}

/** In place of what the intent saw there, the user's text being in history; given up when it was saved again since. */
async function takePlace(input: ApplyInput): Promise<Applied> {
  const { fs, exchange, folder, row, file, bytes } = input
  const newer = row.newer_file_name
  await folder.check()
  const there = await look(fs, join(folder.path, row.file_name))
  const has = there.kind === 'file' ? there.sha256 : null
  let stamp = there.kind === 'file' ? there.stamp : null
  if (has !== file.new_sha256) {
    const isOpen = has === file.base_sha256 || (there.kind === 'file' && isBegun(input, there.bytes))
    if (there.kind === 'special' || !isOpen) return { outcome: 'unchanged', newer, stamp: null }
    const placed =
      has === null
        ? await exchange.place(folder, row.file_name, bytes, input.beforeCopy)
        : await exchange.replace(folder, row.file_name, bytes, has, row.id, input.beforeCopy)
    if (placed === 'changed' || placed === 'exists') return { outcome: 'unchanged', newer, stamp: null }
    stamp = placed.stamp
  }
  if (newer !== null && file.removes_sha256 !== null) await exchange.remove(folder, newer, file.removes_sha256, row.id)
  return written(stamp)
}

/** An earlier text: in its place while that is empty or holds what Inkwell wrote, else beside. */
async function restore(input: ApplyInput): Promise<Applied> {
  const placed = await takePlace({ ...input, file: { ...input.file, removes_sha256: null } })
  return placed.outcome === 'written' ? placed : placeBeside(input, 'restored')
}

function finish({ storage, clock }: RollForwardDeps, intent: IntentRow, done: readonly Done[]): void {
  if (done.length === 0) return
  storage.write(actions[intent.action], (tx) => {
    for (const one of done) {
      const { file, outcome } = one
      record(tx, intent, one)
      noteStore.setOutcome(tx, file, outcome)
    }
    const open = noteStore.intentFiles(tx, intent.id).some(({ outcome }) => outcome === null)
    if (!open) noteStore.closeIntent(tx, intent.id, clock.now())
    tx.audit(`episode:${intent.episode_id}`, null, {
      run: intent.run_id,
      files: done.map(({ file, outcome, newer }) => ({ id: file.file_id, outcome, newer, base: file.new_sha256 })),
    })
  })
}

function record(tx: Transaction, intent: IntentRow, { file, outcome, newer, stamp }: Done): void {
  const row = noteStore.file(tx, file.file_id)!
  const { new_sha256, content_sha256, details_json } = file
  const none = { newer_file_name: null, newer_sha256: null, newer_details_json: null, newer_stamp: null }
  if (intent.action === 'restore') {
    // A file beside is the user's from the start. In its place it is their text over what Inkwell wrote last.
    if (outcome === 'written')
      noteStore.putFile(tx, { ...row, ...standing(row.base_sha256 ?? unknownSha, file, stamp) })
  } else if (outcome === 'written') {
    // Merged, or taken after the user edited the newer file too: what Inkwell wrote is the newer text as it made it.
    const base = intent.action === 'write' ? new_sha256 : (row.newer_sha256 ?? new_sha256)
    noteStore.putFile(tx, {
      ...row,
      ...none,
      ...standing(base, file, stamp),
      content_sha256,
      details_json,
      run_id: intent.run_id,
      written_at_ms: intent.made_at_ms,
    })
  } else if (outcome === 'beside-edited')
    noteStore.putFile(tx, {
      ...row,
      state: waitsForReview(file) ? row.state : 'edited',
      content_sha256,
      newer_file_name: newer,
      newer_sha256: new_sha256,
      newer_details_json: details_json,
      newer_stamp: stamp,
    })
  else if (outcome === 'stays-deleted') noteStore.putFile(tx, { ...row, ...none, state: 'deleted', content_sha256 })
}

/** What the manifest says of a file that holds `new_sha256` now. */
const standing = (base: string, { new_sha256 }: IntentFileRow, stamp: string | null) =>
  base === new_sha256
    ? ({ state: 'current', base_sha256: new_sha256, base_stamp: stamp } as const)
    : ({ state: 'edited', base_sha256: base, base_stamp: null } as const)

const actions = {
  write: 'notes.written',
  take: 'notes.taken',
  merge: 'notes.merged',
  restore: 'notes.restored',
} as const

const folderRowLost = fail(
  'write-failed',
  'The record of where these notes are is damaged, so that nothing was written. The files in the vault are untouched. Open Data & health.',
)
export const episodeGone = fail('write-failed', 'This episode is not there any more. Nothing was written.')
