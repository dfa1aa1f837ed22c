/**
 * Prints how long a recording of six hours (talk, music, silence) takes through ffmpeg, the detector of speech and the
 * rung, with a recogniser that costs nothing, and how much memory each process has at most:
 * `node scripts/bench/speech.bench.ts [--json] [--hours N]`
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Segment } from '#shared/contract/transcripts.ts'
import { ok } from '#shared/result.ts'
import { createDecoder } from '../../src/main/audio/decoder.ts'
import { silentLog } from '../../src/main/log.ts'
import { createSpeechEngine } from '../../src/main/speech/engine-client.ts'
import { markReady } from '../../src/main/speech/model-folder.ts'
import { forkedSpeechProcess } from '../../src/main/speech/process.ts'
import { createSpeechRung } from '../../src/main/speech/rung.ts'
import { fakeModel } from '../../src/main/speech/testing/rung-house.ts'

const { values } = parseArgs({ options: { json: { type: 'boolean' }, hours: { type: 'string' } } })
const seconds = Number(values.hours ?? 6) * 3_600
const asset = (name: string): string => fileURLToPath(new URL(`../../assets/speech/${name}`, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'inkwell-speech-bench-'))

/** One minute is 23 s of talk, 10 s of tones, 7 s of silence and 20 s of talk again; repeated. */
function makeRecording(): string {
  const path = join(folder, 'long.mp3')
  const minute = join(folder, 'minute.wav')
  const graph =
    '[0:a]asplit=2[a][d];sine=f=330:r=16000:d=10,tremolo=f=5[b];anullsrc=r=16000:cl=mono:d=7[c];[d]atrim=0:20[e];[a][b][c][e]concat=n=4:v=0:a=1'
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
    minute,
  ])
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-stream_loop',
    '-1',
    '-i',
    minute,
    '-t',
    String(seconds),
    '-c:a',
    'libmp3lame',
    '-b:a',
    '48k',
    path,
  ])
  return path
}

/** Kilobytes of memory that a process has now; 0 where the system does not say. */
function residentKb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
/** Linux counts in hundredths of a second. */
const ticksPerSecond = 100
const childrenOf = (pid: number): { pid: number; name: string; cpuSeconds: number }[] =>
  readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const parent = Number(fields[1])
      const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
      return parent === pid
        ? [{ pid: Number(name), name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')), cpuSeconds }]
        : []
    } catch {
      return []
    }
  })

try {
  const path = makeRecording()
  const peakKb = { inkwell: 0, engine: 0, ffmpeg: 0 }
  let engineCpuSeconds = 0
  const watch = setInterval(() => {
    peakKb.inkwell = Math.max(peakKb.inkwell, residentKb(process.pid))
    for (const { pid, name, cpuSeconds } of process.platform === 'linux' ? childrenOf(process.pid) : []) {
      const kind = name.startsWith('ffmpeg') ? 'ffmpeg' : 'engine'
      peakKb[kind] = Math.max(peakKb[kind], residentKb(pid))
      if (kind === 'engine') engineCpuSeconds = Math.max(engineCpuSeconds, cpuSeconds)
    }
  }, 100)

  const modelFolder = join(folder, fakeModel.id)
  execFileSync('mkdir', ['-p', modelFolder])
  for (const { name } of fakeModel.files) writeFileSync(join(modelFolder, name), 'abc')
  await markReady(modelFolder, {
    schema: 1,
    model: fakeModel.id,
    files: Object.fromEntries(fakeModel.files.map(({ name }) => [name, { bytes: 3, sha256: '0'.repeat(64) }])),
  })
  const engine = createSpeechEngine({
    log: silentLog,
    start: forkedSpeechProcess(fileURLToPath(new URL('../../src/main/speech/testing/fake-engine.ts', import.meta.url))),
  })
  const decoder = createDecoder({ log: silentLog, chosen: () => null })
  const decodeMs: number[] = []
  const pieces = new Map<string, readonly Segment[]>()
  const rung = createSpeechRung({
    log: silentLog,
    catalogue: [fakeModel],
    engine,
    vadPath: asset('silero-vad-v5.onnx'),
    threads: 1,
    workFolder: folder,
    decoder: {
      ...decoder,
      encode: async (...args) => {
        const startedAt = performance.now()
        const answer = await decoder.encode(...args)
        decodeMs.push(performance.now() - startedAt)
        return answer
      },
    },
    recordings: {
      has: () => true,
      sweep: async () => 0,
      obtain: async (_, { signal }) => {
        const length = await decoder.durationSeconds(path, signal)
        return length.ok ? ok({ path, durationSeconds: length.value }) : (length as never)
      },
    },
    spending: {
      estimate: () => ({ lowMicroUsd: 0, highMicroUsd: 0, reason: '' }),
      reserve: () =>
        ok({
          begin: () => ok('row'),
          settle: (_attempt: string, _outcome: unknown, alongside?: (tx: never) => void) => {
            alongside?.(undefined as never)
            return { costMicroUsd: 0, amountKind: 'known' }
          },
          close: () => {},
        }) as never,
    },
    speech: {
      defaultModel: async () => fakeModel,
      readyModels: async () => [fakeModel],
      folderOf: () => modelFolder,
      speedOf: () => null,
      keepSpeed: () => {},
      diarisationFolder: async () => null,
      doubt: async () => {},
    },
  })
  const startedAt = performance.now()
  const made = await rung.run({ id: 'e', feedId: 'f', language: 'en' } as never, {
    jobId: null,
    approvedMicroUsd: null,
    signal: new AbortController().signal,
    onProgress: () => {},
    pieces: {
      get: () => null,
      put: (key, segments) => void pieces.set(key, segments),
      putIn: (_, key, segments) => void pieces.set(key, segments),
    },
  })
  const wallSeconds = (performance.now() - startedAt) / 1000
  clearInterval(watch)
  engine.close()
  if (!made.ok) throw new Error(made.error.message)
  const words = made.value.segments.reduce((sum, { text }) => sum + text.split(' ').length, 0)
  const figures = {
    hours: seconds / 3_600,
    fileMb: Math.round(statSync(path).size / 1e6),
    pieces: pieces.size,
    segments: made.value.segments.length,
    words,
    wallSeconds: Math.round(wallSeconds * 10) / 10,
    realTimeFactor: Math.round((wallSeconds / seconds) * 10_000) / 10_000,
    engineCpuSeconds: Math.round(engineCpuSeconds),
    engineCpuFactor: Math.round((engineCpuSeconds / seconds) * 10_000) / 10_000,
    decodeSeconds: Math.round(decodeMs.reduce((sum, ms) => sum + ms, 0) / 100) / 10,
    peakMb: Object.fromEntries(Object.entries(peakKb).map(([name, kb]) => [name, Math.round(kb / 1024)])),
  }
  if (values.json) console.log(JSON.stringify({ speech: figures }))
  else {
    const { inkwell, engine: engineMb, ffmpeg } = figures.peakMb
    console.log(
      `speech: a recording of ${figures.hours} h (${figures.fileMb} MB) through ffmpeg and Silero VAD, with a recogniser that costs nothing`,
    )
    console.log(
      `  ${figures.wallSeconds} s, real-time factor ${figures.realTimeFactor}; of which ffmpeg ${figures.decodeSeconds} s; processor time of the engine ${figures.engineCpuSeconds} s (factor ${figures.engineCpuFactor})`,
    )
    console.log(`  ${figures.pieces} pieces, ${figures.segments} segments, ${figures.words} words`)
    console.log(`  most memory: Inkwell ${inkwell} MB, engine ${engineMb} MB, ffmpeg ${ffmpeg} MB`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
