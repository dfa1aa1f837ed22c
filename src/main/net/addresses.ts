import ipaddr from 'ipaddr.js'

/** Reached from any Azure machine, although it lies in the public range: the platform's metadata channel. */
const publicButInternal = new Set(['168.63.129.16'])

/**
 * Whether a socket may be opened to this address without the user's leave: public unicast only. IPv4 addresses inside
 * IPv6 (mapped, NAT64, 6to4, Teredo) are refused too, since they lead wherever the inner address says.
 * @param address as the resolver gave it; IPv6 without brackets
 */
export function isPublicAddress(address: string): boolean {
  // A zone id names an interface of this machine.
  if (address.includes('%') || !ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast' || publicButInternal.has(parsed.toString())) return false
  // 2000::/3 is all of IPv6 that was ever given out.
  return parsed.kind() === 'ipv4' || ((parsed as ipaddr.IPv6).parts[0]! & 0xe000) === 0x2000
}

/** @param hostname of a WHATWG URL, which has already turned `0x7f.1` and `2130706433` into dotted form */
export function literalAddress(hostname: string): string | null {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  return ipaddr.isValid(bare) ? bare : null
}

/** Names that mean this machine or its network whatever the resolver says (RFC 6761, RFC 6762, RFC 8375). */
export function isLocalName(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.+$/, '')
  return name === '' || /(^|\.)(localhost|localdomain|local|internal|home\.arpa)$/.test(name)
}
