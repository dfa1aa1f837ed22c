import { redactText } from '../logs/redact.ts'

/** What a provider's error says, whatever its dialect. */
export interface ProviderError {
  readonly message: string
  /** Every code, type, status and reason in it, in one line for matching. */
  readonly codes: string
  /** Gemini says in the body how long to wait. */
  readonly retryDelayMs: number | null
}

const isEntry = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads `{error: {…}}`, `[{error: …}]`, `{error: "…"}`, `{message}`, `{detail}`; anything else has no words. */
export function readProviderError(body: string): ProviderError {
  const none: ProviderError = { message: '', codes: '', retryDelayMs: null }
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    return none
  }
  if (Array.isArray(parsed)) parsed = parsed[0]
  if (!isEntry(parsed)) return none
  const error = isEntry(parsed.error) ? parsed.error : parsed
  const said = [isEntry(parsed.error) ? error.message : parsed.error, error.message, error.detail].find(
    (text) => typeof text === 'string' && text !== '',
  )
  const details = Array.isArray(error.details) ? error.details.filter(isEntry) : []
  const codes = [error.type, error.code, error.status, error.param, ...details.map(({ reason }) => reason)].filter(
    (code) => typeof code === 'string' || typeof code === 'number',
  )
  const quotas = details.flatMap(({ violations }) => (Array.isArray(violations) ? violations.filter(isEntry) : []))
  const delay = details.map(({ retryDelay }) => retryDelay).find((text) => typeof text === 'string')
  const seconds = /^(\d{1,9}(?:\.\d+)?)s$/.exec(String(delay ?? ''))?.[1]
  return {
    message: typeof said === 'string' ? said : '',
    codes: [...codes, ...quotas.map(({ quotaId }) => quotaId)].join(' '),
    retryDelayMs: seconds === undefined ? null : Math.ceil(Number(seconds) * 1_000),
  }
}

/** A provider's words as part of ours: short, one line, nothing that acts, and never the key. */
export function quoteProvider(text: string, key: string | null): string {
  const plain = hideKey(text, key)
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const safe = redactText(plain.slice(0, 2_000))
  return safe === '' ? '' : `“${safe.length > 200 ? `${safe.slice(0, 200)}…` : safe}”`
}

/** What people type where a server wants any key at all (“ollama”, “x”) is a word like others. */
const isSecret = (key: string | null): key is string => key !== null && key.length >= 12

/** A server may send the key back in whatever it answers. */
export const hideKey = (text: string, key: string | null): string => {
  if (!isSecret(key)) return text
  const spellings = [key, encodeURIComponent(key), Buffer.from(key).toString('base64').replace(/=+$/, '')]
  return spellings.reduce((kept, spelling) => kept.replaceAll(spelling, '[key]'), text)
}

/** The same for an answer as it streams: what may be the start of the key is held back until more is known. */
export function createKeyFilter(key: string | null): { push(delta: string): string; end(): string } {
  let held = ''
  return {
    push: (delta) => {
      if (!isSecret(key)) return delta
      const text = hideKey(held + delta, key)
      let keep = Math.min(key.length - 1, text.length)
      while (keep > 0 && !key.startsWith(text.slice(-keep))) keep--
      held = keep === 0 ? '' : text.slice(-keep)
      return text.slice(0, text.length - held.length)
    },
    end: () => {
      const last = held
      held = ''
      return last
    },
  }
}
