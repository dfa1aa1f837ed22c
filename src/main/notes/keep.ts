import { constants } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Clock, Log } from '../ports.ts'
import type { Storage } from '../storage/storage.ts'
import { errorCode, type FileSystem, syncFolder, writeNewFile } from '../storage/write-file.ts'
import type { Blobs } from './blobs.ts'
import { type KeptFiles, keepMs } from './kept-files.ts'
import { besideName, dayOf } from './names.ts'
import { sha256 } from './note-text.ts'
import { look, type VaultFolder } from './vault-folder.ts'
import { type KeptRow, versionStore } from './versions-store.ts'

/** What the second look at a displaced file found: the same bytes, or an edit that was saved into it since. */
export interface Keeper {
  readonly files: KeptFiles
  /**
   * Where names cannot be exchanged: a second name for a file that is about to be replaced.
   * Null when it does not hold `expectedSha` (any more).
   */
  hold(
    folder: VaultFolder,
    name: string,
    expectedSha: string,
    fileId: string,
  ): Promise<{ readonly ino: bigint; readonly dev: bigint; release(): Promise<void> } | null>
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
  /** Lets go of open files. */
  close(): Promise<void>
}

export const settleAfterMs = 2_000
const dueAtMs = ({ made_at_ms, checked_at_ms }: KeptRow): number =>
  Math.min(
    made_at_ms + Math.max(settleAfterMs, checked_at_ms === null ? 0 : 2 * (checked_at_ms - made_at_ms)),
    made_at_ms + keepMs + 1,
  )

export function createKeeper(deps: {
  fs: FileSystem
  storage: Storage
  blobs: Blobs
  files: KeptFiles
  clock: Clock
  log: Log
  onConflict: (episodeId: string) => void
}): Keeper {
  const { fs, storage, blobs, files, clock, log } = deps

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
    try {
      await fs.link(row.kept_path, row.target_path)
    } catch (error) {
      // Nothing is lost without it: the text is kept, and what cannot be linked was never moved aside.
      log.warn('notes.name-not-given-back', { file: row.target_path, code: errorCode(error) })
      return false
    }
    await syncFolder(dirname(row.target_path), fs)
    await files.forget(row)
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
    async hold(folder, name, expectedSha, fileId) {
      const target = join(folder.path, name)
      const before = await look(fs, target)
      if (before.kind !== 'file' || before.sha256 !== expectedSha) return null
      const row = files.announce(target, { fileId, sha256: expectedSha, newSha256: null })
      const aside = await files.link(row, target)
      if (aside === null && process.platform !== 'win32')
        files.holdOpen(row, await fs.open(target, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)))
      // An editor may have renamed its own file here since the first look: the one held must be the one that goes.
      const held = aside === null ? before : await look(fs, aside)
      const now = await look(fs, target)
      const same = [held, now].every(
        (file) =>
          file.kind === 'file' && file.ino === before.ino && file.dev === before.dev && file.sha256 === expectedSha,
      )
      const kept = aside === null ? row : { ...row, kept_path: aside }
      if (same) return { ino: before.ino, dev: before.dev, release: () => files.forget(kept) }
      await files.forget(kept)
      return null
    },
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
    close: () => files.close(),
    pending: () => versionStore.kept(storage).some(({ checked_at_ms }) => checked_at_ms === null),
  }
}
