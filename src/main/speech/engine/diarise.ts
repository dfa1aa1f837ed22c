import { createRequire } from 'node:module'
import type { SpeakerTurn, Tasks } from './protocol.ts'
import { openWave, sampleRate, type WaveFile } from './wave-file.ts'

/** The whole of a long recording would take gigabytes: each part is looked at alone, and its voices are found again. */
const partSamples = 20 * 60 * sampleRate
/** Enough of a voice to know it by. */
const voiceSamples = 30 * sampleRate
/** Cosine from which two voices are one. */
const sameVoice = 0.5

interface Sherpa {
  OfflineSpeakerDiarization: new (
    config: unknown,
  ) => { process(samples: Float32Array): { start: number; end: number; speaker: number }[] }
  SpeakerEmbeddingExtractor: new (
    config: unknown,
  ) => {
    createStream(): { acceptWaveform(wave: { sampleRate: number; samples: Float32Array }): void; inputFinished(): void }
    compute(stream: unknown, externalBuffer: false): Float32Array
  }
}
type Turn = { start: number; end: number; speaker: number }

/** Who speaks when, over the whole file. */
export function diarise(
  { wavPath, segmentationPath, embeddingPath, threads }: Tasks['diarise']['input'],
  onSecond: (second: number) => void,
): SpeakerTurn[] {
  const sherpa = createRequire(import.meta.url)('sherpa-onnx-node') as Sherpa
  const embedding = { model: embeddingPath, numThreads: threads, provider: 'cpu' }
  const diarisation = new sherpa.OfflineSpeakerDiarization({
    segmentation: { pyannote: { model: segmentationPath }, numThreads: threads, provider: 'cpu' },
    embedding,
    clustering: { numClusters: -1, threshold: 0.5 },
    minDurationOn: 0.3,
    minDurationOff: 0.5,
  })
  const extractor = new sherpa.SpeakerEmbeddingExtractor(embedding)
  const voiceOf = (samples: Float32Array): Float32Array => {
    const stream = extractor.createStream()
    stream.acceptWaveform({ sampleRate, samples })
    stream.inputFinished()
    return extractor.compute(stream, false)
  }
  const wave = openWave(wavPath)
  try {
    const known: { voice: Float32Array; turns: number }[] = []
    const turns: SpeakerTurn[] = []
    for (let from = 0; from < wave.samples; from += partSamples) {
      const found = diarisation.process(wave.read(from, partSamples))
      const names = nameVoices(found, known, (speaker) => voiceOf(gather(wave, from, found, speaker)))
      for (const { start, end, speaker } of found)
        turns.push({
          startSeconds: from / sampleRate + start,
          endSeconds: from / sampleRate + end,
          speaker: names.get(speaker)!,
        })
      onSecond(Math.min(wave.samples, from + partSamples) / sampleRate)
    }
    return turns
  } finally {
    wave.close()
  }
}

/** Of the speakers of a part: which of the known ones each is, the nearest first; the others are new. */
export function nameVoices(
  found: readonly Turn[],
  known: { voice: Float32Array; turns: number }[],
  voiceOf: (speaker: number) => Float32Array,
): Map<number, number> {
  const speakers = [...new Set(found.map(({ speaker }) => speaker))].map((speaker) => ({
    speaker,
    voice: voiceOf(speaker),
  }))
  const pairs = speakers
    .flatMap(({ speaker, voice }) =>
      known.map((other, name) => ({ speaker, name, likeness: cosine(voice, other.voice) })),
    )
    .filter(({ likeness }) => likeness >= sameVoice)
    .sort((a, b) => b.likeness - a.likeness)
  const names = new Map<number, number>()
  for (const { speaker, name } of pairs)
    if (!names.has(speaker) && ![...names.values()].includes(name)) names.set(speaker, name)
  for (const { speaker, voice } of speakers) {
    if (names.has(speaker)) continue
    names.set(speaker, known.length)
    known.push({ voice, turns: 1 })
  }
  return names
}

function gather(wave: WaveFile, from: number, turns: readonly Turn[], speaker: number): Float32Array {
  const own = turns.filter((turn) => turn.speaker === speaker).sort((a, b) => b.end - b.start - (a.end - a.start))
  const pieces: Float32Array[] = []
  let length = 0
  for (const { start, end } of own) {
    if (length >= voiceSamples) break
    const piece = wave.read(
      from + Math.floor(start * sampleRate),
      Math.min(voiceSamples - length, Math.floor((end - start) * sampleRate)),
    )
    pieces.push(piece)
    length += piece.length
  }
  const all = new Float32Array(length)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0]
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    dot += a[i]! * b[i]!
    aa += a[i]! ** 2
    bb += b[i]! ** 2
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb)
}
