const suspect = /[<&]|\]\]>/
const reference = /&(?:#(\d{1,8})|#[xX]([\dA-Fa-f]{1,7})|([A-Za-z][A-Za-z0-9]{1,31}));|[&<]|\]\]>/g
const surrogatePair = /&#(?:x(d[89ab][\da-f]{2})|(5[5-6]\d{3}));&#(?:x(d[c-f][\da-f]{2})|(5[6-7]\d{3}));/gi
const xmlEntities = new Set(['amp', 'lt', 'gt', 'quot', 'apos'])

/** An emoji whose two halves were written as two references. */
function joinSurrogates(text: string, onMend: (at: number) => void): string {
  if (!text.includes('&#')) return text
  return text.replace(surrogatePair, (whole, highHex, high, lowHex, low, at: number) => {
    const pair = [
      highHex ? Number.parseInt(highHex, 16) : Number(high),
      lowHex ? Number.parseInt(lowHex, 16) : Number(low),
    ]
    const joined = String.fromCharCode(...pair)
    if (!joined.isWellFormed()) return whole
    onMend(at)
    return joined
  })
}

/** What a numeric reference stands for: itself where XML allows it, nothing for controls, U+FFFD for no character. */
function mendReference(code: number): string | null {
  if (
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd)
  )
    return null
  if (code >= 0x10000 && code <= 0x10ffff) return null
  return code > 0 && code < 0x20 ? '' : '\ufffd'
}

/**
 * Text between tags (or of an attribute) as XML wants it: stray `<` and `&` escaped, references that name nothing or no
 * character replaced. Names stay: the parser behind knows HTML's, and leaves the others as they are.
 */
export function mendText(text: string, onMend: (at: number) => void): string {
  if (!suspect.test(text)) return text
  return joinSurrogates(text, onMend).replace(reference, (whole, decimal, hex, name, at: number) => {
    if (name !== undefined) {
      if (!xmlEntities.has(name)) onMend(at)
      return whole
    }
    if (decimal !== undefined || hex !== undefined) {
      const mended = mendReference(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal))
      if (mended !== null) onMend(at)
      return mended ?? whole
    }
    onMend(at)
    return whole === '<' ? '&lt;' : whole === '&' ? '&amp;' : ']]&gt;'
  })
}

const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** Characters that XML cannot hold, gone; lines stay where they are. */
export function dropControls(text: string, onMend: (at: number) => void): string {
  if (text.search(controls) < 0) return text.toWellFormed()
  let dropped = 0
  return text
    .replace(controls, (_, at: number) => {
      onMend(at - dropped)
      dropped += 1
      return ''
    })
    .toWellFormed()
}
