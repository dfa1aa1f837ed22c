import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Agent } from 'undici'
import { isPublicAddress } from './addresses.ts'

export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>

export interface Limits {
  /** Name resolution and TLS included. */
  readonly connectMs: number
  /** Between two bytes, also before the first. */
  readonly idleMs: number
  /** The whole request with its redirects. */
  readonly totalMs: number
  readonly headerBytes: number
  readonly redirects: number
}

export class AddressRefusedError extends Error {
  readonly code = 'INKWELL_ADDRESS_REFUSED'
}

export const systemResolve: Resolve = (hostname) =>
  new Promise((resolve, reject) =>
    systemLookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses))),
  )

/**
 * The lookup of the socket itself. It hands on only addresses that were checked, so that no second answer of the
 * resolver (DNS rebinding) can reach the socket.
 */
export function checkedLookup(resolve: Resolve, isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (found) => {
        const wanted = found.filter((each) => !options.family || each.family === Number(options.family))
        const allowed = wanted.filter((each) => isAllowed(each.address))
        const first = allowed[0]
        if (first === undefined) {
          const error: NodeJS.ErrnoException = wanted.length
            ? new AddressRefusedError(`${hostname} leads to an address that is refused`)
            : Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' })
          return options.all ? callback(error, []) : callback(error, '', 0)
        }
        if (options.all) callback(null, [...allowed])
        else callback(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    )
  }
}

export interface Agents {
  /** Public addresses only. */
  readonly checked: Agent
  /** For hosts that the user allowed. Apart, because a pooled connection is not looked up again. */
  readonly local: Agent
  close(): Promise<void>
}

/** @param ca further certificate authorities to trust, PEM */
export function createAgents(limits: Limits, options: { resolve?: Resolve; ca?: string }): Agents {
  const agent = (isAllowed: (address: string) => boolean): Agent =>
    new Agent({
      // Servers that reset HTTP/2 streams of unknown clients answer over HTTP/1.1.
      allowH2: false,
      autoSelectFamily: true,
      headersTimeout: limits.idleMs,
      bodyTimeout: limits.idleMs,
      maxHeaderSize: limits.headerBytes,
      keepAliveTimeout: 4_000,
      connect: {
        timeout: limits.connectMs,
        lookup: checkedLookup(options.resolve ?? systemResolve, isAllowed),
        ...(options.ca === undefined ? {} : { ca: options.ca }),
      },
    })
  const checked = agent(isPublicAddress)
  const local = agent(() => true)
  return {
    checked,
    local,
    close: async () => {
      await Promise.all([checked.destroy(), local.destroy()])
    },
  }
}
