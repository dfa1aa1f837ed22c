import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { createDecoder } from '../audio/decoder.ts'
import { createRecordings, type RecordingsDeps } from '../audio/recordings.ts'
import { mediaFolder } from '../intake/incoming.ts'
import type { Spending } from '../services-models.ts'
import { readCatalogue } from '../speech/catalogue.ts'
import { createSpeechEngine } from '../speech/engine-client.ts'
import { speechHandlers } from '../speech/handlers.ts'
import { readOption } from '../speech/options.ts'
import { engineModule, forkedSpeechProcess, type StartSpeechProcess } from '../speech/process.ts'
import { createSpeechRung } from '../speech/rung.ts'
import { createSpeechService, type SpeechDeps } from '../speech/service.ts'

type Deps = Pick<
  SpeechDeps,
  'storage' | 'events' | 'clock' | 'log' | 'downloader' | 'offeredFiles' | 'desktop' | 'profilePath'
> &
  Pick<RecordingsDeps, 'episodes'> & {
    readonly feeds: RecordingsDeps['downloader']
    readonly spending: Spending
    readonly assetsUrl: URL
    readonly entry: URL
    /** Electron's way; Node's by default. */
    readonly startProcess: StartSpeechProcess | undefined
  }

/** Native code opens files by their path: it cannot look into an archive. */
const outsideOfArchive = (url: URL): string => fileURLToPath(url).replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked')

/** Recordings, ffmpeg, speech models and the rung that uses all of them. */
export function joinSpeech(deps: Deps) {
  const { storage, log, assetsUrl, entry } = deps
  const decoder = createDecoder({ log, chosen: () => readOption(storage, 'speechFfmpeg') })
  const recordings = createRecordings({
    ...deps,
    decoder,
    downloader: deps.feeds,
    maxBytes: () => readOption(storage, 'speechRecordingBytes') ?? mostBytes,
  })
  const engine = createSpeechEngine({ log, start: deps.startProcess ?? forkedSpeechProcess(engineModule(entry)) })
  const catalogue = readCatalogue(new URL('speech/models.yaml', assetsUrl))
  const vadPath = outsideOfArchive(new URL('speech/silero-vad-v5.onnx', assetsUrl))
  // One core is left for everything else.
  const threads = Math.max(1, Math.min(8, availableParallelism() - 1))
  const speech = createSpeechService({
    ...deps,
    catalogue,
    engine,
    decoder,
    vadPath,
    threads,
    probeWavPath: outsideOfArchive(new URL('speech/probe.wav', assetsUrl)),
  })
  const speechRung = createSpeechRung({
    log,
    speech,
    catalogue,
    engine,
    recordings,
    decoder,
    spending: deps.spending,
    workFolder: mediaFolder(deps.profilePath),
    vadPath,
    threads,
  })
  return { speech, recordings, decoder, speechRung, speechHandlers: speechHandlers(speech) }
}

/** Largest recording that is fetched unless the user says otherwise. */
const mostBytes = 4_000_000_000
