import { secretsOfUrl } from '../feeds/url-secrets.ts'

/** Shorter ones are words of the language, and would be taken out of every sentence. */
const minCharacters = 6

/** Of a keychain entry, which is a secret or JSON around some: what to look for, in each spelling it may be logged in. */
export function learnable(entry: string): string[] {
  const found = new Set<string>()
  const take = (secret: string): void => {
    for (const spelling of spellingsOf(secret)) if (spelling.length >= minCharacters) found.add(spelling)
  }
  for (const { name, text } of leavesOf(entry)) {
    if (name === 'type' || (name === 'username' && !text.includes('@'))) continue
    if (/^https?:\/\//i.test(text) && URL.canParse(text)) for (const part of partsOf(text)) take(part)
    else take(text)
  }
  const pair = pairOf(entry)
  if (pair) take(pair)
  return [...found]
}

/** All of them in one pass, the longest first, so that no end of one is left. */
export const patternOf = (secrets: Iterable<string>): RegExp =>
  new RegExp(
    [...secrets]
      .sort((a, b) => b.length - a.length)
      .map((secret) => secret.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
      .join('|'),
    'gi',
  )

function leavesOf(entry: string): { name: string; text: string }[] {
  const leaves: { name: string; text: string }[] = []
  const walk = (value: unknown, name: string, depth: number): void => {
    if (typeof value === 'string') leaves.push({ name, text: value })
    else if (depth < 8 && typeof value === 'object' && value !== null)
      for (const [key, item] of Object.entries(value)) walk(item, key, depth + 1)
  }
  try {
    walk(JSON.parse(entry), '', 0)
  } catch {
    return [{ name: '', text: entry }]
  }
  return leaves.length > 0 ? leaves : [{ name: '', text: entry }]
}

/** Of a private address: what lets someone in, and its whole path with the query. */
function partsOf(address: string): string[] {
  const url = new URL(address)
  const whole = `${url.pathname}${url.search}`
  const values = [...url.searchParams.values()].filter((value) => value.length >= 8)
  return [url.password, ...secretsOfUrl(address), ...values, ...(whole.length >= 12 ? [whole] : [])]
}

/** As the Basic scheme sends it. */
function pairOf(entry: string): string | null {
  try {
    const { credentials } = JSON.parse(entry) as { credentials?: { username?: unknown; password?: unknown } }
    return typeof credentials?.username === 'string' && typeof credentials.password === 'string'
      ? Buffer.from(`${credentials.username}:${credentials.password}`.normalize('NFC')).toString('base64')
      : null
  } catch {
    return null
  }
}

function spellingsOf(secret: string): string[] {
  const change = (how: (text: string) => string): string => {
    try {
      return how(secret)
    } catch {
      return secret
    }
  }
  return [
    secret,
    change(encodeURIComponent),
    change(encodeURI),
    change(decodeURIComponent),
    change((text) => new URLSearchParams({ x: text }).toString().slice(2)),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
    Buffer.from(secret).toString('hex'),
  ]
}
