import { learnable, patternOf } from './known-secrets.ts'
import { mask, type SecretForm, secretForms } from './redact-forms.ts'

/** Takes secrets out of whatever is about to be logged or handed on. */
export interface Redactor {
  text(text: string): string
  /** Plain data with every string in it redacted, keys included; never throws, ends for circular and endless values. */
  value(value: unknown): unknown
  /** From now on this one is taken out wherever it stands, in every spelling. Held in memory only. */
  learn(secret: string): void
}

const maxInput = 20_000
const maxOutput = 4_000
const maxDepth = 8
const maxItems = 100
const maxKnown = 2_000

const secretKey =
  /pass(?:word|wort|phrase|wd|code)|pwd|secret|token|authorization|^auth$|api[-_]?key|access[-_]?key|private[-_]?key|cookie|credential|^(?:x-)?[\w-]*signature$|^sid$|^jwt$|^words$/i
/** Facts about secrets, not secrets: `secretStorage: 'keychain'`, `tokensIn: 512`. */
const factKey = /(?:Storage|Count|Kept|FromStdin|State|Missing|Names?)$|^tokens(?:In|Out|$)/
const isSecretKey = (key: string): boolean => secretKey.test(key) && !factKey.test(key)

/** @param forms fewer only in tests, to see that a form that is missed is noticed */
export function createRedactor({ forms = secretForms }: { forms?: readonly SecretForm[] } = {}): Redactor {
  const known = new Set<string>()
  let pattern: RegExp | null = null

  const text = (input: string): string => {
    let out = input
    if (out.length > maxInput) {
      // Cut where a word ends: half a secret would not be recognised.
      const end = out.lastIndexOf(' ', maxInput)
      out = end > 0 ? out.slice(0, end) : `[${input.length} characters]`
    }
    if (pattern) out = out.replace(pattern, mask)
    for (const form of forms) out = form.hide(out)
    return out
  }
  const short = (input: string): string => {
    const out = text(input)
    return out.length > maxOutput ? `${out.slice(0, maxOutput)}…` : out
  }

  const entriesOf = (
    entries: Iterable<readonly [unknown, unknown]>,
    depth: number,
    path: readonly object[],
  ): object => {
    const found: Record<string, unknown> = {}
    let count = 0
    for (const [key, item] of entries) {
      if (++count > maxItems) break
      const name = String(key)
      Object.defineProperty(found, short(name), {
        value: isSecretKey(name) ? hidden(name, item) : value(item, depth + 1, path),
        enumerable: true,
        configurable: true,
        writable: true,
      })
    }
    return found
  }

  const value = (item: unknown, depth = 0, path: readonly object[] = []): unknown => {
    if (typeof item === 'string') return short(item)
    if (typeof item === 'bigint') return String(item)
    if (typeof item === 'function' || typeof item === 'symbol') return `[${typeof item}]`
    if (typeof item !== 'object' || item === null) return item
    if (path.includes(item)) return '[circular]'
    if (depth > maxDepth) return '[deeper]'
    const inside = [...path, item]
    if (ArrayBuffer.isView(item) || item instanceof ArrayBuffer) return `[${item.byteLength} bytes]`
    if (item instanceof Date) return Number.isNaN(item.getTime()) ? 'no date' : item.toISOString()
    if (item instanceof URL) return short(item.href)
    if (item instanceof Error) {
      const { name, message, stack, cause } = item
      const more = Object.entries(item).filter(([key]) => !['name', 'message', 'stack', 'cause'].includes(key))
      return {
        name: short(String(name)),
        message: short(String(message)),
        ...(stack === undefined ? {} : { stack: short(String(stack)) }),
        ...entriesOf(more, depth, inside),
        ...(item instanceof AggregateError ? { errors: value(item.errors, depth + 1, inside) } : {}),
        ...(cause === undefined ? {} : { cause: value(cause, depth + 1, inside) }),
      }
    }
    if (Array.isArray(item) || item instanceof Set)
      return [...item].slice(0, maxItems).map((one, at, all) => {
        // Names and values in turn, as headers come from Node.
        const before = all[at - 1]
        return typeof before === 'string' && before.length < 60 && isSecretKey(before) && typeof one === 'string'
          ? mask
          : value(one, depth + 1, inside)
      })
    if (item instanceof Map || item instanceof Headers || item instanceof URLSearchParams)
      return entriesOf(item as Iterable<[unknown, unknown]>, depth, inside)
    if ('toJSON' in item && typeof item.toJSON === 'function') return value(item.toJSON(), depth + 1, inside)
    const names = Object.entries(item)
    const label = names.find(([key, one]) => /^(?:name|key|header)$/i.test(key) && typeof one === 'string')?.[1]
    return entriesOf(
      // {name: 'authorization', value: …}
      typeof label === 'string' && isSecretKey(label)
        ? names.map(([key, one]) => [key, /^values?$/i.test(key) ? mask : one] as const)
        : names,
      depth,
      inside,
    )
  }

  return {
    text,
    value: (item) => {
      try {
        return value(item)
      } catch {
        // A getter that throws: what it is about is not worth a line that fails.
        return '[unreadable]'
      }
    },
    learn: (secret) => {
      const before = known.size
      for (const spelling of learnable(secret)) known.add(spelling)
      if (known.size === before) return
      while (known.size > maxKnown) known.delete(known.values().next().value!)
      pattern = patternOf(known)
    },
  }
}

/** Under a telling name only a yes or no stays, and how many there are. */
const hidden = (name: string, item: unknown): unknown =>
  typeof item === 'boolean' || item === null || item === undefined || (typeof item === 'number' && name.endsWith('s'))
    ? item
    : mask

const plain = createRedactor()

/** By form alone, without what a running Inkwell has learned. */
export const redactText = (text: string): string => plain.text(text)
