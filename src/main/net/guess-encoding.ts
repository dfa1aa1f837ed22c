import { analyse } from 'chardet'

/** Enough to tell an alphabet by. */
const sampleBytes = 65_536
const western = /^(?:ASCII|UTF-8|ISO-8859-1|windows-1252)$/

/**
 * The encoding of bytes that are no UTF-8 and that nobody labelled, as a label of TextDecoder; Windows-1252 unless
 * another is clearly likelier.
 */
export function guessEncoding(bytes: Uint8Array): string {
  const firstForeign = bytes.findIndex((byte) => byte > 0x7f)
  const from = Math.max(0, firstForeign - 200)
  const matches = analyse(bytes.subarray(from, from + sampleBytes))
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
