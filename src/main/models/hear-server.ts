import { FormData } from 'undici'
import type { Segment } from '#shared/contract/transcripts.ts'
import type { Heard, HearRequest } from '../services-models.ts'
import { failureOfAttempt } from './attempt-failures.ts'
import type { Connected, Outcome } from './attempts.ts'
import type { HearDeps } from './hear.ts'
import { headersOf } from './look.ts'
import { hideKey } from './provider-words.ts'
import { createWire } from './wire.ts'

/** OpenAI's audio API (`/audio/transcriptions`), as Speaches, whisper.cpp, vLLM, Groq and OpenAI speak it. */
export async function hearByServer(
  { agents, limits, nowMs }: HearDeps,
  { provider, key }: Connected,
  request: HearRequest,
  sound: Uint8Array<ArrayBuffer>,
): Promise<Outcome<Heard>> {
  const { choice, seconds, signal } = request
  const wire = createWire({ kind: provider.kind, baseUrl: provider.baseUrl, dispatcher: agents.for(provider), limits })
  const late = AbortSignal.timeout(limits.totalMs)
  // Counted by time, which is known here whatever the server says of itself.
  const usage = {
    inputTokens: 0,
    outputTokens: 0,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    audioSeconds: seconds,
  }
  let error: unknown = null
  try {
    const response = await wire.fetch(`${provider.baseUrl}/audio/transcriptions`, {
      method: 'POST',
      headers: headersOf(provider, key),
      // Undici's own: it does not know the form of the runtime.
      body: formOf(request, sound) as unknown as BodyInit,
      signal: AbortSignal.any([signal, late]),
    })
    const text = await response.text()
    const heard = response.ok ? readHeard(text, seconds, (words) => hideKey(words, key)) : null
    if (heard) return { ok: true, value: heard, usage }
  } catch (thrown) {
    error = thrown
  }
  const failure = failureOfAttempt({ provider, model: choice.model, key }, wire.seen, {
    error,
    text: '',
    cancelled: signal.aborted,
    lateMs: late.aborted ? limits.totalMs : null,
    nowMs: nowMs(),
  })
  return { ok: false, failure, adjust: null, shown: false, usage: failure.charged === 'no' ? null : usage }
}

function formOf({ choice, language, hints, mediaType, path }: HearRequest, sound: Uint8Array<ArrayBuffer>): FormData {
  const { model } = choice
  const form = new FormData()
  form.set('file', new Blob([sound], { type: mediaType }), `piece${/\.[a-z0-9]{2,4}$/i.exec(path)?.[0] ?? '.mp3'}`)
  form.set('model', model)
  // OpenAI's newer models give no times, except the one that tells speakers apart.
  const format = /diarize/.test(model) ? 'diarized_json' : /transcribe/.test(model) ? 'json' : 'verbose_json'
  form.set('response_format', format)
  if (format === 'verbose_json') form.set('timestamp_granularities[]', 'segment')
  if (format === 'diarized_json') form.set('chunking_strategy', 'auto')
  else if (hints.length > 0) form.set('prompt', hints.join(', ').slice(0, 800))
  const plain = /^[a-z]{2}/i.exec(language ?? '')?.[0].toLowerCase()
  if (plain) form.set('language', plain)
  return form
}

const isEntry = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Null when it is no transcript. Times outside the piece are nobody's; segments without words are left out. */
function readHeard(text: string, seconds: number, clean: (words: string) => string): Heard | null {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return null
  }
  if (!isEntry(body) || typeof body.text !== 'string') return null
  const language = typeof body.language === 'string' && body.language.length <= 30 ? body.language : null
  const time = (value: unknown): number | null =>
    typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= seconds + 1 ? value : null
  const segments = (Array.isArray(body.segments) ? body.segments : []).filter(isEntry).flatMap((item): Segment[] => {
    const words = typeof item.text === 'string' ? clean(item.text).trim() : ''
    const speaker =
      typeof item.speaker === 'string' && item.speaker.trim() !== '' ? clean(item.speaker).slice(0, 200) : null
    return words === '' ? [] : [{ startSeconds: time(item.start), endSeconds: time(item.end), speaker, text: words }]
  })
  if (segments.length > 0) return { segments, language }
  const whole = clean(body.text).trim()
  return {
    segments: whole === '' ? [] : [{ startSeconds: null, endSeconds: null, speaker: null, text: whole }],
    language,
  }
}
