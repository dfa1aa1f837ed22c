import type { Json } from '#shared/result.ts'
import type { ModelFailure } from '../services-models.ts'
import { type ProviderError, quoteProvider } from './provider-words.ts'
import type { ProviderRecord } from './providers.ts'
import { retryAfterMs } from './wait.ts'

/** How an attempt failed, and what may be done about it. */
export interface AttemptFailure {
  readonly code: ModelFailure
  readonly message: string
  /** The user may try again later without changing anything. */
  readonly retryable: boolean
  /** Whether Inkwell tries again by itself, now. */
  readonly again: boolean
  /** As the provider asked for. */
  readonly waitMs: number | null
  readonly charged: 'yes' | 'maybe' | 'no'
  readonly details?: Json
}
export interface Attempted {
  readonly provider: ProviderRecord
  readonly model: string
  readonly key: string | null
}

const kept = 'What was done before is kept.'
const tooLong =
  /context[_ ]length|context (window|size|overflows)|prompt is too long|too many (input )?tokens|input token count|maximum (context|number of tokens)|exceeds? the (maximum|limit|available context)|request_too_large|string_above_max_length|reduce the length/i
const outOfCredit =
  /insufficient_quota|billing_(hard_limit|error|not_active)|insufficient[_ ](credit|balance|funds)|credit balance is too low|requires more credits|out of credits/i
const badKey =
  /api[_ ]?key[_ ](invalid|not valid|expired|not found)|api_key_(invalid|expired)|invalid[_ ]api[_ ]key|invalid x-api-key|authentication_error/i
const noModel =
  /model_not_found|model_not_available|deprecated_model|model_deprecated|decommissioned|\bmodels?\b.*(not (be )?found|does not exist|no longer|retired|deprecated|shut ?down|decommissioned|not (currently )?supported)|not found for api version/i

/**
 * What an HTTP status of a provider means, with its own words and codes where the status alone does not tell (a wrong key
 * is 400 at Gemini, used-up credit is 400 at Claude and 429 at OpenAI).
 */
export function failureOfStatus(
  { provider, model, key }: Attempted,
  answer: { status: number; headers: Readonly<Record<string, string>>; error: ProviderError; nowMs: number },
): AttemptFailure {
  const { status, error, headers, nowMs } = answer
  const { title } = provider
  const said = quoteProvider(error.message, key)
  const quote = said === '' ? '' : ` ${title} says: ${said}`
  const words = `${error.codes} ${error.message}`
  const base = { retryable: false, again: false, waitMs: null, charged: 'no' as const }
  const where = provider.console === null ? '' : ` at ${provider.console}`

  if (status === 402 || (status < 500 && outOfCredit.test(words)))
    return {
      ...base,
      code: 'credit-used-up',
      message: `${title} answered that the credit is used up (${status}). ${kept} Add credit${where}, or choose another model.`,
    }
  if (status === 413 || (status < 500 && status !== 429 && tooLong.test(words)))
    return {
      ...base,
      code: 'too-long',
      message: `The text is longer than ${model} takes (${status}). Nothing was spent on it. ${kept} Choose a model that takes more, or let the text be read in parts.${quote}`,
    }
  if (status === 404 || status === 410 || (status < 500 && status !== 401 && status !== 429 && noModel.test(words)))
    return provider.builtIn || noModel.test(words)
      ? {
          ...base,
          code: 'model-retired',
          message: `${title} does not offer ${quoted(model)} any more, or not for your key (${status}). Nothing was spent. ${kept} ${
            provider.own ? `Install it on ${title}, or choose another model.` : 'Choose another model.'
          }`,
        }
      : {
          ...base,
          code: 'provider-unreachable',
          message: `There is no OpenAI-style service at the address of ${title} (${status}). Nothing was spent. ${kept} Check the address; it usually ends in /v1.`,
        }
  if (status === 401 || status === 403 || (status === 400 && badKey.test(words)))
    return {
      ...base,
      code: 'key-refused',
      message:
        status === 403 && !badKey.test(words)
          ? `${title} says this key may not use ${quoted(model)} (403). Nothing was spent. ${kept} Allow it${where}, enter another key, or choose another model.${quote}`
          : `${title} does not take the key (${status}). Nothing was spent. ${kept} Make a new key${where} and enter it in Settings, Models & keys.`,
    }
  if (status === 429) {
    const perDay = /per_?day/i.test(error.codes)
    const waitMs = error.retryDelayMs ?? retryAfterMs(headers, nowMs)
    return {
      ...base,
      code: 'rate-limited',
      retryable: true,
      again: !perDay,
      waitMs,
      message: perDay
        ? `${title} takes no more requests of this key today (429). ${kept} Try again tomorrow, or choose another model.`
        : rateLimited(title, waitMs, nowMs),
      ...(waitMs === null ? {} : { details: { retryAtMs: nowMs + waitMs } }),
    }
  }
  if (status >= 500 || [408, 409, 425].includes(status)) {
    const late = [408, 504, 524].includes(status)
    return {
      ...base,
      code: 'provider-down',
      retryable: true,
      again: true,
      waitMs: retryAfterMs(headers, nowMs),
      // A gateway that gave up says nothing about the machine behind it, which may have done the work.
      charged: late ? 'maybe' : 'no',
      message: `${title} ${
        status === 529 || /overloaded|unavailable/i.test(words)
          ? 'is overloaded'
          : late
            ? 'did not answer in time'
            : 'has trouble of its own'
      } (${status}). ${kept} Try again in a few minutes, or choose another model.`,
    }
  }
  return {
    ...base,
    code: 'request-refused',
    message: `${title} refuses the request (${status}). Nothing was spent. ${kept} Choose another model.${quote}`,
  }
}

/** @param waitMs null when the provider did not say */
export const rateLimited = (title: string, waitMs: number | null, nowMs: number): string =>
  waitMs === null
    ? `${title} takes no more requests for now (429). ${kept} Try again in a few minutes, or choose another model.`
    : `${title} takes no more requests for ${duration(waitMs)}, until ${new Date(nowMs + waitMs).toISOString().slice(0, 16).replace('T', ' ')} UTC (429). ${kept} Try again then, or choose another model.`

export const quoted = (model: string): string => model.replace(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, 100)

const duration = (ms: number): string => {
  const seconds = Math.ceil(ms / 1_000)
  if (seconds < 90) return `${seconds} s`
  if (seconds < 5_400) return `${Math.ceil(seconds / 60)} minutes`
  return seconds < 172_800 ? `${Math.ceil(seconds / 3_600)} hours` : `${Math.ceil(seconds / 86_400)} days`
}
