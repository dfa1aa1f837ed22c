import { randomBytes } from 'node:crypto'
import type { Clock, Ids } from './ports.ts'

/** UUIDv7 (RFC 9562): 48 bits of time, a 12-bit counter so that ids of one millisecond sort, 62 random bits. */
export function createIds(clock: Clock): Ids {
  let lastMs = 0
  let counter = 0
  return {
    next() {
      const now = clock.now()
      if (now > lastMs) {
        lastMs = now
        counter = randomBytes(1)[0]!
      } else if (++counter > 0xfff) {
        // A clock that stands still or went back: borrow the next millisecond.
        lastMs += 1
        counter = 0
      }
      const bytes = randomBytes(16)
      bytes.writeUIntBE(lastMs, 0, 6)
      bytes.writeUInt16BE(0x7000 | counter, 6)
      bytes[8] = (bytes[8]! & 0x3f) | 0x80
      return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
    },
  }
}
