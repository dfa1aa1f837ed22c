import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, ok } from '#shared/result.ts'
import { moneyOf } from '../../costs/costs-testing.ts'
import { createEpisodesService } from '../../episodes/service.ts'
import { createEvents } from '../../events.ts'
import { createIds } from '../../ids.ts'
import { silentLog } from '../../log.ts'
import type { Decoder, RungContext } from '../../services-sound.ts'
import { openStorage } from '../../storage/storage.ts'
import { piecesOf } from '../../transcripts/pieces.ts'
import type { CatalogueModel } from '../catalogue.ts'
import type { Tasks } from '../engine/protocol.ts'
import type { SpeechEngine } from '../engine-client.ts'
import { markReady } from '../model-folder.ts'
import { createSpeechRung } from '../rung.ts'
import { hear, scriptOf } from './script.ts'

export const fakeModel: CatalogueModel = {
  id: 'ear-1',
  title: 'Ear 1',
  family: 'whisper',
  licence: 'none',
  speed: 1,
  languages: ['en', 'de'],
  bytes: 10,
  files: ['x-encoder.onnx', 'x-decoder.onnx', 'x-tokens.txt'].map((name) => ({
    name,
    url: 'https://x.example/',
    bytes: 3,
    isExact: true,
    sha256: null,
  })),
}

type Engine = {
  [Task in keyof Tasks]?: (
    input: Tasks[Task]['input'],
    at: { fromSeconds: number; toSeconds: number },
  ) => ReturnType<SpeechEngine['run']>
}

/** The rung over a real database and ledger, with a decoder and an engine that follow a script. */
export async function rungHouse(
  folder: string,
  durationSeconds: number,
  {
    engine = {},
    decode,
    diarisation = false,
    freshPieces,
  }: {
    engine?: Engine
    decode?: Decoder['encode']
    diarisation?: boolean
    freshPieces?: RungContext['pieces']
  } = {},
) {
  const clock = { now: () => Date.UTC(2026, 10, 23) }
  const opened = openStorage(join(folder, 'inkwell.db'), { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  const storage = opened.value
  const money = moneyOf({ storage })
  const events = createEvents((error) => {
    throw error
  })
  const episodes = createEpisodesService({ storage, events, clock, ids: createIds(clock), desktop: null })
  const episode = episodes.addLocal({
    title: 'Tides',
    contentSha256: 'a',
    publishedAtMs: null,
    durationSeconds,
    language: 'en',
    mediaPath: 'media/aaaa.mp3',
    mediaType: 'audio/mpeg',
    link: null,
  })
  const modelFolder = join(folder, 'models', fakeModel.id)
  mkdirSync(modelFolder, { recursive: true })
  for (const { name } of fakeModel.files) writeFileSync(join(modelFolder, name), 'abc')
  await markReady(modelFolder, {
    schema: 1,
    model: fakeModel.id,
    files: Object.fromEntries(fakeModel.files.map(({ name }) => [name, { bytes: 3, sha256: 'f'.repeat(64) }])),
  })
  const script = scriptOf(durationSeconds)
  const said: string[] = []
  const heard: { fromSeconds: number; toSeconds: number }[] = []
  const doubted: string[] = []
  const pieces = freshPieces ?? piecesOf({ storage, clock }, episode.id, 'this-computer')
  const rung = createSpeechRung({
    log: silentLog,
    catalogue: [fakeModel],
    vadPath: '/vad',
    threads: 1,
    workFolder: folder,
    spending: money.spending,
    recordings: {
      has: () => true,
      sweep: async () => 0,
      obtain: async () => ok({ path: '/media/aaaa.mp3', durationSeconds }),
    },
    decoder: {
      available: async () => true,
      durationSeconds: async () => ok(durationSeconds),
      // The span instead of its sound: the engine below hears by it.
      encode:
        decode ??
        (async ({ fromSeconds, toSeconds }, { path }) => {
          writeFileSync(path, JSON.stringify({ fromSeconds, toSeconds: Math.min(toSeconds, durationSeconds) }))
          return ok({ bytes: 1 })
        }),
    },
    engine: {
      rest: () => {},
      close: () => {},
      run: (async (task: keyof Tasks, input: { wavPath: string }) => {
        const at = JSON.parse(readFileSync(input.wavPath, 'utf8')) as { fromSeconds: number; toSeconds: number }
        heard.push(at)
        const own = engine[task] as ((input: unknown, at: unknown) => unknown) | undefined
        const answer = await own?.(input, at)
        if (answer) return answer
        return task === 'diarise'
          ? fail('engine-crashed', 'The speech recognition ended in the middle of its work.')
          : ok({
              segments: hear(script, at.fromSeconds, at.toSeconds),
              seconds: at.toSeconds - at.fromSeconds,
              spokenSeconds: 1,
              language: 'en',
              repeatsRemoved: 0,
              workMs: 1,
            })
      }) as unknown as SpeechEngine['run'],
    },
    speech: {
      defaultModel: async () => fakeModel,
      readyModels: async () => [fakeModel],
      folderOf: () => modelFolder,
      speedOf: () => ({ realTimeFactor: 0.1, isMeasured: true }),
      keepSpeed: () => {},
      diarisationFolder: async () => (diarisation ? folder : null),
      doubt: async (id) => void doubted.push(id),
    },
  })
  const run = (signal = new AbortController().signal) =>
    rung.run(episode, {
      jobId: null,
      approvedMicroUsd: null,
      signal,
      onProgress: (_, words) => said.push(words),
      pieces,
    })
  return { rung, run, episode, storage, script, said, heard, doubted, pieces }
}
