import { join } from 'node:path'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Clock, Log } from '../ports.ts'
import type { WriteNotesFailure } from '../services.ts'
import type { Storage, Transaction } from '../storage/storage.ts'
import { errorCode, type FileSystem, syncFolder } from '../storage/write-file.ts'
import { type Applied, applyFile } from './apply.ts'
import type { Blobs } from './blobs.ts'
import { createExchange, type Exchange, HeldError } from './exchange.ts'
import type { Keeper } from './keep.ts'
import { dayOf } from './names.ts'
import { type FileRow, type IntentFileRow, type IntentRow, noteStore, type Outcome } from './store.ts'
import { look, openVaultFolder, type VaultFolder, vaultFailure } from './vault-folder.ts'

export interface RollForwardDeps {
  readonly fs: FileSystem
  readonly storage: Storage
  readonly blobs: Blobs
  readonly keeper: Keeper
  readonly clock: Clock
  readonly log: Log
  readonly wait: (ms: number) => Promise<unknown>
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
): Promise<Result<Map<string, Outcome>, WriteNotesFailure>> {
  const outcomes = new Map<string, Outcome>()
  for (const intent of noteStore.openIntents(deps.storage, episodeId)) {
    const done: Done[] = []
    const result = await applyIntent(deps, intent, done)
    // Also after a failure: what is in the vault is in the manifest.
    finish(deps, intent, done)
    for (const { file, outcome } of done) outcomes.set(file.file_id, outcome)
    if (!result.ok) return result
  }
  return ok(outcomes)
}

async function applyIntent(
  deps: RollForwardDeps,
  intent: IntentRow,
  done: Done[],
): Promise<Result<null, WriteNotesFailure>> {
  const { fs, storage, keeper, wait } = deps
  const { vault_path, podcast, name } = noteStore.folderById(storage, intent.folder_id)!
  const files = noteStore.intentFiles(storage, intent.id).filter(({ outcome }) => outcome === null)
  const rows = new Map(files.map(({ file_id }) => [file_id, noteStore.file(storage, file_id)!]))
  try {
    // A folder that the user removed is not made again for the files that went with it.
    const make = [...rows.values()].some(({ base_sha256 }) => base_sha256 === null)
    const opened = await openVaultFolder(fs, vault_path, [podcast, name], make)
    if (!opened.ok) return opened
    const folder = opened.value
    if (folder === null) {
      for (const file of files) done.push({ file, outcome: 'stays-deleted', newer: null })
      return ok(null)
    }
    const exchange = createExchange({ fs, keeper, tag: intent.id.slice(-12), wait })
    await exchange.sweep(folder)
    const applied: Done[] = []
    try {
      for (const file of files) {
        const one = await applyOne(deps, { intent, folder, exchange, file, row: rows.get(file.file_id)! })
        if (one) applied.push({ file, ...one })
      }
    } finally {
      // Before the manifest says so: names must be durable first.
      await syncFolder(folder.path, fs)
      done.push(...applied)
    }
    return ok(null)
  } catch (error) {
    const failure = vaultFailure(error, vault_path)
    deps.log.warn('notes.write-failed', { episode: intent.episode_id, vault: vault_path, code: errorCode(error) })
    return failure
  }
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
    return { outcome: 'unchanged', newer: null }
  }
  try {
    if (intent.action === 'take') return await takeNewer(fs, exchange, folder, row, file, bytes)
    return await applyFile({
      fs,
      exchange,
      folder,
      row,
      file,
      bytes,
      knownShas: noteStore.knownShas(storage, row),
      day: dayOf(intent.made_at_ms) ?? '1970-01-01',
      beforePlaceholder: () => storage.writeUnaudited((tx) => noteStore.setPlaceholder(tx, file)),
    })
  } catch (error) {
    const waits = error instanceof HeldError || ['EBUSY', 'EDEADLK', 'ETIMEDOUT', 'EAGAIN'].includes(errorCode(error))
    if (!waits) throw error
    log.warn('notes.file-held', { file: join(folder.path, row.file_name) })
    return null
  }
}

/** The newer text in place of the user's, which is in history; given up when the user saved again since. */
async function takeNewer(
  fs: FileSystem,
  exchange: Exchange,
  folder: VaultFolder,
  row: FileRow,
  file: IntentFileRow,
  bytes: Buffer,
): Promise<Applied> {
  await folder.check()
  const there = await look(fs, join(folder.path, row.file_name))
  const has = there.kind === 'file' ? there.sha256 : null
  if (has !== file.new_sha256) {
    if (there.kind === 'special' || has !== file.base_sha256)
      return { outcome: 'unchanged', newer: row.newer_file_name }
    const replaced =
      has === null
        ? await exchange.place(folder, row.file_name, bytes, () => {})
        : await exchange.replace(folder, row.file_name, bytes, has, row.id)
    if (replaced !== 'done') return { outcome: 'unchanged', newer: row.newer_file_name }
  }
  if (row.newer_file_name) await exchange.remove(folder, row.newer_file_name, file.new_sha256, row.id)
  return { outcome: 'written', newer: null }
}

function finish({ storage, clock }: RollForwardDeps, intent: IntentRow, done: readonly Done[]): void {
  if (done.length === 0) return
  storage.write(intent.action === 'take' ? 'notes.taken' : 'notes.written', (tx) => {
    for (const { file, outcome, newer } of done) {
      record(tx, intent, file, outcome, newer)
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

function record(tx: Transaction, intent: IntentRow, file: IntentFileRow, outcome: Outcome, newer: string | null): void {
  const row = noteStore.file(tx, file.file_id)!
  const { new_sha256, content_sha256, details_json } = file
  const none = { newer_file_name: null, newer_sha256: null, newer_details_json: null }
  if (outcome === 'written')
    noteStore.putFile(tx, {
      ...row,
      ...none,
      state: 'current',
      base_sha256: new_sha256,
      content_sha256,
      details_json,
      run_id: intent.run_id,
      written_at_ms: intent.made_at_ms,
    })
  if (outcome === 'beside-edited')
    noteStore.putFile(tx, {
      ...row,
      state: 'edited',
      content_sha256,
      newer_file_name: newer,
      newer_sha256: new_sha256,
      newer_details_json: details_json,
    })
  if (outcome === 'stays-deleted') noteStore.putFile(tx, { ...row, ...none, state: 'deleted', content_sha256 })
}

export const episodeGone = fail('write-failed', 'This episode is not there any more. Nothing was written.')
