import { join } from 'node:path'
import type { SwapNames } from '../storage/swap-names.ts'
import { errorCode, type FileSystem, temporaryName, writeNewFile } from '../storage/write-file.ts'
import { whileHeld } from './held.ts'
import type { Keeper } from './keep.ts'
import { sha256 } from './note-text.ts'
import type { LoadNameCalls } from './take-name.ts'
import { look, shaAt, stampOf, type VaultFolder } from './vault-folder.ts'

export interface ExchangeDeps {
  readonly fs: FileSystem
  readonly swapNames: SwapNames
  readonly names: LoadNameCalls
  readonly keeper: Keeper
  /** Of the run, hex: part of every temporary name, so that no two files or runs share one. */
  readonly tag: string
  readonly wait: (ms: number) => Promise<unknown>
}
export interface Stamped {
  /** Of the file as it was written (`stampOf`). */
  readonly stamp: string
}
export type Replace = (
  folder: VaultFolder,
  name: string,
  bytes: Buffer,
  expectedSha: string,
  fileId: string,
) => Promise<Stamped | 'changed' | 'not-offered'>

/** An editor that saves faster than its text can be put back: the last but one then stands beside, as a file of its own. */
const returns = 8

/**
 * Old and new change names at one instant. What is displaced is looked at afterwards: an edit saved in the gap goes back
 * to its own name, and whatever is displaced then stays in keep/ and is looked at again, for editors that have it open.
 */
export function createExchangeBySwap(deps: ExchangeDeps): Replace {
  const { fs, swapNames, keeper, tag, wait } = deps
  let offered = true

  const swap = (one: string, other: string) => whileHeld(other, wait, () => swapNames(one, other))
  /** The user's text at `aside` gets its name back. @returns what is displaced in the end; null when that is not known to be safe */
  const giveBack = async (aside: string, target: string, newSha: string): Promise<string | null> => {
    const safe = new Set([newSha])
    for (let attempt = 0; attempt < returns; attempt++) {
      const theirs = await shaAt(fs, aside)
      // It has its name again; displaced once more, the editor itself has put a later one in its place.
      if (theirs !== null) safe.add(theirs)
      await swap(aside, target)
      const displaced = await shaAt(fs, aside)
      if (displaced !== null && safe.has(displaced)) return displaced
    }
    return null
  }

  return async (folder, name, bytes, expectedSha, fileId) => {
    if (!offered) return 'not-offered'
    const target = join(folder.path, name)
    const before = await look(fs, target)
    if (before.kind !== 'file' || before.sha256 !== expectedSha) return 'changed'
    const newSha = sha256(bytes)
    const temporary = join(folder.path, temporaryName(tag))
    await folder.check()
    await writeNewFile(temporary, bytes, { fs })
    // From here on the file may hold the user's text: its name is none that a sweep removes, and a row knows it.
    const kept = keeper.files.announce(target, { fileId, sha256: expectedSha, newSha256: newSha })
    let swapped = false
    try {
      await whileHeld(temporary, wait, () => fs.rename(temporary, kept.kept_path))
      const stamp = stampOf(await fs.lstat(kept.kept_path, { bigint: true }))
      await folder.check()
      offered = (await swap(kept.kept_path, target)) === 'done'
      if (!offered) {
        await keeper.files.forget(kept)
        return 'not-offered'
      }
      swapped = true
      const untouched = (await shaAt(fs, kept.kept_path)) === expectedSha
      const safe = untouched ? expectedSha : await giveBack(kept.kept_path, target, newSha)
      // Not known to be safe: left to the second look, which puts it beside the note.
      if (safe !== null) await keeper.files.settleIn(kept, safe)
      return untouched ? { stamp } : 'changed'
    } catch (error) {
      // What failed half-way may have changed the names all the same, and a vault that is away keeps what was in it:
      // then the row stays, and the second look decides.
      if (swapped) throw error
      const left = await keeper.files.read(kept)
      if (left === null) await folder.check()
      else if (sha256(left) !== newSha) throw error
      await keeper.files.forget(kept)
      await fs.unlink(temporary).catch(() => {})
      // Removed by the user in the meantime.
      if (errorCode(error) === 'ENOENT') return 'changed'
      throw error
    }
  }
}
