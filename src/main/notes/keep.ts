import { basename, dirname, join } from 'node:path'
import type { Clock, Log } from '../ports.ts'
import type { Storage } from '../storage/storage.ts'
import { errorCode, type FileSystem, syncFolder, writeNewFile } from '../storage/write-file.ts'
import type { Blobs } from './blobs.ts'
import { type KeptFiles, keepMs } from './kept-files.ts'
import { besideName, dayOf } from './names.ts'
import { sha256 } from './note-text.ts'
import type { LoadNameCalls, Taken } from './take-name.ts'
import { look, shaAt } from './vault-folder.ts'
import { type KeptRow, versionStore } from './versions-store.ts'

/** What the second look at a displaced file found: the same bytes, or an edit that was saved into it since. */
export interface Keeper {
  readonly files: KeptFiles
  /** Ends what a kill left in the middle of an exchange. The caller holds the episode's lock. */
  tidy(episodeId: string): Promise<void>
  /**
   * Looks at what is due: two seconds after it was displaced, again each time it is twice as old, for editors that hold
   * it open for long, and once more after 30 days, when it goes.
   */
  settle(): Promise<void>
  /** Until something is due; null when nothing is kept. Milliseconds. */
  nextInMs(): number | null
  /** Whether something is not looked at yet. */
  pending(): boolean
}

export const settleAfterMs = 2_000
const dueAtMs = ({ made_at_ms, checked_at_ms }: KeptRow): number =>
  Math.min(
    made_at_ms + Math.max(settleAfterMs, checked_at_ms === null ? 0 : 2 * (checked_at_ms - made_at_ms)),
    made_at_ms + keepMs + 1,
  )

export function createKeeper(deps: {
  fs: FileSystem
  names: LoadNameCalls
  storage: Storage
  blobs: Blobs
  files: KeptFiles
  clock: Clock
  log: Log
  onConflict: (episodeId: string) => void
}): Keeper {
  const { fs, names, storage, blobs, files, clock, log } = deps

  /** The user's bytes, as a file of their own beside the note. */
  const saveConflict = async (row: KeptRow, bytes: Buffer): Promise<void> => {
    const folder = dirname(row.target_path)
    const day = dayOf(clock.now()) ?? ''
    for (let attempt = 1; ; attempt++) {
      const name = besideName(basename(row.target_path), 'edited', day, attempt)
      const there = await look(fs, join(folder, name))
      if (there.kind === 'file' && there.sha256 === sha256(bytes)) break
      if (there.kind !== 'missing') continue
      await writeNewFile(join(folder, name), bytes, { fs })
      await syncFolder(folder, fs)
      break
    }
    log.warn('notes.edit-while-writing', { file: row.target_path })
    deps.onConflict(row.episode_id)
  }

  /** Killed while its name was free: it gets it back. False when the name is taken. */
  const giveNameBack = async (row: KeptRow): Promise<boolean> => {
    if (row.new_sha256 === null || row.checked_at_ms !== null || files.inProfile(row)) return false
    if ((await look(fs, row.target_path)).kind !== 'missing') return false
    let taken: Taken
    try {
      taken = await (await names()).take(row.kept_path, row.target_path)
    } catch (error) {
      // Nothing is lost without it: the text is kept.
      log.warn('notes.name-not-given-back', { file: row.target_path, code: errorCode(error) })
      return false
    }
    await syncFolder(dirname(row.target_path), fs)
    if (typeof taken === 'string') await files.forget(row)
    else await files.settleIn(row, (await shaAt(fs, row.kept_path)) ?? row.sha256)
    return true
  }

  const settleOne = async (row: KeptRow, nowMs: number): Promise<void> => {
    const bytes = await files.read(row)
    if (bytes === null) return files.forget(row)
    const sha = sha256(bytes)
    // Ours, and never in place: the names were not exchanged before a kill.
    if (sha === row.new_sha256) return files.forget(row)
    if (await giveNameBack(row)) return
    // For 30 days it can be had back, whatever becomes of the file.
    await blobs.put(bytes)
    // Read back where it still stands at its name: then it was never displaced, and nothing is lost.
    if (sha !== row.sha256) {
      const current = await look(fs, row.target_path)
      if (current.kind !== 'file' || current.sha256 !== sha) await saveConflict(row, bytes)
    }
    if (nowMs - row.made_at_ms > keepMs) return files.forget(row)
    storage.writeUnaudited((tx) => versionStore.updateKept(tx, row.id, { sha256: sha, checked_at_ms: nowMs }))
    if (!files.inProfile(row)) await files.settleIn(row, sha)
  }

  return {
    files,
    async tidy(episodeId) {
      for (const row of versionStore.kept(storage)) {
        if (row.episode_id !== episodeId || row.new_sha256 === null || files.inProfile(row)) continue
        const bytes = await files.read(row)
        const sha = bytes && sha256(bytes)
        if (sha === row.new_sha256) await files.forget(row)
        else if (sha !== null && (await giveNameBack(row))) continue
        else if (sha === row.sha256) await files.settleIn(row, sha)
      }
    },
    async settle() {
      const nowMs = clock.now()
      for (const row of versionStore.kept(storage)) {
        if (nowMs < dueAtMs(row)) continue
        try {
          await settleOne(row, nowMs)
        } catch (error) {
          // The vault is away or full: looked at again next time.
          log.warn('notes.kept-not-settled', { file: row.target_path, code: errorCode(error) })
        }
      }
    },
    nextInMs() {
      const due = versionStore.kept(storage).map(dueAtMs)
      return due.length === 0 ? null : Math.max(0, Math.min(...due) - clock.now())
    },
    pending: () => versionStore.kept(storage).some(({ checked_at_ms }) => checked_at_ms === null),
  }
}
