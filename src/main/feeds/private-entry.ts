import { randomInt } from 'node:crypto'
import { z } from 'zod'
import { Credentials } from '#shared/contract/feeds.ts'
import { secretsOfUrl } from './url-secrets.ts'

const Slot = z.object({
  id: z.number().int().nonnegative(),
  value: z.string().min(1),
  /** A secret of the feed itself; the others came with an episode's address. */
  own: z.boolean(),
})
const Entry = z.object({
  v: z.literal(1),
  url: z.url({ protocol: /^https?$/ }).max(8_192),
  credentials: Credentials.nullable(),
  /** Never used twice, so that an old `{secret:n}` can never open another secret. */
  nextSlot: z.number().int().nonnegative(),
  slots: z.array(Slot).max(200),
})
/** What the keychain holds of a private feed, as JSON in one entry: all that must not be in the database. */
export type PrivateEntry = z.infer<typeof Entry>

export const newEntry = (url: string, credentials: Credentials | null): PrivateEntry => ({
  v: 1,
  url,
  credentials,
  // Anywhere: placeholders of an entry that was lost must not open this one's secrets.
  nextSlot: randomInt(2 ** 40),
  slots: [],
})

/** Null when what the keychain gave back is not an entry of ours. */
export function parseEntry(text: string): PrivateEntry | null {
  try {
    return Entry.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** Secrets of the feed in every spelling in which its items may repeat them. */
export function ownSecrets({ url, credentials }: PrivateEntry): string[] {
  const plain = secretsOfUrl(url)
  if (credentials?.type === 'bearer') plain.push(credentials.token)
  if (credentials?.type === 'basic') {
    const { username, password } = credentials
    plain.push(password, Buffer.from(`${username}:${password}`).toString('base64'))
    if (username.includes('@')) plain.push(username)
  }
  const spellings = plain.flatMap((secret) => [
    secret,
    safely(encodeURIComponent, secret),
    safely(decodeURIComponent, secret),
  ])
  return [...new Set(spellings)].filter((secret) => secret.length > 0)
}

function safely(change: (text: string) => string, text: string): string {
  try {
    return change(text)
  } catch {
    return text
  }
}
