import { basename } from 'node:path'
import type { Transcript } from '#shared/contract/transcripts.ts'
import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Desktop } from '../../ports.ts'
import type { Episodes } from '../../services.ts'
import { writeFileAtomic } from '../../storage/write-file.ts'
import { writeTranscriptFile } from './write-transcript.ts'

type Calls = Handlers<AppContract['transcripts']>
export interface TranscriptExports extends Pick<Calls, 'text' | 'export'> {
  /** For the command line. @param path absolute */
  exportTo(episodeId: string, format: Parameters<typeof writeTranscriptFile>[2], path: string): Promise<Result<null>>
}

/** Transcripts as files and for the clipboard. */
export function createTranscriptExports(deps: {
  readonly episodes: Pick<Episodes, 'get'>
  readonly stored: (episodeId: string) => Transcript | null
  readonly desktop: Pick<Desktop, 'chooseSavePath'> | null
}): TranscriptExports {
  const written = (episodeId: string, format: Parameters<typeof writeTranscriptFile>[2]) => {
    const episode = deps.episodes.get(episodeId)
    const transcript = deps.stored(episodeId)
    if (!episode || !transcript)
      return fail('no-transcript', 'This episode has no transcript yet. Nothing was written.')
    return ok(writeTranscriptFile(transcript, episode, format))
  }
  const exportTo: TranscriptExports['exportTo'] = async (episodeId, format, path) => {
    const text = written(episodeId, format)
    if (!text.ok) return text
    try {
      await writeFileAtomic(path, text.value)
    } catch (error) {
      return fail(
        'export-failed',
        `The transcript could not be written to ${basename(path)} (${(error as NodeJS.ErrnoException).code ?? 'error'}). What was there is as it was. Choose another place.`,
        {
          retryable: true,
        },
      )
    }
    return ok(null)
  }
  return {
    exportTo,
    text({ episodeId, format }) {
      const text = written(episodeId, format)
      return text.ok ? ok({ text: text.value }) : text
    },
    async export({ episodeId, format }) {
      if (!deps.desktop) return fail('no-window', 'Files can be chosen only in the app. Name one on the command line.')
      const name = (deps.episodes.get(episodeId)?.title ?? 'transcript')
        .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
        .slice(0, 80)
      const path = await deps.desktop.chooseSavePath('Save the transcript', `${name || 'transcript'}.${format}`)
      if (path === null) return ok(null)
      const done = await exportTo(episodeId, format, path)
      return done.ok ? ok({ fileName: basename(path) }) : done
    },
  }
}
