import { isPhantom, withoutLoops } from './loops.ts'
import type { Tasks } from './protocol.ts'
import type { Recogniser } from './recogniser.ts'
import { toSegments } from './sentences.ts'
import { findSpeech, packChunks } from './speech-parts.ts'
import { openWave, sampleRate } from './wave-file.ts'
import { type Word, wordsOf } from './words.ts'

/** Looking for speech is this part of the work that is shown. */
const lookingPart = 0.05

/** One file: where is speech, what is said there, when. The model is loaded only when there is speech at all. */
export async function transcribe(
  { wavPath, vadPath }: Tasks['transcribe']['input'],
  load: () => Promise<Recogniser>,
  onSecond: (second: number) => void,
): Promise<Tasks['transcribe']['output']> {
  const wave = openWave(wavPath)
  try {
    const seconds = wave.samples / sampleRate
    let startedAt = performance.now()
    const stretches = findSpeech(wave, vadPath, (sample) => onSecond((sample / sampleRate) * lookingPart))
    const chunks = packChunks(stretches, wave)
    let workMs = performance.now() - startedAt
    const recogniser = chunks.length > 0 ? await load() : null
    startedAt = performance.now()
    const words: Word[] = []
    const languages = new Map<string, number>()
    let repeatsRemoved = 0
    for (const chunk of chunks) {
      const recognised = await recogniser!.recognise(wave.read(chunk.from, chunk.to - chunk.from))
      const spoken = chunk.stretches.reduce((sum, { from, to }) => sum + to - from, 0) / sampleRate
      const found = isPhantom(recognised.text, spoken) ? [] : wordsOf(recognised, chunk)
      const clean = withoutLoops(found)
      repeatsRemoved += clean.removed + (found.length === 0 && recognised.text !== '' ? 1 : 0)
      words.push(...clean.words)
      if (recognised.language && clean.words.length > 0)
        languages.set(recognised.language, (languages.get(recognised.language) ?? 0) + spoken)
      onSecond((lookingPart + (1 - lookingPart) * (chunk.to / wave.samples)) * seconds)
    }
    workMs += performance.now() - startedAt
    return {
      segments: toSegments(words),
      seconds,
      spokenSeconds: stretches.reduce((sum, { from, to }) => sum + to - from, 0) / sampleRate,
      language: [...languages].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null,
      repeatsRemoved,
      workMs: Math.round(workMs),
    }
  } finally {
    wave.close()
  }
}
