import { fail, type Result } from '#shared/result.ts'
import type { HttpFailureCode } from '../ports.ts'
import { shortBody } from './body.ts'
import { localRefusal } from './target.ts'

const dnsCodes = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME', 'EAI_FAIL', 'ENODATA', 'ESERVFAIL'])
const timeoutCodes = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
])
const tlsWords: Record<string, string> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; check the clock of this computer',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it signed its certificate itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody this computer knows',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it does not send the whole chain of its certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody this computer knows',
  CERT_REVOKED: 'its certificate was revoked',
}

export const codesOf = (error: unknown): string[] => {
  if (!(error instanceof Error)) return []
  const inner = error instanceof AggregateError ? error.errors.flatMap(codesOf) : []
  return [String((error as NodeJS.ErrnoException).code ?? ''), ...inner, ...codesOf(error.cause)]
}

/** A socket that died before the first byte of an answer; a pooled connection often does. Worth one more try. */
export const isBrokenConnection = (error: unknown): boolean =>
  codesOf(error).some((code) => ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(code))

/**
 * Says in words why a request failed. Holds the host only: paths and queries may be secrets.
 * @param during which part was under way: a socket that ends inside a body makes a short body
 */
export function describeFailure(
  error: unknown,
  host: string,
  during: 'request' | 'body',
): Result<never, HttpFailureCode> {
  const codes = codesOf(error)
  const has = (...names: string[]): boolean => names.some((name) => codes.includes(name))
  const kept = 'What was there before is kept.'
  if (has('INKWELL_ADDRESS_REFUSED')) return fail('address-refused', localRefusal(host))
  if (codes.some((code) => dnsCodes.has(code)))
    return fail('dns-failed', `There is no server of the name ${host}, or no network. ${kept}`, { retryable: true })
  const tls = codes.find((code) => code in tlsWords || /^(ERR_TLS|ERR_SSL|CERT_)|_CERT(_|$)|^EPROTO$/.test(code))
  if (tls !== undefined)
    return fail(
      'tls-failed',
      `The connection to ${host} is not safe: ${tlsWords[tls] ?? 'it cannot be encrypted'} (${tls}). Nothing was sent. ${kept}`,
      { retryable: true },
    )
  if (codes.some((code) => timeoutCodes.has(code)))
    return fail('timed-out', `${host} took too long to answer. ${kept}`, { retryable: true })
  if (has('UND_ERR_HEADERS_OVERFLOW', 'HPE_HEADER_OVERFLOW'))
    return fail('too-large', `${host} sends more than 64 kB of headers. It was stopped. ${kept}`)
  if (has('UND_ERR_INVALID_ARG')) return fail('invalid-url', 'The address or a header cannot be sent as it is.')
  if (during === 'body') return shortBody(host)
  const code = codes.find((each) => each !== '')
  return fail('connect-failed', `${host} could not be reached${code ? ` (${code})` : ''}. ${kept}`, { retryable: true })
}
