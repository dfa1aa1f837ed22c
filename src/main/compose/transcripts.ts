import { createScanRung } from '../documents/rung.ts'
import type { TranscriptRung } from '../services-sound.ts'
import { createTranscriptReader } from '../transcripts/reader.ts'
import { createRemoteRung, type RemoteRungDeps } from '../transcripts/remote/rung.ts'
import { createTranscriptsService, type TranscriptsDeps, type TranscriptsService } from '../transcripts/service.ts'
import type { YouTube } from '../youtube/client.ts'
import { createCaptionsRung } from '../youtube/rung.ts'

/** The ladder with its rungs, in order of price. */
export function joinTranscripts(
  deps: Omit<TranscriptsDeps, 'rungs'> & {
    readonly youTube: YouTube
    readonly speechRung: TranscriptRung
    readonly profilePath: string
  } & Omit<RemoteRungDeps, 'id'>,
): TranscriptsService {
  const rungs: TranscriptRung[] = [
    createCaptionsRung({ youTube: deps.youTube, read: createTranscriptReader(deps.workers) }),
    createScanRung({ workers: deps.workers, profilePath: deps.profilePath }),
    deps.speechRung,
    createRemoteRung({ ...deps, id: 'own-server' }),
    createRemoteRung({ ...deps, id: 'gemini' }),
  ]
  return createTranscriptsService({ ...deps, rungs })
}
