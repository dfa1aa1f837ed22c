import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

export interface NetworkGuard {
  /** Addresses that a name leads to, one list per question; the last one stays. Other names are unknown. */
  readonly names: Map<string, string[][]>
  /** Names that were asked for, in order. */
  readonly asked: string[]
  /** `address:port` of every connection that was tried from this thread. */
  readonly connections: string[]
  restore(): void
}

/**
 * Sees every name and every connection of this thread at Node's own functions, below anything that Inkwell could forget
 * to check. No name leaves the machine.
 */
export function guardNetwork(): NetworkGuard {
  const names = new Map<string, string[][]>()
  const asked: string[] = []
  const connections: string[] = []
  const real = { lookup: dns.lookup, connect: net.Socket.prototype.connect }

  const lookup = (hostname: string, given: unknown, done: (...answer: unknown[]) => void): void => {
    // Servers look up the address they listen on.
    if (net.isIP(hostname)) return void (real.lookup as (...args: unknown[]) => void)(hostname, given, done)
    asked.push(hostname)
    const lists = names.get(hostname)
    const found = (lists && lists.length > 1 ? lists.shift() : lists?.[0]) ?? []
    const answers = found.map((address) => ({ address, family: net.isIPv6(address) ? 6 : 4 }))
    setImmediate(() => {
      if (answers.length === 0) done(Object.assign(new Error(`unknown: ${hostname}`), { code: 'ENOTFOUND' }))
      else if ((given as { all?: boolean }).all) done(null, answers)
      else done(null, answers[0]!.address, answers[0]!.family)
    })
  }
  dns.lookup = lookup as unknown as typeof dns.lookup
  syncBuiltinESMExports()
  net.Socket.prototype.connect = function (this: net.Socket, ...args: never[]) {
    this.on('connectionAttempt', (address: string, port: number) => connections.push(`${address}:${port}`))
    return (real.connect as (...args: never[]) => net.Socket).apply(this, args)
  } as typeof net.Socket.prototype.connect

  return {
    names,
    asked,
    connections,
    restore: () => {
      dns.lookup = real.lookup
      net.Socket.prototype.connect = real.connect
      syncBuiltinESMExports()
    },
  }
}
