const named: Readonly<Record<string, string>> = {
  amp: '&',
  colon: ':',
  sol: '/',
  Tab: '\t',
  NewLine: '\n',
  lt: '<',
  gt: '>',
}

const decodeEntities = (text: string): string =>
  text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name) return named[name] ?? whole
      const code = hex ? Number.parseInt(hex, 16) : Number(decimal)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
    },
  )

/** An address in a form that no Markdown reader, plugin or template engine can take for anything else. */
export const inertUrl = (href: string): string =>
  href.replace(/%%/g, '%25%25').replace(/[\s()<>[\]`$|\\^{}"]/g, percent)

const percent = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')

/** The destination of a link as it may stand in a note, or null: http(s) and mailto without credentials, and times. */
export function allowedDestination(raw: string): string | null {
  const unwrapped = raw.startsWith('<') && raw.endsWith('>') ? raw.slice(1, -1) : raw
  const decoded = decodeEntities(unwrapped.replace(/\\([!-/:-@[-`{-~])/g, '$1')).trim()
  if (/^#t=\d{1,7}(?:\.\d{1,3})?(?:,\d{1,7}(?:\.\d{1,3})?)?$/.test(decoded)) return decoded
  if (!/^(?:https?:\/\/|mailto:)/i.test(decoded) || !URL.canParse(decoded)) return null
  const url = new URL(decoded)
  return url.username === '' && url.password === '' ? inertUrl(url.href) : null
}
