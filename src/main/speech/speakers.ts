import { dirname, join } from 'node:path'
import type { Log } from '../ports.ts'
import type { Decoder, RungContext } from '../services-sound.ts'
import { freeBytes } from '../storage/disk-room.ts'
import type { SpeakerTurn } from './engine/protocol.ts'
import type { SpeechEngine } from './engine-client.ts'

export interface SpeakersDeps {
  readonly log: Log
  readonly engine: SpeechEngine
  readonly decoder: Decoder
  readonly speech: { diarisationFolder(): Promise<string | null> }
  readonly threads: number
}
export interface FoundSpeakers {
  /** Null: not asked for, or it failed. */
  readonly turns: readonly SpeakerTurn[] | null
  readonly warnings: readonly string[]
}

const bytesPerSecond = 32_000
const reserveBytes = 500_000_000

/** Tells speakers apart over the whole recording. Whatever goes wrong is a warning: the transcript is not lost by it. */
export async function findSpeakers(
  deps: SpeakersDeps,
  job: { path: string; durationSeconds: number; key: string; context: RungContext; wavPath: string },
  onProgress: (fraction: number, words: string) => void,
): Promise<FoundSpeakers> {
  const { context, durationSeconds, wavPath } = job
  const models = await deps.speech.diarisationFolder()
  if (models === null) return { turns: null, warnings: [] }
  const kept = context.pieces.get(job.key)
  if (kept) return { turns: kept.flatMap(toTurn), warnings: [] }
  const without = (why: string): FoundSpeakers => ({
    turns: null,
    warnings: [`The speakers are not told apart: ${why}`],
  })
  try {
    if ((await freeBytes(dirname(wavPath))) - reserveBytes < durationSeconds * bytesPerSecond)
      return without('there is not enough room on the disk for it.')
    onProgress(0, 'Telling the speakers apart')
    const decoded = await deps.decoder.encode(
      { path: job.path, fromSeconds: 0, toSeconds: durationSeconds },
      { path: wavPath, format: 'wav' },
      context.signal,
    )
    if (!decoded.ok) return without(decoded.error.message)
    const found = await deps.engine.run(
      'diarise',
      {
        wavPath,
        segmentationPath: join(models, 'segmentation.onnx'),
        embeddingPath: join(models, 'embedding.onnx'),
        threads: deps.threads,
      },
      {
        signal: context.signal,
        onSecond: (second) => onProgress(second / durationSeconds, 'Telling the speakers apart'),
      },
    )
    if (!found.ok) return without(found.error.message)
    const { turns } = found.value
    context.pieces.put(
      job.key,
      turns.map(({ startSeconds, endSeconds, speaker }) => ({
        startSeconds,
        endSeconds,
        speaker: String(speaker),
        text: '',
      })),
    )
    return { turns, warnings: [] }
  } catch (error) {
    deps.log.warn('speech.speakers-failed', { error })
    return without('something went wrong while looking for them.')
  }
}

const toTurn = ({
  startSeconds,
  endSeconds,
  speaker,
}: {
  startSeconds: number | null
  endSeconds: number | null
  speaker: string | null
}): SpeakerTurn[] =>
  startSeconds === null || endSeconds === null ? [] : [{ startSeconds, endSeconds, speaker: Number(speaker) }]
