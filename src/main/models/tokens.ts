/**
 * How many tokens a text may be, from its characters, without asking anybody. Not measured: wide on purpose around the
 * providers' own rules of thumb (about 4 characters of English a token, about 1 token a Chinese character), since
 * tokenizers differ by a third and other languages take more. Characters a token: ASCII 2.6 to 4.8, other alphabets 1.2
 * to 3; Chinese, Japanese and Korean 0.65 to 1.6 tokens a character. The high end is what is held against limits.
 */
export function estimateTokens(text: string): readonly [low: number, high: number] {
  let plain = 0
  let dense = 0
  let other = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x80) plain++
    else if (isDense(code)) dense++
    else other++
  }
  return [
    Math.ceil(plain / 4.8 + other / 3 + dense * 0.65),
    Math.ceil(plain / 2.6 + other / 1.2 + dense * 1.6) + perMessageTokens,
  ]
}

/** Kana, Han and Hangul. */
const isDense = (code: number): boolean =>
  (code >= 0x2e80 && code <= 0x9fff) || (code >= 0xa960 && code <= 0xd7ff) || (code >= 0xf900 && code <= 0xfaff)

/** What a provider adds around each message (roles, separators). */
const perMessageTokens = 20
