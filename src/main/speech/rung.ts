import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { RungOffer, Segment } from '#shared/contract/transcripts.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { RecordingsService } from '../audio/recordings.ts'
import { incomingName } from '../intake/incoming.ts'
import type { Log } from '../ports.ts'
import type { EpisodeRecord } from '../services.ts'
import type { Spending } from '../services-models.ts'
import type { Decoder, RungContext, RungResult, TranscriptRung } from '../services-sound.ts'
import type { Catalogue, CatalogueModel } from './catalogue.ts'
import type { SpeechEngine } from './engine-client.ts'
import { readMarker } from './model-folder.ts'
import { type Piece, planPieces } from './plan.ts'
import type { SpeechService } from './service.ts'
import { findSpeakers } from './speakers.ts'
import { recogniserIn } from './structure.ts'
import { joinPieces, withSpeakers } from './whole.ts'
import { sizeInWords, timeInWords } from './words.ts'

export interface SpeechRungDeps {
  readonly log: Log
  readonly speech: Pick<
    SpeechService,
    'defaultModel' | 'readyModels' | 'folderOf' | 'speedOf' | 'keepSpeed' | 'diarisationFolder' | 'doubt'
  >
  readonly catalogue: Catalogue
  readonly engine: SpeechEngine
  readonly recordings: RecordingsService
  readonly decoder: Decoder
  readonly spending: Spending
  readonly vadPath: string
  readonly threads: number
  /** Where decoded pieces lie for a moment: the one of recordings. */
  readonly workFolder: string
}

/** What it costs, said wherever it is offered. */
export const free = { lowMicroUsd: 0, highMicroUsd: 0, reason: 'Free: it is done on this computer.' } as const
/** Grows when pieces are made differently, so that older ones are not joined to newer ones. */
const version = 1
/** So many in a row: what fails is not this part of the recording. */
const mostFailures = 3
/** Below this a speed that was measured in passing says little. */
const fewestMeasuredSeconds = 240
/** Of the whole: fetching the recording, and telling speakers apart. */
const fetchPart = 0.05
const speakersPart = 0.1

/** Speech recognition on this computer, as a rung of the ladder. */
export function createSpeechRung(deps: SpeechRungDeps): TranscriptRung {
  const { speech, decoder } = deps

  /** The default model where it speaks the language, else another one that is here and does. */
  const modelFor = async (language: string | null): Promise<CatalogueModel | null> => {
    const speaks = (model: CatalogueModel): boolean => language === null || model.languages.includes(language)
    const chosen = await speech.defaultModel()
    if (!chosen || speaks(chosen)) return chosen
    return (await speech.readyModels()).find(speaks) ?? null
  }

  return {
    id: 'this-computer',
    async offer(episode): Promise<RungOffer> {
      const language = languageOf(episode)
      const model = await modelFor(language)
      const speed = model && speech.speedOf(model)
      const seconds =
        speed && episode.durationSeconds !== null
          ? Math.ceil(episode.durationSeconds * (speed.realTimeFactor + 0.01))
          : null
      const offer = { rung: 'this-computer', model: model?.id ?? null, estimate: free, seconds } as const
      const no = (words: string): RungOffer => ({ ...offer, ready: false, words })
      if (!deps.recordings.has(episode)) return no('There is no recording of this episode.')
      if (!(await decoder.available()))
        return no('ffmpeg, with which recordings are read, is not on this computer. Settings say how to get it.')
      if (!model) {
        if (language !== null && (await speech.defaultModel()))
          return no(
            `None of the speech models here knows this language (${language}). Whisper knows it: get one in Settings.`,
          )
        const first = deps.catalogue[0]!
        return no(
          `There is no speech model on this computer yet. Get one in Settings: ${first.title} (${sizeInWords(first.bytes)}) is a good first one.`,
        )
      }
      return {
        ...offer,
        ready: true,
        words: `${model.title} on this computer, free${seconds === null ? '' : `, about ${timeInWords(seconds)}`}.`,
      }
    },
    async run(episode, context) {
      const model = await modelFor(languageOf(episode))
      if (!model)
        return fail(
          'no-speech-model',
          'There is no speech model on this computer for this recording. Get one in Settings.',
        )
      const got = await deps.recordings.obtain(episode.id, {
        signal: context.signal,
        onProgress: (fraction, words) => context.onProgress(fraction * fetchPart, words),
      })
      if (!got.ok) return got
      const { path, durationSeconds } = got.value
      const duration = durationSeconds ?? (await decoder.durationSeconds(path, context.signal))
      if (typeof duration !== 'number') {
        if (!duration.ok) return duration
        return work(deps, { episode, context, model, path, durationSeconds: duration.value })
      }
      return work(deps, { episode, context, model, path, durationSeconds: duration })
    },
  }
}

