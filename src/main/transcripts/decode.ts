import { guessEncoding } from '../net/guess-encoding.ts'

export interface Decoded {
  readonly text: string
  readonly encoding: string
  readonly warnings: string[]
}

const decoder = (encoding: string, fatal = false): TextDecoder => new TextDecoder(encoding, { fatal })

/** UTF-16 without a mark: nearly every second byte of Latin text is zero. */
function utf16WithoutMark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const length = Math.min(bytes.length, 4096) & ~1
  if (length < 4) return null
  let even = 0
  let odd = 0
  for (let at = 0; at < length; at += 2) {
    if (bytes[at] === 0) even += 1
    if (bytes[at + 1] === 0) odd += 1
  }
  const pairs = length / 2
  if (odd > pairs * 0.4 && even < pairs * 0.1) return 'utf-16le'
  if (even > pairs * 0.4 && odd < pairs * 0.1) return 'utf-16be'
  return null
}

/** Bytes as text, by mark, then by what decodes. Never throws. */
export function decodeText(bytes: Uint8Array): Decoded {
  const done = (encoding: Decoded['encoding'], text: string, warnings: string[] = []): Decoded => ({
    encoding,
    text,
    warnings,
  })
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return done('utf-16le', decoder('utf-16le').decode(bytes))
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return done('utf-16be', decoder('utf-16be').decode(bytes))
  const wide = utf16WithoutMark(bytes)
  if (wide) return done(wide, decoder(wide).decode(bytes))
  try {
    return done('utf-8', decoder('utf-8', true).decode(bytes))
  } catch {
    const lossy = decoder('utf-8').decode(bytes)
    const broken = lossy.split('\ufffd').length - 1
    let whole = 0
    for (let at = 0; at < lossy.length; at++) if (lossy.charCodeAt(at) > 0x7f) whole += 1
    whole -= broken
    // UTF-8 with a torn end or a few bad bytes has many more whole characters than broken ones.
    if (broken <= Math.max(1, whole / 20) && whole > 0)
      return done('utf-8', lossy, [`Some characters were damaged (${broken}) and are shown as �.`])
    const guess = guessEncoding(bytes)
    const name = guess.replace(/^w/, 'W')
    return done(guess, decoder(guess).decode(bytes), [`It was read as ${name} text.`])
  }
}

/** Whether decoded bytes are text at all: zero bytes and control characters tell programs and media from words. */
export function looksBinary(text: string): boolean {
  const head = text.slice(0, 65_536)
  let strange = 0
  for (let at = 0; at < head.length; at++) {
    const code = head.charCodeAt(at)
    if (code < 9 || (code > 13 && code < 32 && code !== 27) || code === 0xfffd || code === 0x7f) strange += 1
  }
  return strange > 8 && strange > head.length * 0.02
}
