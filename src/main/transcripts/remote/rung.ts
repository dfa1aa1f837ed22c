import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Segment } from '#shared/contract/transcripts.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { isScannable } from '../../documents/document-task.ts'
import { incomingName, mediaFolder } from '../../intake/incoming.ts'
import type { EpisodeRecord } from '../../services.ts'
import type { ModelFailure, Models, Spending } from '../../services-models.ts'
import type { Decoder, Recordings, RungContext, RungResult, TranscriptRung } from '../../services-sound.ts'
import { clockOf } from '../clock-time.ts'
import { plainLanguage } from '../languages.ts'
import { placed, type Span, spansOf } from './spans.ts'

export interface RemoteRungDeps {
  readonly id: 'own-server' | 'gemini'
  readonly models: Pick<Models, 'hear' | 'hearer'>
  readonly spending: Pick<Spending, 'estimate'>
  readonly recordings: Recordings
  readonly decoder: Decoder
  readonly profilePath: string
}

/** Talk is about 150 words a minute; Gemini takes 32 tokens for a second of sound. */
const audioTokensPerSecond = 32
const wordTokensPerSecond = [2, 6] as const
/** A service hears about twenty times faster than one speaks; sending takes its time too. */
const secondsPerSecond = 0.1

const missing = {
  'own-server': 'No server for speech recognition is set up. Add one in Settings, Models and keys.',
  gemini: 'No key for Gemini is set. Add one in Settings, Models and keys.',
} as const

/** Sends a recording piece by piece to a service; each finished piece is kept with its charge. */
export function createRemoteRung(deps: RemoteRungDeps): TranscriptRung {
  const planned = (seconds: number) => ({
    inputTokens: [seconds * audioTokensPerSecond, seconds * audioTokensPerSecond + 2_000] as const,
    outputTokens: [seconds * wordTokensPerSecond[0], seconds * wordTokensPerSecond[1]] as const,
    audioSeconds: seconds,
  })
  return {
    id: deps.id,
    async offer(episode) {
      const hearer = deps.models.hearer(deps.id)
      const seconds = episode.durationSeconds
      const hasSound = (episode.mediaUrl ?? episode.mediaPath) !== null && !isScannable(episode.mediaType)
      const none = { lowMicroUsd: null, highMicroUsd: null }
      return {
        rung: deps.id,
        ready: hearer !== null && hasSound,
        words:
          hearer === null
            ? missing[deps.id]
            : hasSound
              ? `The recording is sent to ${hearer.title} in pieces of ten minutes.`
              : 'There is no recording of this episode.',
        model: hearer?.choice.model ?? null,
        estimate:
          hearer === null
            ? { ...none, reason: missing[deps.id] }
            : seconds === null
              ? { ...none, reason: 'How long the recording is, is not known yet.' }
              : deps.spending.estimate(hearer.choice.providerId, hearer.choice.model, planned(seconds)),
        seconds: seconds === null ? null : Math.ceil(seconds * secondsPerSecond),
      }
    },
    async run(episode, context) {
      const hearer = deps.models.hearer(deps.id)
      if (hearer === null) return fail('no-such-provider', missing[deps.id])
      const recording = await deps.recordings.obtain(episode.id, {
        signal: context.signal,
        onProgress: (fraction, words) => context.onProgress(fraction * 0.1, words),
      })
      if (!recording.ok) return recording
      const { path } = recording.value
      const length = await deps.decoder.durationSeconds(path, context.signal)
      if (!length.ok) return length
      return hearAll(deps, { episode, context, path, length: length.value, choice: hearer.choice })
    },
  }
}

interface Hearing {
  readonly episode: EpisodeRecord
  readonly context: RungContext
  readonly path: string
  /** Seconds. */
  readonly length: number
  readonly choice: NonNullable<ReturnType<Models['hearer']>>['choice']
}

/** A second of nothing ends every long recording: the file's own length is not the key's business. */
const keyOf = ({ choice, length }: Hearing, span: Span): string =>
  `${choice.providerId}/${choice.model}/${Math.round(length)}/${span.fromSeconds}-${Math.round(span.toSeconds)}`

async function hearAll(deps: RemoteRungDeps, hearing: Hearing): Promise<Result<RungResult, string>> {
  const { context, episode, length, choice } = hearing
  const spans = spansOf(length)
  const all: Segment[] = []
  const warnings: string[] = []
  let language: string | null = null
  let withoutTimes = 0
  for (const [index, span] of spans.entries()) {
    const key = keyOf(hearing, span)
    const known = context.pieces.get(key)
    const minutes = `${clockOf(span.fromSeconds)} of ${clockOf(length)}`
    context.onProgress(0.1 + 0.9 * (index / spans.length), `Listening: ${minutes}`)
    const piece = known ? ok({ segments: known, language: null }) : await hearSpan(deps, hearing, span, key)
    if (!piece.ok) {
      // What was heard so far is kept: the next run asks for the rest only.
      if (isFinal(piece.error.code) || index === 0) return piece
      return fail(
        piece.error.code,
        `${piece.error.message} ${clockOf(span.fromSeconds)} of ${clockOf(length)} are kept; trying again goes on from there.`,
        { retryable: piece.error.retryable },
      )
    }
    language ??= piece.value.language
    if (piece.value.segments.length === 1 && spans.length > 1) withoutTimes += 1
    all.push(...piece.value.segments)
  }
  if (withoutTimes > 0 && withoutTimes === spans.length)
    warnings.push(`${choice.model} gives no times: each part of ten minutes has one.`)
  return ok({ segments: all, language: plainLanguage(language ?? episode.language), warnings, model: choice.model })
}

const isFinal = (code: string): boolean => code === 'cancelled' || code === 'asks-first' || code === 'over-limit'

async function hearSpan(
  deps: RemoteRungDeps,
  { episode, context, path, choice }: Hearing,
  span: Span,
  key: string,
): Promise<Result<{ segments: Segment[]; language: string | null }, ModelFailure | string>> {
  // Named as a copy that is not complete: what a killed process leaves is swept.
  const target = join(mediaFolder(deps.profilePath), incomingName())
  try {
    const encoded = await deps.decoder.encode(
      { path, fromSeconds: span.sentFromSeconds, toSeconds: span.sentToSeconds },
      { path: target, format: 'mp3' },
      context.signal,
    )
    if (!encoded.ok) return encoded
    const heard = await deps.models.hear({
      choice,
      path: target,
      mediaType: 'audio/mpeg',
      seconds: span.sentToSeconds - span.sentFromSeconds,
      language: plainLanguage(episode.language)?.split('-')[0] ?? null,
      hints: [episode.feedTitle, episode.title, ...episode.persons.map(({ name }) => name)],
      purpose: {
        operation: 'transcription',
        jobId: context.jobId,
        feedId: episode.feedId,
        episodeId: episode.id,
        templateName: null,
      },
      approvedMicroUsd: context.approvedMicroUsd,
      signal: context.signal,
      keep: (tx, found) => context.pieces.putIn(tx, key, placed(span, found.segments)),
    })
    if (!heard.ok) return heard
    return ok({ segments: placed(span, heard.value.segments), language: heard.value.language })
  } finally {
    await rm(target, { force: true })
  }
}
