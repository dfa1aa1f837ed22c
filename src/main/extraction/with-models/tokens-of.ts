/**
 * How many tokens a text is about, without any model's own counter: English has 4 to 5 letters a token, other alphabets
 * about 2, Chinese and Japanese about one character.
 */
export function tokensOf(text: string): { readonly low: number; readonly high: number } {
  let latin = 0
  let wide = 0
  let other = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x80) latin++
    else if (code >= 0x2e80 && code < 0xd7b0) wide++
    else other++
  }
  return {
    low: Math.ceil(latin / 4.8 + other / 3.5 + wide * 0.7),
    high: Math.ceil(latin / 3.3 + other / 1.6 + wide * 1.4),
  }
}
