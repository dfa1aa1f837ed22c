import { join } from 'node:path'
import { errorCode, syncFolder, temporaryName, writeNewFile } from '../storage/write-file.ts'
import type { Exchange } from './exchange.ts'
import type { ExchangeDeps, Stamped } from './exchange-by-swap.ts'
import { whileHeld } from './held.ts'
import { sha256 } from './note-text.ts'
import type { NameCalls, Taken } from './take-name.ts'
import { ignoring, look, shaAt, stampOf, type VaultFolder } from './vault-folder.ts'
import type { KeptRow } from './versions-store.ts'

/** `copied-back`: it is aside too; `overtaken`: it is aside, and somebody else took the name while it was free. */
type GivenBack = 'back' | 'copied-back' | 'overtaken'

/**
 * For every disk: whatever stands at the name is moved aside, looked at, and the new text takes the name only while it is
 * free. No step replaces anything, so that no save can be lost, at the price that the name is free for some microseconds;
 * killed just then, the next start gives it back.
 */
export function createExchangeByTaking({ fs, keeper, names, tag, wait }: ExchangeDeps): Omit<Exchange, 'sweep'> {
  const { files } = keeper

  const withTemporary = async <Value>(
    folder: VaultFolder,
    bytes: Buffer,
    use: (temporary: string, stamp: string) => Promise<Value>,
  ): Promise<Value> => {
    const temporary = join(folder.path, temporaryName(tag))
    await folder.check()
    await writeNewFile(temporary, bytes, { fs })
    try {
      const used = await use(temporary, stampOf(await fs.lstat(temporary, { bigint: true })))
      // Gone already when it was moved. What cannot be taken away leaves the intent open: recovery does.
      await fs.unlink(temporary).catch(ignoring('ENOENT'))
      return used
    } catch (error) {
      await fs.unlink(temporary).catch(() => {})
      throw error
    }
  }
  /** What is aside gets its name again. A copy of it leaves it there, for editors that have it open. */
  const giveBack = async (calls: NameCalls, kept: KeptRow): Promise<GivenBack> => {
    try {
      const taken = await calls.take(kept.kept_path, kept.target_path)
      if (taken === 'linked') await fs.unlink(kept.kept_path).catch(ignoring('ENOENT'))
      if (typeof taken === 'string') return 'back'
      await files.settleIn(kept, (await shaAt(fs, kept.kept_path)) ?? kept.sha256)
      return 'copied-back'
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return 'overtaken'
      throw error
    }
  }
  const settle = async (kept: KeptRow, ended: 'taken' | GivenBack): Promise<void> => {
    if (ended === 'back') await files.forget(kept)
    // An edit that is aside, the name being taken by a later one, is left to the second look: that puts it beside.
    else if (ended === 'taken' || (ended === 'overtaken' && (await shaAt(fs, kept.kept_path)) === kept.sha256))
      await files.settleIn(kept, kept.sha256)
  }

  return {
    place: (folder, name, bytes, beforeCopy) =>
      withTemporary(folder, bytes, async (temporary, stamp) => {
        const calls = await names()
        const target = join(folder.path, name)
        try {
          const taken = await whileHeld(target, wait, async () => {
            await folder.check()
            return calls.take(temporary, target, beforeCopy)
          })
          return { stamp: stampAfter(taken, stamp) }
        } catch (error) {
          if (errorCode(error) === 'EEXIST') return 'exists'
          throw error
        }
      }),

    async replace(folder, name, bytes, expectedSha, fileId, beforeCopy) {
      const target = join(folder.path, name)
      const before = await look(fs, target)
      if (before.kind !== 'file' || before.sha256 !== expectedSha) return 'changed'
      return withTemporary(folder, bytes, async (temporary, stamp) => {
        const calls = await names()
        const kept = files.announce(target, { fileId, sha256: expectedSha, newSha256: sha256(bytes) })
        let tries = 0
        const turn = async (): Promise<Stamped | GivenBack> => {
          if (tries++ > 0) {
            // A second look that was due while another program held the file has forgotten the row.
            files.announceAgain(kept)
            const isAway = (await look(fs, kept.kept_path)).kind !== 'missing'
            if (isAway && (await giveBack(calls, kept)) === 'overtaken') return 'overtaken'
          }
          await folder.check()
          await calls.rename(target, kept.kept_path)
          try {
            const there = await calls.read(kept.kept_path)
            if (there && sha256(there) === expectedSha)
              return { stamp: stampAfter(await calls.take(temporary, target, beforeCopy), stamp) }
          } catch (error) {
            if (errorCode(error) === 'EEXIST') return 'overtaken'
            await giveBack(calls, kept)
            throw error
          }
          // A save of the last moment: it is the user's.
          return giveBack(calls, kept)
        }
        try {
          const turned = await whileHeld(target, wait, turn)
          await settle(kept, typeof turned === 'string' ? turned : 'taken')
          return typeof turned === 'string' ? 'changed' : turned
        } catch (error) {
          // Still aside, because its name could not be given back: the row stays, and recovery does it.
          if ((await files.read(kept)) !== null) throw error
          await folder.check()
          await files.forget(kept)
          if (errorCode(error) === 'ENOENT') return 'changed'
          throw error
        }
      })
    },

    async remove(folder, name, expectedSha, fileId) {
      const target = join(folder.path, name)
      const before = await look(fs, target)
      if (before.kind === 'missing') return 'done'
      if (before.kind !== 'file' || before.sha256 !== expectedSha) return 'changed'
      const calls = await names()
      const kept = files.announce(target, { fileId, sha256: expectedSha, newSha256: null })
      try {
        await folder.check()
        await whileHeld(target, wait, () => fs.rename(target, kept.kept_path))
      } catch (error) {
        if ((await files.read(kept)) !== null) throw error
        await folder.check()
        await files.forget(kept)
        if (errorCode(error) === 'ENOENT') return 'done'
        throw error
      }
      const isExpected = (await shaAt(fs, kept.kept_path)) === expectedSha
      await settle(kept, isExpected ? 'taken' : await giveBack(calls, kept))
      await syncFolder(folder.path, fs)
      return isExpected ? 'done' : 'changed'
    },
  }
}

const stampAfter = (taken: Taken, stamp: string): string => (typeof taken === 'string' ? stamp : taken.copied)
