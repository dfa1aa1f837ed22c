import type { Dispatcher } from 'undici'
import type { ModelAnswer, Usage } from '../services-models.ts'
import type { WireLimits } from './agents.ts'
import { failureOfAttempt } from './attempt-failures.ts'
import { type Adjustment, adjustmentFor, openStream, type Prompt } from './clients.ts'
import { createKeyFilter, hideKey } from './provider-words.ts'
import type { ProviderRecord } from './providers.ts'
import type { AttemptFailure } from './status-failures.ts'
import { estimateTokens } from './tokens.ts'
import { boundsOf, readUsage } from './usage.ts'
import { createWire } from './wire.ts'

export type AttemptOutcome = {
  readonly usage: Usage | null
  /** Something of the answer was handed to `onText`. */
  readonly shown: boolean
} & (
  | { readonly ok: true; readonly text: string; readonly finish: ModelAnswer['finish'] }
  | {
      readonly ok: false
      readonly failure: AttemptFailure
      /** The same request, sent like this, may be taken. */
      readonly adjust: Adjustment | null
    }
)

/** Sends a prompt once and reads the whole answer. Never throws for anything a provider or the network does, and ends. */
export async function runAttempt(options: {
  provider: ProviderRecord
  key: string | null
  prompt: Prompt
  adjust: Adjustment
  dispatcher: Dispatcher
  limits: WireLimits
  signal: AbortSignal
  onText: ((delta: string) => void) | undefined
  nowMs: () => number
}): Promise<AttemptOutcome> {
  const { provider, key, prompt, adjust, limits, signal, onText, nowMs } = options
  const wire = createWire({ kind: provider.kind, baseUrl: provider.baseUrl, dispatcher: options.dispatcher, limits })
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), limits.totalMs)
  const filter = createKeyFilter(key)
  let text = ''
  let shown = false
  let finish: ModelAnswer['finish'] | 'none' = 'none'
  let trouble: unknown = null
  const show = (delta: string): void => {
    if (delta === '' || onText === undefined) return
    shown = true
    onText(delta)
  }
  try {
    const stream = await openStream(provider, key, prompt, {
      fetch: wire.fetch,
      signal: AbortSignal.any([signal, late.signal]),
      adjust,
    })
    for await (const part of stream.fullStream) {
      if (part.type === 'text-delta') {
        text += part.text
        show(filter.push(part.text))
      } else if (part.type === 'error') trouble ??= part.error
      else if (part.type === 'finish') finish = finishOf(part.finishReason, part.rawFinishReason)
      else if (part.type === 'abort') trouble ??= new Error('aborted')
    }
    show(filter.end())
  } catch (error) {
    trouble ??= error
  } finally {
    clearTimeout(timer)
  }

  const { seen } = wire
  const promptText = [prompt.system, ...prompt.messages.map((message) => message.text)].join('\n')
  const raw = seen.tapped?.usage ?? {}
  const reported = readUsage(provider.kind, raw, boundsOf(promptText, prompt.maxOutputTokens, prompt.sound?.seconds))
  text = hideKey(text, key)
  if (seen.tapped?.blocked && text === '') finish = 'refused'
  const cancelled = signal.aborted
  const lateMs = late.signal.aborted && !cancelled ? limits.totalMs : null
  const complete = finish !== 'none' && (trouble === null || finish === 'refused') && seen.error === null
  if (complete && !cancelled && lateMs === null) {
    if (text.trim() !== '' || finish === 'refused')
      return { ok: true, text, finish: finish as ModelAnswer['finish'], usage: reported, shown }
    return { ok: false, failure: wordless(provider, finish === 'length', prompt), adjust: null, usage: reported, shown }
  }
  const failure = failureOfAttempt({ provider, model: prompt.model, key }, seen, {
    error: trouble,
    text,
    cancelled,
    lateMs,
    nowMs: nowMs(),
  })
  return {
    ok: false,
    failure,
    adjust: seen.status === 400 || seen.status === 422 ? adjustmentFor(seen.errorText, adjust) : null,
    usage: failure.charged === 'no' ? null : withWhatCame(reported, text),
    shown,
  }
}

/** The count of a stream that broke is from its beginning: at least what came was made. */
function withWhatCame(usage: Usage | null, text: string): Usage | null {
  if (text === '') return usage
  const came = estimateTokens(text)[0]
  return {
    inputTokens: usage?.inputTokens ?? null,
    outputTokens: Math.max(usage?.outputTokens ?? 0, came),
    cachedInputTokens: usage?.cachedInputTokens ?? null,
    cacheWriteTokens: usage?.cacheWriteTokens ?? null,
    audioSeconds: null,
  }
}

function finishOf(reason: string, raw: string | undefined): ModelAnswer['finish'] | 'none' {
  if (reason === 'stop' || reason === 'length') return reason
  if (reason === 'content-filter') return 'refused'
  // A stream that ends without the word for its end was cut, however gently.
  if (reason === 'error' || reason === 'interrupted' || raw === undefined) return 'none'
  return 'other'
}

const wordless = (provider: ProviderRecord, thought: boolean, prompt: Prompt): AttemptFailure => ({
  code: 'answer-unreadable',
  message: thought
    ? `${provider.title} used all ${prompt.maxOutputTokens.toLocaleString('en')} tokens it was given before its first word. What was done before is kept. Choose a model that thinks less, or let it write more.`
    : `${provider.title} answered without a word. What was done before is kept. Try again, or choose another model.`,
  retryable: !thought,
  again: false,
  waitMs: null,
  charged: 'yes',
})
