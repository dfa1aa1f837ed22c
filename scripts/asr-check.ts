/**
 * `npm run asr:check -- --model DIR [--audio FILE] [--language CODE] [--speakers DIR] [--threads N] [--json]`: hears a
 * recording with the models in a folder, by the parts the app uses, and prints text, times and real-time factor. Without a
 * recording it hears the one that comes with Inkwell.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Segment } from '#shared/contract/transcripts.ts'
import { createDecoder } from '../src/main/audio/decoder.ts'
import { silentLog } from '../src/main/log.ts'
import { createSpeechEngine } from '../src/main/speech/engine-client.ts'
import { planPieces } from '../src/main/speech/plan.ts'
import { engineModule, forkedSpeechProcess } from '../src/main/speech/process.ts'
import { recogniserIn } from '../src/main/speech/structure.ts'
import { joinPieces, withSpeakers } from '../src/main/speech/whole.ts'
import { clockTime } from '../src/main/speech/words.ts'

const asset = (name: string): string => fileURLToPath(new URL(`../assets/speech/${name}`, import.meta.url))
const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    audio: { type: 'string' },
    language: { type: 'string' },
    speakers: { type: 'string' },
    threads: { type: 'string' },
    json: { type: 'boolean' },
  },
})
const stop = (message: string): never => {
  console.error(message)
  process.exit(1)
}
if (!values.model) stop('Name a folder with a model: npm run asr:check -- --model DIR [--audio FILE]')
const files =
  recogniserIn(resolve(values.model!)) ??
  stop(
    `${values.model} holds no model that Inkwell knows: encoder, decoder (and joiner) or model.onnx, with tokens.txt.`,
  )
const path = values.audio ? resolve(values.audio) : asset('probe.wav')
const threads = Number(values.threads ?? Math.max(1, availableParallelism() - 1))
const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort())
const { signal } = interrupted

const decoder = createDecoder({ log: silentLog, chosen: () => null })
const engine = createSpeechEngine({
  log: { info: () => {}, warn: (operation, fields) => console.error(operation, fields), error: () => {} },
  start: forkedSpeechProcess(engineModule(new URL('../src/main/headless.ts', import.meta.url))),
})
const folder = await mkdtemp(join(tmpdir(), 'inkwell-asr-'))
try {
  const length = await decoder.durationSeconds(path, signal)
  if (!length.ok) stop(length.error.message)
  const durationSeconds = length.ok ? length.value : 0
  const pieces = planPieces(durationSeconds)
  const made: (readonly Segment[] | null)[] = []
  let [decodeMs, workMs, spokenSeconds, repeats] = [0, 0, 0, 0]
  let language: string | null = null
  for (const piece of pieces) {
    const wavPath = join(folder, 'piece.wav')
    const startedAt = performance.now()
    const span = { path, fromSeconds: piece.heardFromSeconds, toSeconds: piece.heardToSeconds }
    const decoded = await decoder.encode(span, { path: wavPath, format: 'wav' }, signal)
    if (!decoded.ok) stop(decoded.error.message)
    decodeMs += performance.now() - startedAt
    const heard = await engine.run(
      'transcribe',
      {
        wavPath,
        vadPath: asset('silero-vad-v5.onnx'),
        recogniser: { files, language: values.language ?? null, threads },
      },
      {
        signal,
        onSecond: (second) =>
          process.stderr.write(`\r${clockTime(piece.fromSeconds + second)} of ${clockTime(durationSeconds)} `),
      },
    )
    process.stderr.write('\r')
    if (!heard.ok) {
      if (heard.error.code !== 'engine-crashed') stop(heard.error.message)
      made.push(null)
      continue
    }
    const { segments } = heard.value
    workMs += heard.value.workMs
    spokenSeconds += heard.value.spokenSeconds
    repeats += heard.value.repeatsRemoved
    language ??= heard.value.language
    made.push(
      segments.map(({ startSeconds, endSeconds, text }) => ({
        startSeconds: startSeconds + piece.heardFromSeconds,
        endSeconds: endSeconds + piece.heardFromSeconds,
        speaker: null,
        text,
      })),
    )
  }
  const whole = joinPieces(pieces, made)
  let { segments } = whole
  if (values.speakers) {
    const wavPath = join(folder, 'whole.wav')
    await decoder.encode({ path, fromSeconds: 0, toSeconds: durationSeconds }, { path: wavPath, format: 'wav' }, signal)
    const at = (name: string): string => join(resolve(values.speakers!), name)
    const found = await engine.run(
      'diarise',
      { wavPath, segmentationPath: at('segmentation.onnx'), embeddingPath: at('embedding.onnx'), threads },
      { signal },
    )
    if (found.ok) segments = withSpeakers(segments, found.value.turns)
    else console.error(`The speakers are not told apart: ${found.error.message}`)
  }
  const figures = {
    model: basename(values.model!),
    kind: files.kind,
    threads,
    seconds: Math.round(durationSeconds * 10) / 10,
    spokenSeconds: Math.round(spokenSeconds * 10) / 10,
    language,
    segments: segments.length,
    words: segments.reduce((sum, { text }) => sum + text.split(/\s+/).filter(Boolean).length, 0),
    decodeSeconds: Math.round(decodeMs) / 1000,
    workSeconds: Math.round(workMs) / 1000,
    realTimeFactor: Math.round((workMs / 1000 / durationSeconds) * 1000) / 1000,
    repeatsRemoved: repeats,
    warnings: whole.warnings,
  }
  if (values.json) console.log(JSON.stringify({ ...figures, transcript: segments }))
  else {
    for (const { startSeconds, endSeconds, speaker, text } of segments)
      console.log(`[${clockTime(startSeconds!)} - ${clockTime(endSeconds!)}] ${speaker ? `${speaker}: ` : ''}${text}`)
    console.log(
      `\n${figures.kind}, ${threads} threads: ${figures.seconds} s of sound, ${figures.spokenSeconds} s of speech, ${figures.words} words.`,
    )
    console.log(
      `Work ${figures.workSeconds} s (loading the model not counted), decoding ${figures.decodeSeconds} s: real-time factor ${figures.realTimeFactor}.`,
    )
    for (const warning of whole.warnings) console.log(warning)
  }
} finally {
  engine.close()
  await rm(folder, { recursive: true, force: true })
}
