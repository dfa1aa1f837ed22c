import { gunzipSync } from 'node:zlib'
import { fail, ok, type Result } from '#shared/result.ts'
import { guessEncoding } from '../../net/guess-encoding.ts'
import { limits } from './types.ts'

export const tooBig = () =>
  fail(
    'refused',
    'The feed is larger than 20 MB, the limit for one. It was not read, and what was there before is kept.',
  )

/** Unpacks a file that is gzip itself, whatever its headers said; once. */
export function unpack(bytes: Uint8Array): Result<Uint8Array, 'refused' | 'broken'> {
  if (bytes.length > limits.feedBytes) return tooBig()
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return ok(bytes)
  try {
    return ok(gunzipSync(bytes, { maxOutputLength: limits.feedBytes }))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooBig()
    return fail('broken', 'The feed is packed and damaged. What was there before is kept.', { retryable: true })
  }
}

const decoderFor = (label: string | null, fatal: boolean): TextDecoder | null => {
  try {
    return label === null ? null : new TextDecoder(label.trim(), { fatal })
  } catch {
    return null // a name nobody knows, or UTF-7, which no decoder has for good reason
  }
}

const decodeStrictly = (bytes: Uint8Array, label: string | null): string | null => {
  try {
    return decoderFor(label, true)?.decode(bytes) ?? null
  } catch {
    return null
  }
}

/** Text in which every second byte is 0 has two bytes a character, whatever it says of itself. */
function sniffUtf16(bytes: Uint8Array): string | null {
  const [first, second, third, fourth] = bytes
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return 'utf-16le'
  if (first === 0 && second !== 0 && third === 0 && fourth !== 0) return 'utf-16be'
  return null
}

/** Whether most of what is not ASCII reads as UTF-8: then single bad bytes are damage, not another encoding. */
function isMostlyUtf8(text: string): boolean {
  let bad = 0
  let good = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === 0xfffd) bad += 1
    else if (code > 0x7f) good += 1
  }
  return good > bad * 4
}

/**
 * Bytes to text, never failing: what cannot be read becomes U+FFFD. What is valid UTF-8 is UTF-8, since nothing else
 * looks like it; then the declaration in the file counts before the header, which is often the server's default.
 */
export function decodeText(bytes: Uint8Array, contentType: string | null): string {
  const wide = sniffUtf16(bytes)
  if (wide !== null) return new TextDecoder(wide).decode(bytes)
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).toString('latin1')
  const declared = /<\?xml[^>]{0,200}?encoding\s*=\s*["']?([\w.:-]+)/i.exec(head)?.[1] ?? null
  const header = /charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType ?? '')?.[1] ?? null
  // A file that begins with `<?xml` in single bytes is not UTF-16, whatever it declares.
  const labels = [declared, header].filter((label) => label !== null && !/^(utf-?16|ucs-?2|iso-10646)/i.test(label))
  // Its bytes are all ASCII, so it would pass as UTF-8.
  const escaped = labels.find((label) => /^(cs)?iso-?2022/i.test(label ?? ''))
  if (escaped) return decoderFor(escaped, false)?.decode(bytes) ?? ''
  const utf8 = decodeStrictly(bytes, 'utf-8')
  if (utf8 !== null) return utf8
  const others = labels.filter((label) => decoderFor(label, false)?.encoding !== 'utf-8')
  for (const label of others) {
    const text = decodeStrictly(bytes, label)
    if (text !== null) return text
  }
  const lenient = new TextDecoder('utf-8').decode(bytes)
  if (isMostlyUtf8(lenient)) return lenient
  const named = others.map((label) => decoderFor(label, false)).find((each) => each)
  return (named ?? new TextDecoder(guessEncoding(bytes))).decode(bytes)
}
