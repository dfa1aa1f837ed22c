import { createRequire } from 'node:module'
import { sampleRate, type WaveFile } from './wave-file.ts'

/** In samples of the file. */
export interface Stretch {
  readonly from: number
  readonly to: number
}
/** What is given to the recogniser at once: stretches of speech with the short pauses between them. */
export interface Chunk extends Stretch {
  readonly stretches: readonly Stretch[]
}
interface SherpaVad {
  acceptWaveform(samples: Float32Array): void
  isEmpty(): boolean
  /** False: Electron does not allow memory of others in its buffers. */
  front(externalBuffer: false): { start: number; samples: Float32Array }
  pop(): void
  flush(): void
}

const windowSamples = 512
const readSamples = windowSamples * 64
/** Longest that Whisper takes is 30 s. */
const longestSamples = 28 * sampleRate
/** A longer pause begins a new chunk: a model with silence in front of it makes words up. */
const pauseSamples = 1.5 * sampleRate
/** Before the first and after the last sound, which the detector cuts short. */
const marginSamples = 0.2 * sampleRate

/** Where somebody speaks, by Silero VAD. Silence and music are left out. */
export function findSpeech(wave: WaveFile, vadPath: string, onSample: (sample: number) => void): Stretch[] {
  const { Vad } = createRequire(import.meta.url)('sherpa-onnx-node') as {
    Vad: new (config: unknown, bufferSeconds: number) => SherpaVad
  }
  const vad = new Vad(
    {
      sileroVad: {
        model: vadPath,
        threshold: 0.5,
        minSilenceDuration: 0.25,
        minSpeechDuration: 0.25,
        maxSpeechDuration: 20,
        windowSize: windowSamples,
      },
      sampleRate,
      numThreads: 1,
      provider: 'cpu',
      debug: false,
    },
    60,
  )
  const found: Stretch[] = []
  const take = (): void => {
    for (; !vad.isEmpty(); vad.pop()) {
      const { start, samples } = vad.front(false)
      found.push({ from: start, to: Math.min(wave.samples, start + samples.length) })
    }
  }
  for (let at = 0; at < wave.samples; at += readSamples) {
    const samples = wave.read(at, readSamples)
    for (let from = 0; from + windowSamples <= samples.length; from += windowSamples)
      vad.acceptWaveform(samples.subarray(from, from + windowSamples))
    take()
    onSample(Math.min(wave.samples, at + readSamples))
  }
  vad.flush()
  take()
  return found
}

/** Joins stretches to chunks as long as the models take them, and cuts those that are longer where they are quietest. */
export function packChunks(stretches: readonly Stretch[], wave: Pick<WaveFile, 'samples' | 'read'>): Chunk[] {
  const parts = stretches.flatMap((stretch) => cutLong(stretch, wave))
  const groups: Stretch[][] = []
  for (const part of parts) {
    const group = groups.at(-1)
    const fits =
      group &&
      part.from - group.at(-1)!.to <= pauseSamples &&
      part.to - group[0]!.from <= longestSamples - 2 * marginSamples
    if (fits) group.push(part)
    else groups.push([part])
  }
  return groups.map((group, index) => {
    const [before, after] = [groups[index - 1]?.at(-1)?.to ?? 0, groups[index + 1]?.[0]?.from ?? wave.samples]
    return {
      // No sample is in two chunks: its word would be there twice.
      from: Math.max(0, group[0]!.from - marginSamples, Math.ceil((before + group[0]!.from) / 2)),
      to: Math.min(wave.samples, group.at(-1)!.to + marginSamples, Math.floor((group.at(-1)!.to + after) / 2)),
      stretches: group,
    }
  })
}

function cutLong(stretch: Stretch, wave: Pick<WaveFile, 'read'>): Stretch[] {
  const longest = longestSamples - 2 * marginSamples
  if (stretch.to - stretch.from <= longest) return [stretch]
  const searchFrom = stretch.from + Math.floor(longest * 0.6)
  const at = searchFrom + quietest(wave.read(searchFrom, Math.floor(longest * 0.4)))
  return [{ from: stretch.from, to: at }, ...cutLong({ from: at, to: stretch.to }, wave)]
}

/** The middle of the quietest tenth of a second. */
function quietest(samples: Float32Array): number {
  const window = sampleRate / 10
  let best = { at: Math.floor(samples.length / 2), power: Number.POSITIVE_INFINITY }
  for (let at = 0; at + window <= samples.length; at += window / 4) {
    let power = 0
    for (let i = at; i < at + window; i++) power += samples[i]! ** 2
    if (power < best.power) best = { at: at + window / 2, power }
  }
  return Math.floor(best.at)
}