/** Without a region. */
const languageOf = ({ language }: EpisodeRecord): string | null =>
  /^[a-z]{2,3}/i.exec(language ?? '')?.[0].toLowerCase() ?? null

interface Work {
  readonly episode: EpisodeRecord
  readonly context: RungContext
  readonly model: CatalogueModel
  readonly path: string
  readonly durationSeconds: number
}

async function work(deps: SpeechRungDeps, job: Work): Promise<Result<RungResult, string>> {
  const { context, model, path, durationSeconds } = job
  await mkdir(deps.workFolder, { recursive: true, mode: 0o700 })
  // Named as copies that are not complete: what a killed process leaves is swept at the next start.
  const wavPath = join(deps.workFolder, incomingName())
  try {
    const pieces = planPieces(durationSeconds)
    const prefix = await keyOf(deps, job)
    const made: (readonly Segment[] | null)[] = []
    const pace = { workMs: 0, seconds: 0 }
    const languages: string[] = []
    let failures = 0
    let repeats = 0
    for (const piece of pieces) {
      if (context.signal.aborted) return fail('cancelled', 'Cancelled. Finished parts of the transcript are kept.')
      const key = `${prefix}/${piece.fromSeconds}-${piece.toSeconds.toFixed(1)}`
      const kept = context.pieces.get(key)
      if (kept) {
        made.push(kept)
        continue
      }
      const done = await makePiece(deps, job, piece, key, wavPath, (second) =>
        tell(deps, job, piece.fromSeconds + second, pace),
      )
      if (!done.ok) {
        // These are not about this part of the recording: going on would fail again and again.
        if (
          ['cancelled', 'no-room', 'decoder-missing', 'speech-model-damaged', 'not-allowed'].includes(done.error.code)
        )
          return done
        deps.log.warn('speech.piece-failed', {
          episodeId: job.episode.id,
          at: piece.fromSeconds,
          code: done.error.code,
        })
        failures += 1
        made.push(null)
        if (failures >= mostFailures && made.slice(-mostFailures).every((one) => one === null))
          return fail(
            'speech-failed',
            `${done.error.message} ${mostFailures} parts in a row failed, so it stopped. Finished parts are kept.`,
            { retryable: true },
          )
        continue
      }
      const { segments, language, repeatsRemoved, workMs } = done.value
      made.push(segments)
      repeats += repeatsRemoved
      if (language) languages.push(language)
      pace.workMs += workMs
      pace.seconds += piece.toSeconds - piece.fromSeconds
      tell(deps, job, piece.toSeconds, pace)
    }
    if (made.every((one) => one === null))
      return fail(
        'speech-failed',
        'Not one part of this recording could be recognised. It is kept. Try another model.',
        { retryable: true },
      )
    keepPace(deps, model, pace)
    const whole = joinPieces(pieces, made)
    const speakers = await findSpeakers(
      deps,
      { path, durationSeconds, key: `${prefix}/speakers`, context, wavPath },
      (fraction, words) => context.onProgress(1 - speakersPart * (1 - fraction), words),
    )
    if (context.signal.aborted) return fail('cancelled', 'Cancelled. Finished parts of the transcript are kept.')
    return ok({
      segments: speakers.turns ? withSpeakers(whole.segments, speakers.turns) : whole.segments,
      language: mostOften(languages) ?? languageOf(job.episode),
      warnings: [
        ...whole.warnings,
        ...(repeats > 0 ? [`${repeats} repetitions that the model fell into were taken out.`] : []),
        ...speakers.warnings,
      ],
      model: model.id,
      incomplete: made.some((one) => one === null),
    })
  } finally {
    await rm(wavPath, { force: true }).catch(() => {})
  }
}

/** Everything that what is heard depends on. The recording's name is its hash. */
async function keyOf({ speech }: SpeechRungDeps, { model, path, episode }: Work): Promise<string> {
  const files = (await readMarker(speech.folderOf(model)))?.files ?? {}
  const hashes = model.files.map(({ name }) => files[name]?.sha256.slice(0, 8) ?? '?').join('')
  return `${version}/${model.id}/${hashes}/${languageOf(episode) ?? 'any'}/${basename(path).split('.')[0]}`
}

interface Heard {
  readonly segments: Segment[]
  readonly language: string | null
  readonly repeatsRemoved: number
  readonly workMs: number
}

