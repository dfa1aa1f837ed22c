import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../log.ts'
import type { Tasks } from './engine/protocol.ts'
import { createSpeechEngine, type SpeechEngine } from './engine-client.ts'
import { engineModule, forkedSpeechProcess } from './process.ts'

const asset = (name: string): string => fileURLToPath(new URL(`../../../assets/speech/${name}`, import.meta.url))
const vadPath = asset('silero-vad-v5.onnx')
const real = engineModule(new URL('../headless.ts', import.meta.url))
const fake = fileURLToPath(new URL('./testing/fake-engine.ts', import.meta.url))
const never = new AbortController().signal
let folder: string
let engine: SpeechEngine
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-engine-'))
})
afterEach(() => engine.close())
afterAll(() => rm(folder, { recursive: true, force: true }))

const start = (module: string, idleMs?: number): void => {
  engine = createSpeechEngine({ log: silentLog, start: forkedSpeechProcess(module), ...(idleMs ? { idleMs } : {}) })
}
const model = (name: string, words = ''): Tasks['transcribe']['input']['recogniser'] => {
  for (const part of ['encoder.onnx', 'decoder.onnx', 'tokens.txt'])
    writeFileSync(join(folder, `${name}-${part}`), words)
  const at = (part: string): string => join(folder, `${name}-${part}`)
  return {
    files: { kind: 'whisper', encoder: at('encoder.onnx'), decoder: at('decoder.onnx'), tokens: at('tokens.txt') },
    language: 'en',
    threads: 1,
  }
}
const sound = (name: string, graph: string): string => {
  const path = join(folder, `${name}.wav`)
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-i',
    asset('probe.wav'),
    '-filter_complex',
    graph,
    '-ac',
    '1',
    '-ar',
    '16000',
    '-c:a',
    'pcm_s16le',
    path,
  ])
  return path
}
const transcribe = (wavPath: string, recogniser = model('fine')) =>
  engine.run('transcribe', { wavPath, vadPath, recogniser }, { signal: never })

describe('the detector of speech', () => {
  it('finds the sentences of a recording, and their times', async () => {
    start(fake)
    const found = await transcribe(asset('probe.wav'))
    if (!found.ok) throw new Error(found.error.message)
    const { segments, seconds, spokenSeconds } = found.value
    expect(seconds).toBeCloseTo(22.6, 1)
    expect(spokenSeconds).toBeGreaterThan(17)
    expect(spokenSeconds).toBeLessThan(22.6)
    expect(segments.length).toBeGreaterThan(1)
    expect(segments[0]!.startSeconds).toBeLessThan(1)
    expect(segments.at(-1)!.endSeconds).toBeLessThanOrEqual(22.7)
  })

  it('makes no text of silence, tones and noise, and does not even load the model', async () => {
    start(fake)
    const graph =
      'anullsrc=r=16000:d=20[a];sine=f=440:r=16000:d=20[b];anoisesrc=c=pink:r=16000:a=0.1:d=20[c];sine=f=90:r=16000:d=10,tremolo=f=2[d];[a][b][c][d]concat=n=4:v=0:a=1'
    const found = await transcribe(sound('no-speech', graph), model('bad', 'throw-on-load'))
    expect(found).toMatchObject({ ok: true, value: { segments: [] } })
  })

  it('keeps times where speech begins after minutes of silence', async () => {
    start(fake)
    const path = sound('late', '[0:a]adelay=90000:all=1')
    const found = await transcribe(path)
    if (!found.ok) throw new Error(found.error.message)
    expect(found.value.segments[0]!.startSeconds).toBeGreaterThan(89.5)
    expect(found.value.segments[0]!.startSeconds).toBeLessThan(91)
  })

  it('cuts speech that never pauses into pieces that models take', async () => {
    start(fake)
    // The pauses are cut out, and it is said three times over.
    const path = sound(
      'breathless',
      '[0:a]silenceremove=stop_periods=-1:stop_duration=0.05:stop_threshold=-38dB,asplit=3[a][b][c];[a][b][c]concat=n=3:v=0:a=1',
    )
    const found = await transcribe(path)
    if (!found.ok) throw new Error(found.error.message)
    expect(found.value.segments.every(({ startSeconds, endSeconds }) => endSeconds - startSeconds <= 20.5)).toBe(true)
    expect(found.value.spokenSeconds).toBeGreaterThan(45)
  })
})

describe('a model', () => {
  it('that kills the process while it is loaded is said to be unusable, and nothing else dies', async () => {
    start(fake)
    expect(await transcribe(asset('probe.wav'), model('killer', 'abort-on-load'))).toMatchObject({
      ok: false,
      error: { code: 'model-unusable' },
    })
    expect(await transcribe(asset('probe.wav'))).toMatchObject({ ok: true })
  })

  it('that kills the process in the middle is started again once', async () => {
    start(fake)
    const path = sound('twice', '[0:a]apad=pad_dur=5,asplit=2[a][b];[a][b]concat=n=2:v=0:a=1')
    // Each process dies at its second chunk.
    expect(await transcribe(path, model('second', 'abort-on-second'))).toMatchObject({
      ok: false,
      error: { code: 'engine-crashed' },
    })
    expect(await transcribe(path)).toMatchObject({ ok: true })
  })

  it.each([
    ['an empty file', ''],
    ['a page', '<!doctype html><p>Not found'],
    ['zeros', '\0'.repeat(100_000)],
    ['a cut protobuf', '\x08\x07\x12\x05torch\x1a\x05'],
  ])('that is %s is said to be damaged by the real engine', async (name, content) => {
    start(real)
    expect(await transcribe(asset('probe.wav'), model(name.replaceAll(' ', '-'), content))).toMatchObject({
      ok: false,
      error: { code: 'model-unusable' },
    })
  })
})

it('is cancelled in the middle, and works again', async () => {
  start(fake)
  const stop = new AbortController()
  const running = engine.run(
    'transcribe',
    { wavPath: asset('probe.wav'), vadPath, recogniser: model('fine') },
    { signal: stop.signal, onSecond: () => stop.abort() },
  )
  expect(await running).toMatchObject({ ok: false, error: { code: 'cancelled' } })
  expect(await transcribe(asset('probe.wav'))).toMatchObject({ ok: true })
})

it('answers several in turn, and ends by itself when there is nothing to do', async () => {
  let ended = 0
  let started = 0
  const fork = forkedSpeechProcess(fake)
  engine = createSpeechEngine({
    log: silentLog,
    idleMs: 50,
    start: () => {
      started += 1
      const process = fork()
      process.onExit(() => {
        ended += 1
      })
      return process
    },
  })
  const both = await Promise.all([transcribe(asset('probe.wav')), transcribe(asset('probe.wav'))])
  expect(both.map(({ ok }) => ok)).toEqual([true, true])
  expect(started).toBe(1)
  await expect.poll(() => ended, { timeout: 20_000 }).toBe(1)
})
