import { codesOf, describeFailure } from '../net/failures.ts'
import type { ModelFailure } from '../services-models.ts'
import { quoteProvider, readProviderError } from './provider-words.ts'
import { type Attempted, type AttemptFailure, failureOfStatus } from './status-failures.ts'
import type { Seen } from './wire.ts'

const kept = 'What was done before is kept.'
/** The request did not leave, whatever else may be wrong. */
const neverSent =
  /^(ENOTFOUND|EAI_|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|INKWELL_ADDRESS|CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/

/** Names what happened to an attempt that gave no answer, from what went over the wire first and the client's error last. */
export function failureOfAttempt(
  of: Attempted,
  seen: Seen,
  met: { error: unknown; text: string; cancelled: boolean; lateMs: number | null; nowMs: number },
): AttemptFailure {
  const { title } = of.provider
  const began = seen.sent && (seen.status === null || (seen.status >= 200 && seen.status < 300))
  const codes = codesOf(seen.error)
  const unsent = !seen.sent || codes.some((code) => neverSent.test(code))
  const charged = began && !unsent ? 'maybe' : 'no'
  const details = met.text === '' ? {} : { details: { text: met.text.slice(0, 200_000) } }
  const part = met.text === '' ? '' : ` What came (${count(met.text)}) is kept with this message.`
  const make = (code: ModelFailure, message: string, more: Partial<AttemptFailure> = {}): AttemptFailure => ({
    code,
    message,
    retryable: true,
    again: false,
    waitMs: null,
    charged,
    ...details,
    ...more,
  })

  if (met.cancelled)
    return make(
      'cancelled',
      `Stopped. ${kept}${charged === 'maybe' ? ` ${title} may charge for what it had begun.` : ''}`,
    )
  if (met.lateMs !== null)
    return make(
      met.text === '' ? 'provider-down' : 'answer-cut-off',
      `${title} was not done after ${Math.round(met.lateMs / 60_000)} minutes, and was stopped. ${kept}${part} Choose a faster model, or try again.`,
    )
  if (seen.trouble === 'redirected' || seen.trouble === 'elsewhere')
    return make(
      'provider-unreachable',
      `${title} sends on to another address, and Inkwell takes no key there (${seen.status ?? 'redirect'}). Nothing was spent. ${kept} Check the address in Settings, Models & keys.`,
      { retryable: false, charged: 'no' },
    )
  if (seen.trouble === 'too-large')
    return make(
      'answer-unreadable',
      `${title} sent more than an answer can be, and was stopped. ${kept}${part} Try again, or choose another model.`,
    )
  if (seen.status !== null && !began)
    return failureOfStatus(of, {
      status: seen.status,
      headers: seen.headers,
      error: readProviderError(seen.errorText),
      nowMs: met.nowMs,
    })
  if (seen.status === null) return unreachable(of, seen.error ?? met.error, { unsent, make })

  const inStream = streamError(met.error)
  if (inStream) {
    const failure = failureOfStatus(of, {
      ...inStream,
      headers: {},
      error: readProviderError(JSON.stringify({ error: { message: inStream.message, code: inStream.code } })),
      nowMs: met.nowMs,
    })
    return { ...failure, ...details, charged: 'maybe', message: `${failure.message}${part}` }
  }
  const instead = seen.tapped?.events === 0 ? errorInBody(seen.tapped.head) : null
  if (instead)
    return failureOfStatus(of, { status: instead.status, headers: seen.headers, error: instead, nowMs: met.nowMs })
  if (seen.error !== null)
    return codes.includes('UND_ERR_BODY_TIMEOUT')
      ? make(
          'answer-cut-off',
          `${title} stopped in the middle of its answer and fell silent. ${kept}${part} Try again.`,
          {
            again: true,
          },
        )
      : make(
          'answer-cut-off',
          `The connection to ${title} broke in the middle of the answer. ${kept}${part} Try again.`,
          {
            again: true,
          },
        )
  if (seen.tapped === null || seen.tapped.events === 0)
    return make(
      'answer-unreadable',
      `${title} sent something that is no answer. ${kept} Check its address, try again, or choose another model.${excerpt(of, seen)}`,
    )
  if (isMalformed(met.error))
    return make(
      'answer-unreadable',
      `${title} sent an answer that cannot be read. ${kept}${part} Try again, or choose another model.`,
    )
  return make('answer-cut-off', `${title} ended in the middle of its answer. ${kept}${part} Try again.`, {
    again: true,
  })
}

function unreachable(
  { provider }: Attempted,
  error: unknown,
  { unsent, make }: { unsent: boolean; make: (code: ModelFailure, message: string, more?: object) => AttemptFailure },
): AttemptFailure {
  const { host } = new URL(provider.baseUrl)
  const codes = codesOf(error)
  if (codes.includes('INKWELL_ADDRESS_REFUSED'))
    return make(
      'provider-unreachable',
      `${host} leads to an address outside your own network, where a key would be readable by http. Nothing was sent. Use https.`,
      { retryable: false },
    )
  if (codes.includes('UND_ERR_HEADERS_TIMEOUT'))
    return make(
      'provider-down',
      `${provider.title} did not begin to answer in time. ${kept} Try again in a few minutes.`,
      {
        again: !provider.own,
      },
    )
  const plain = describeFailure(error, host, 'request')
  const words = plain.ok ? '' : plain.error.message
  return make(
    'provider-unreachable',
    provider.own
      ? `${provider.title} does not answer at ${host} (${codes.find((code) => code !== '') ?? 'no connection'}). ${kept} Start it, or check its address in Settings, Models & keys.`
      : `${provider.title} cannot be reached. ${words} Check the network, then try again.`,
    // A server of the user's that is not running does not start within seconds.
    { again: !(provider.own && unsent) },
  )
}

const statusOfType: readonly [RegExp, number][] = [
  [/overloaded/i, 529],
  [/unavailable/i, 503],
  [/rate_limit|resource_exhausted/i, 429],
  [/authentication|unauthenticated/i, 401],
  [/permission/i, 403],
  [/billing|insufficient/i, 402],
  [/not_found/i, 404],
  [/invalid_request|invalid_argument/i, 400],
]
/** An error that came as an event amid a stream that began well. */
function streamError(error: unknown): { status: number; message: string; code: string } | null {
  if (!(error instanceof Error) || error.name !== 'AI_StreamProviderError') return null
  const { statusCode, type, code } = error as Error & { statusCode?: unknown; type?: unknown; code?: unknown }
  return {
    status:
      typeof statusCode === 'number' && statusCode >= 400 && statusCode < 600
        ? statusCode
        : (statusOfType.find(([words]) => words.test(`${type} ${code}`))?.[1] ?? 500),
    message: error.message,
    code: String(type ?? code ?? ''),
  }
}

/** Some servers say 200 and then send an error instead of a stream. */
function errorInBody(head: string): (ReturnType<typeof readProviderError> & { status: number }) | null {
  const error = readProviderError(head)
  if (error.message === '') return null
  const status = Number(/\b([45]\d\d)\b/.exec(error.codes)?.[1] ?? 500)
  return { ...error, status }
}

const isMalformed = (error: unknown): boolean =>
  error instanceof Error && /JSONParse|TypeValidation|InvalidResponseData|^Error$|^TypeError$/.test(error.name)

const excerpt = ({ key }: Attempted, seen: Seen): string => {
  const start = quoteProvider(seen.tapped?.head.slice(0, 80) ?? '', key)
  return start === '' ? '' : ` It began with ${start}.`
}

const count = (text: string): string => {
  const words = (text.match(/\S+/g) ?? []).length
  return `${words.toLocaleString('en')} word${words === 1 ? '' : 's'}`
}
