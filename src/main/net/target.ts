import { fail, ok, type Result } from '#shared/result.ts'
import { isLocalName, isPublicAddress, literalAddress } from './addresses.ts'
import { isRefusedPort } from './ports-refused.ts'

export interface Target {
  readonly url: URL
  /** The user allowed this host: its addresses are not checked. */
  readonly allowedLocal: boolean
}

const ownNetwork = 'Inkwell asks for nothing on your own network unless you allow it'
export const localRefusal = (host: string): string =>
  `${ownNetwork}, and ${host} lies there. Allow the local network for this feed if the address is yours.`

/** Whether a refusal can be lifted by allowing the local network: a refused port or scheme stays refused. */
export const isLocalRefusal = (message: string): boolean => message.startsWith(ownNetwork)

/**
 * Reads an address that a person or a server named, and refuses what must never be asked. Names are checked again when
 * they are resolved (agents.ts).
 * @param base of a redirect's Location
 */
export function checkTarget(
  text: string,
  allowLocalHosts: readonly string[],
  base?: URL,
): Result<Target, 'invalid-url' | 'address-refused'> {
  // WHATWG drops line breaks and tabs silently: an address that holds some was put together by somebody else.
  if (/[\u0000-\u001f\u007f]/.test(text))
    return fail('invalid-url', 'The address holds a line break or another control character. Nothing was sent.')
  let url: URL
  try {
    url = new URL(text, base)
  } catch {
    return fail('invalid-url', 'This is not a web address. It should look like https://example.com/feed.xml.')
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return fail(
      'address-refused',
      `Inkwell reads https and http addresses only, not ${url.protocol}//. Nothing was sent.`,
    )
  const allowedLocal = allowLocalHosts.some((host) => host.toLowerCase() === url.host)
  if (isRefusedPort(url.port))
    return fail(
      'address-refused',
      `Port ${url.port} belongs to another kind of server than web servers. Nothing was sent.`,
    )
  if (allowedLocal) return ok({ url, allowedLocal })
  const address = literalAddress(url.hostname)
  if (address === null ? isLocalName(url.hostname) : !isPublicAddress(address))
    return fail('address-refused', localRefusal(url.host))
  return ok({ url, allowedLocal })
}
