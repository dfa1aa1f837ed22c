import { ownSecrets, type PrivateEntry } from './private-entry.ts'
import { mask, secretsOfQuery } from './url-secrets.ts'

/** Distinct secrets of episodes' addresses that are kept; a keychain entry is no place for thousands. */
export const maxItemSecrets = 50
const dropped = '{secret:?}'
const placeholder = /\{secret:(\d+|\?)\}/g

/** For display and for notes: placeholders become dots. */
export const maskPlaceholders = (text: string): string =>
  text.includes('{secret:') ? text.replace(placeholder, mask) : text
export const hasPlaceholder = (text: string): boolean => /\{secret:(?:\d+|\?)\}/.test(text)

/** Null when a secret of it is not kept any more: the feed must be refreshed first. */
export function openPlaceholders(text: string, entry: PrivateEntry): string | null {
  let missing = false
  const opened = text.replace(placeholder, (_, id: string) => {
    const slot = entry.slots.find((candidate) => String(candidate.id) === id)
    if (!slot) missing = true
    return slot?.value ?? ''
  })
  return missing ? null : opened
}

export interface SecretBook {
  /** An address of an item with every secret in it replaced by `{secret:n}`; new secrets are taken into the book. */
  hideInUrl(url: string): string
  hideInText(text: string): string
  /** With the slots used, and of the older ones as many as there is room for. */
  entry(): PrivateEntry
}

/** Replaces secrets in what is about to be stored. The newest items go first: they get the slots. */
export function openSecretBook(before: PrivateEntry): SecretBook {
  const own = ownSecrets(before)
  const slotsByValue = new Map(before.slots.map((slot) => [slot.value, slot]))
  const used = new Set<number>()
  let nextSlot = before.nextSlot
  let usedItemSecrets = 0
  // A short password may be a word of the language: it is hidden where an address holds it, not in the show notes.
  const anywhere = own.filter((secret) => secret.length >= 8 || (secret.length >= 5 && /[^\p{L}]/u.test(secret)))
  let pattern = patternOf(anywhere)

  const slotFor = (value: string): string => {
    const isOwn = own.includes(value)
    const known = slotsByValue.get(value)
    if (known && used.has(known.id)) return `{secret:${known.id}}`
    if (!isOwn && usedItemSecrets >= maxItemSecrets) return dropped
    const slot = known ?? { id: nextSlot++, value, own: isOwn }
    slotsByValue.set(value, slot)
    used.add(slot.id)
    if (!isOwn) usedItemSecrets += 1
    return `{secret:${slot.id}}`
  }
  const hideKnown = (text: string): string => (pattern ? text.replace(pattern, slotFor) : text)

  return {
    hideInUrl: (address) => {
      const harmless = address.replaceAll('{secret:', '%7Bsecret:')
      const { text, login } = splitLogin(harmless)
      const found = secretsOfQuery(text).filter((secret) => !own.includes(secret))
      if (found.length > 0 && found.some((secret) => !slotsByValue.has(secret) || !anywhere.includes(secret))) {
        for (const secret of found) if (secret.length >= 8 && !anywhere.includes(secret)) anywhere.push(secret)
        pattern = patternOf(anywhere)
      }
      const parts = text.split(/([/?&;=#])/)
      const exact = new Set([...own, ...found])
      const hidden = parts.map((part) => (exact.has(part) ? slotFor(part) : hideKnown(part))).join('')
      return login ? hidden.replace('://', `://${slotFor(login)}@`) : hidden
    },
    hideInText: (text) =>
      hideKnown(text.replaceAll('{secret:', '{ secret:')).replace(/https?:\/\/[^\s"'<>]+/g, (address) =>
        secretsOfQuery(address.replaceAll('&amp;', '&')).reduce(
          (hidden, secret) =>
            // What is left of it beside a secret that was known is one too.
            secret.replace(placeholder, '') === '' ? hidden : hidden.replaceAll(secret, dropped),
          address,
        ),
      ),
    entry: () => {
      const all = [...slotsByValue.values()].sort((a, b) => b.id - a.id)
      const olderRoom = maxItemSecrets - usedItemSecrets
      const older = all.filter((slot) => !used.has(slot.id) && !slot.own).slice(0, Math.max(0, olderRoom))
      const ownSlots = all.filter((slot) => slot.own).slice(0, 40)
      const items = all.filter((slot) => used.has(slot.id) && !slot.own)
      return { ...before, nextSlot, slots: [...ownSlots, ...items, ...older].sort((a, b) => a.id - b.id) }
    },
  }
}

function splitLogin(address: string): { text: string; login: string | null } {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#@\s]+(?:@[^/?#@\s]*)*)@(?=[^/?#]*)/i.exec(address)
  if (!match) return { text: address, login: null }
  return { text: match[1]! + address.slice(match[0].length), login: match[2]! }
}

function patternOf(secrets: readonly string[]): RegExp | null {
  if (secrets.length === 0) return null
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length)
  return new RegExp(longestFirst.map((secret) => secret.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g')
}
