import type { Dispatcher } from 'undici'
import { fail, ok, type Result } from '#shared/result.ts'
import { checkTarget, type Target } from './target.ts'

export interface Next {
  readonly target: Target
  /** The next server is another one: it must not see what was meant for this one. */
  readonly dropSecrets: boolean
}

const redirectStatuses = new Set([301, 302, 303, 307, 308])

/** The same server, or the same one made safer: `http://host` to `https://host` on the schemes' own ports. */
const isSameServer = (from: URL, to: URL): boolean =>
  from.hostname === to.hostname &&
  (from.origin === to.origin || (from.protocol === 'http:' && to.protocol === 'https:' && !from.port && !to.port))

/** Headers arrive as Latin-1, yet many servers write UTF-8 into Location. */
function readLatin1(text: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'))
  } catch {
    return text
  }
}

/**
 * Where an answer sends us; null when it is no redirect.
 * @param hasSecrets the request carries credentials: they never go over a line that is not encrypted after one that is
 */
export function nextTarget(
  response: Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'>,
  from: Target,
  allowLocalHosts: readonly string[],
  hasSecrets: boolean,
): Result<Next, 'redirect-refused'> | null {
  const { location } = response.headers
  if (!redirectStatuses.has(response.statusCode) || location === undefined) return null
  const text = readLatin1(String(Array.isArray(location) ? location[0] : location).trim())
  const target = checkTarget(text, allowLocalHosts, from.url)
  if (!target.ok)
    return fail(
      'redirect-refused',
      `${from.url.host} sends on to an address that Inkwell does not follow. ${target.error.message}`,
    )
  const { url } = target.value
  if (hasSecrets && from.url.protocol === 'https:' && url.protocol === 'http:')
    return fail(
      'redirect-refused',
      `${from.url.host} sends on from https to http, where your password could be read on the way. Nothing was sent there.`,
    )
  // Credentials that a server puts into an address are not the user's.
  url.username = ''
  url.password = ''
  return ok({ target: target.value, dropSecrets: !isSameServer(from.url, url) })
}
