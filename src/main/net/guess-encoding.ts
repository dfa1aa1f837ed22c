import { analyse } from 'chardet'

/** Enough to tell an alphabet by. */
const sampleBytes = 65_536
const western = /^(?:ASCII|UTF-8|ISO-8859-1|windows-1252)$/

/**
 * The encoding of bytes that are no UTF-8 and that nobody labelled, as a label of TextDecoder; Windows-1252 unless
 * another is clearly likelier.
 */
export function guessEncoding(bytes: Uint8Array): string {
  const matches = analyse(foreignWords(bytes))
  const [best] = matches
  if (!best || western.test(best.name)) return 'windows-1252'
  const westernConfidence = Math.max(
    0,
    ...matches.filter(({ name }) => western.test(name)).map((match) => match.confidence),
  )
  if (best.confidence < 30 || best.confidence < westernConfidence + 10) return 'windows-1252'
  try {
    new TextDecoder(best.name, { fatal: true }).decode(bytes)
    return best.name
  } catch {
    return 'windows-1252' // unknown here, or bytes that it cannot have
  }
}

/** Words with letters beyond ASCII: the rest is English, or marks, and would speak for Western Europe. */
function foreignWords(bytes: Uint8Array): Uint8Array {
  const sample = new Uint8Array(sampleBytes)
  let length = 0
  let wordStart = 0
  let isForeign = false
  for (let at = 0; at <= bytes.length && length < sampleBytes; at += 1) {
    const byte = bytes[at] ?? 0x20
    if (byte > 0x7f) isForeign = true
    // Blanks and angle brackets are no second byte of any of these encodings.
    if (byte > 0x20 && byte !== 0x3c && byte !== 0x3e) continue
    if (isForeign) {
      const word = bytes.subarray(wordStart, Math.min(at, wordStart + sampleBytes - length - 1))
      sample.set(word, length)
      length += word.length + 1
      sample[length - 1] = 0x20
    }
    wordStart = at + 1
    isForeign = false
  }
  return sample.subarray(0, length)
}
