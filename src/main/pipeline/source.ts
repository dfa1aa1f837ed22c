import { accessSync, constants, mkdirSync, statSync } from 'node:fs'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Stage } from '../jobs/stage.ts'
import type { Episodes, WriteNotesFailure } from '../services.ts'

export const episodeMissing = () =>
  fail('episode-missing', 'This episode is not in the list any more. Nothing was written.')

/** Finds what would stop the job at its end, before any work is done. */
export const sourceStage = (deps: { episodes: Pick<Episodes, 'get'> }): Stage => ({
  id: 'source',
  words: 'Looking at the episode.',
  async run({ params }) {
    if (!deps.episodes.get(params.episodeId)) return episodeMissing()
    return vaultReady(params.vaultPath, params.vaultIsFromSettings)
  },
})

/**
 * A notes folder of the settings that is gone (an unplugged disk, a cloud folder not mounted) is not made anew: the
 * notes would end up beneath the mount point. A folder given for one job alone is made.
 */
function vaultReady(
  path: string,
  isFromSettings: boolean,
): Result<null, Extract<WriteNotesFailure, 'vault-missing' | 'vault-read-only' | 'path-refused'>> {
  try {
    if (!isFromSettings) mkdirSync(path, { recursive: true })
    if (!statSync(path).isDirectory())
      return fail('path-refused', `${path} is a file, not a folder. Nothing was written. Choose another notes folder.`)
  } catch {
    return fail(
      'vault-missing',
      `The notes folder ${path} is not there. Nothing was written. Bring it back, or choose another one in Settings, and try again.`,
      { retryable: true },
    )
  }
  try {
    accessSync(path, constants.W_OK)
    return ok(null)
  } catch {
    return fail(
      'vault-read-only',
      `Inkwell may not write to the notes folder ${path}. Nothing was written. Allow it, or choose another folder, and try again.`,
      { retryable: true },
    )
  }
}