async function makePiece(
  deps: SpeechRungDeps,
  { episode, context, model, path }: Work,
  piece: Piece,
  key: string,
  wavPath: string,
  onSecond: (second: number) => void,
): Promise<Result<Heard, string>> {
  const startedAt = performance.now()
  const decoded = await deps.decoder.encode(
    { path, fromSeconds: piece.heardFromSeconds, toSeconds: piece.heardToSeconds },
    { path: wavPath, format: 'wav' },
    context.signal,
  )
  if (!decoded.ok) return decoded
  const files = recogniserIn(deps.speech.folderOf(model))
  if (!files)
    return fail('speech-model-damaged', `${model.title} is not complete any more. Download it again in Settings.`)
  const bought = deps.spending.reserve({
    provider: 'offline',
    model: model.id,
    purpose: {
      operation: 'transcription',
      jobId: context.jobId,
      feedId: episode.feedId,
      episodeId: episode.id,
      templateName: null,
    },
    planned: { inputTokens: [0, 0], outputTokens: [0, 0], audioSeconds: piece.toSeconds - piece.fromSeconds },
    approvedMicroUsd: context.approvedMicroUsd,
  })
  if (!bought.ok) return fail('not-allowed', bought.error.message)
  try {
    const begun = bought.value.begin()
    if (!begun.ok) return fail('not-allowed', begun.error.message)
    const attempt = begun.value
    const heard = await deps.engine.run(
      'transcribe',
      {
        wavPath,
        vadPath: deps.vadPath,
        recogniser: { files, language: languageFor(model, episode), threads: deps.threads },
      },
      { signal: context.signal, onSecond },
    )
    const usage = {
      inputTokens: null,
      outputTokens: null,
      cachedInputTokens: null,
      cacheWriteTokens: null,
      audioSeconds: heard.ok ? piece.toSeconds - piece.fromSeconds : 0,
    }
    if (!heard.ok) {
      bought.value.settle(attempt, { ok: false, usage, charged: 'no' })
      if (heard.error.code !== 'model-unusable') return heard
      await deps.speech.doubt(model.id)
      return fail(
        'speech-model-damaged',
        `${heard.error.message} Verify ${model.title} in Settings, or choose another model. Finished parts are kept.`,
      )
    }
    const segments = heard.value.segments.map(({ startSeconds, endSeconds, text }) => ({
      startSeconds: startSeconds + piece.heardFromSeconds,
      endSeconds: endSeconds + piece.heardFromSeconds,
      speaker: null,
      text,
    }))
    // One transaction: the piece is never without its row in the ledger, nor the row without the piece.
    bought.value.settle(attempt, { ok: true, usage, charged: 'yes' }, (tx) => context.pieces.putIn(tx, key, segments))
    const { language, repeatsRemoved } = heard.value
    return ok({ segments, language, repeatsRemoved, workMs: performance.now() - startedAt })
  } finally {
    bought.value.close()
    await rm(wavPath, { force: true })
  }
}

/** Whisper and SenseVoice are told the language, when the feed says it: they guess by the first seconds otherwise. */
const languageFor = (model: CatalogueModel, episode: EpisodeRecord): string | null => {
  const language = languageOf(episode)
  return language !== null && model.languages.includes(language) ? language : null
}

const minutesInWords = (seconds: number): string => {
  const minutes = Math.ceil(seconds / 60)
  return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`
}

/** "12 of 66 minutes, 4 min left". */
function tell(
  deps: SpeechRungDeps,
  { context, model, durationSeconds }: Work,
  second: number,
  pace: { workMs: number; seconds: number },
): void {
  const speed =
    pace.seconds > 60 ? pace.workMs / 1000 / pace.seconds : (deps.speech.speedOf(model)?.realTimeFactor ?? null)
  const left = Math.max(0, durationSeconds - second)
  const done = Math.min(durationSeconds, second)
  const words = `${Math.floor(done / 60)} of ${minutesInWords(durationSeconds)}${speed === null ? '' : `, ${timeInWords(left * speed)} left`}`
  context.onProgress(fetchPart + (1 - fetchPart - speakersPart) * (done / durationSeconds), words)
}

/** Real work is the best measure: it replaces a probe that was far off. */
function keepPace(
  { speech }: SpeechRungDeps,
  model: CatalogueModel,
  { workMs, seconds }: { workMs: number; seconds: number },
): void {
  if (seconds < fewestMeasuredSeconds) return
  const measured = workMs / 1000 / seconds
  const known = speech.speedOf(model)
  if (!known?.isMeasured || Math.abs(measured - known.realTimeFactor) > known.realTimeFactor * 0.25)
    speech.keepSpeed(model.id, Math.max(0.001, measured))
}

function mostOften(values: readonly string[]): string | null {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}
