import ipaddr from 'ipaddr.js'
import { fail, ok, type Result } from '#shared/result.ts'
import { isLocalName, literalAddress } from '../net/addresses.ts'
import { isRefusedPort } from '../net/ports-refused.ts'

export type AddressFailure = 'invalid-url' | 'address-refused'

const ownRanges: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat'])

/** Whether an address belongs to this computer or a network of the user's (RFC 1918, RFC 4193, RFC 6598 as Tailscale uses it). */
export const isOwnAddress = (address: string): boolean =>
  ipaddr.isValid(address) && ownRanges.has(ipaddr.process(address).range())

/** Names of one word and those of home networks; where they lead is checked when they are resolved. */
const isOwnHost = (hostname: string): boolean => {
  const address = literalAddress(hostname)
  if (address !== null) return isOwnAddress(address)
  return isLocalName(hostname) || !hostname.includes('.') || /\.(lan|home|fritz\.box|ts\.net)$/i.test(hostname)
}

/** Whether requests stay on this computer or the user's network: such a server costs nothing. */
export function isOwnNetwork(baseUrl: string): boolean {
  return URL.canParse(baseUrl) && isOwnHost(new URL(baseUrl).hostname)
}

/**
 * The address of a server as the user typed it, in one form: without a slash at its end, and without the name of a call.
 * Plain http is for the user's own network only: it would show the key and the transcript to everybody on the way.
 */
export function readBaseUrl(text: string): Result<string, AddressFailure> {
  const typed = text.trim()
  const url = URL.canParse(typed) && !/[\u0000-\u001f\u007f]/.test(typed) ? new URL(typed) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    return fail(
      'invalid-url',
      'This is not the address of a server. It should look like http://127.0.0.1:11434/v1 or https://api.example.com/v1. Nothing was changed.',
    )
  if (url.username || url.password)
    return fail(
      'address-refused',
      'The address holds a name or password. Leave it out and enter the key in its own field, so that it can be kept safe. Nothing was changed.',
    )
  if (url.search || url.hash)
    return fail(
      'invalid-url',
      'The address of a server ends before any “?” or “#”. A key belongs in its own field. Nothing was changed.',
    )
  if (isRefusedPort(url.port))
    return fail('address-refused', `Port ${url.port} belongs to another kind of server. Nothing was changed.`)
  const address = literalAddress(url.hostname)
  if (
    address !== null &&
    ['linkLocal', 'unspecified', 'multicast', 'broadcast'].includes(ipaddr.parse(address).range())
  )
    return fail('address-refused', `No server of models can be at ${url.host}. Nothing was changed.`)
  if (url.protocol === 'http:' && !isOwnHost(url.hostname))
    return fail(
      'address-refused',
      `${url.host} is not on your own network, so its address must begin with https://: without it everybody on the way could read your key. Nothing was changed.`,
    )
  const path = url.pathname.replace(/\/+$/, '').replace(/\/(chat\/completions|completions|models)$/, '')
  return ok(`${url.origin}${path}`)
}
