import type { ChooseDeps } from './choose.ts'
import { createFinder } from './find-renamed.ts'
import { followRenamed } from './follow.ts'
import { inspectNotes, type LookAtFolders, type NoteFileFact, type Progress } from './inspect.ts'
import type { EpisodeLocks } from './locks.ts'
import { forgetMissing, type Mend, rewriteDamaged } from './mend.ts'
import { noteStore } from './store.ts'
import { sweepLeftovers } from './sweep-leftovers.ts'

export interface Mended {
  readonly mended: number
  /** Why the others were not; those that had changed since count as neither. */
  readonly failures: readonly { readonly fileId: string; readonly message: string }[]
}
/** What health does with notes. Every mend looks again first, under the episode's lock. */
export interface NoteUpkeep {
  /** @param lookAtFolders looks at many at once; without it each is looked at closely, which takes longer */
  inspect(signal: AbortSignal, onProgress?: Progress, lookAtFolders?: LookAtFolders): AsyncIterable<NoteFileFact>
  /** @param fileIds manifest rows, as facts name them */
  followRenamed(fileIds: readonly string[]): Promise<Mended>
  rewriteDamaged(fileIds: readonly string[]): Promise<Mended>
  forgetMissing(fileIds: readonly string[]): Promise<Mended>
  /** @returns how many files went */
  sweepLeftovers(): Promise<number>
}

const patienceMs = 60_000

export function createNoteUpkeep(
  deps: ChooseDeps,
  locks: EpisodeLocks,
  changed: (episodeId: string) => void,
): NoteUpkeep {
  const { storage } = deps
  const each = async (fileIds: readonly string[], mend: Mend): Promise<Mended> => {
    let mended = 0
    const failures: { fileId: string; message: string }[] = []
    for (const fileId of fileIds) {
      const row = noteStore.file(storage, fileId)
      if (!row || !noteStore.fileIntact(storage, fileId)) continue
      const held = await locks.hold(row.episode_id, patienceMs, (holder) =>
        mend({ ...deps, ...holder }, noteStore.file(storage, fileId)!),
      )
      const done = held.ok ? held.value : held
      if (!done.ok) failures.push({ fileId, message: done.error.message })
      else if (done.value) {
        mended += 1
        changed(row.episode_id)
      }
    }
    return { mended, failures }
  }

  return {
    inspect: (signal, onProgress, lookAtFolders) => inspectNotes(deps, signal, onProgress, lookAtFolders),
    followRenamed: (fileIds) => each(fileIds, followRenamed(createFinder(deps, new AbortController().signal))),
    rewriteDamaged: (fileIds) => each(fileIds, rewriteDamaged),
    forgetMissing: (fileIds) => each(fileIds, forgetMissing),
    async sweepLeftovers() {
      let swept = 0
      for (const folder of noteStore.allFolders(storage)) {
        const held = await locks.hold(folder.episode_id, 0, (holder) => sweepLeftovers({ ...deps, ...holder }, folder))
        if (held.ok) swept += held.value
      }
      return swept
    },
  }
}
