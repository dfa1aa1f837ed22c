import type { Credentials } from '#shared/contract/feeds.ts'
import type { Failure, Json } from '#shared/result.ts'

export interface Candidate {
  readonly url: string
  readonly title: string | null
}
export interface AddFeedForm {
  readonly url: string
  readonly username: string
  readonly password: string
  readonly token: string
  readonly useToken: boolean
  readonly allowLocalNetwork: boolean
  readonly sessionOnly: boolean
}
export const emptyForm = (url = ''): AddFeedForm => ({
  url,
  username: '',
  password: '',
  token: '',
  useToken: false,
  allowLocalNetwork: false,
  sessionOnly: false,
})

/** Which fields mend a failure. They stay shown while the address is the same, so that nothing typed goes. */
export interface Mends {
  readonly credentials: boolean
  readonly localNetwork: boolean
  readonly sessionOnly: boolean
  readonly candidates: readonly Candidate[]
}
export const noMends: Mends = { credentials: false, localNetwork: false, sessionOnly: false, candidates: [] }

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Feeds that main found on the page. */
export function candidatesOf(failure: Failure): Candidate[] {
  const list = isObject(failure.details) ? failure.details.candidates : undefined
  if (!Array.isArray(list)) return []
  return list.flatMap((entry) =>
    isObject(entry) && typeof entry.url === 'string'
      ? [{ url: entry.url, title: typeof entry.title === 'string' && entry.title !== '' ? entry.title : null }]
      : [],
  )
}

/** Whether the server asks for a token rather than a name and password. */
export const wantsToken = (failure: Failure): boolean =>
  isObject(failure.details) && failure.details.scheme === 'bearer'

export const mendsAfter = (before: Mends, failure: Failure): Mends => ({
  credentials: before.credentials || ['needs-password', 'invalid-credentials'].includes(failure.code),
  localNetwork: before.localNetwork || (isObject(failure.details) && failure.details.offer === 'allow-local-network'),
  sessionOnly: before.sessionOnly || failure.code === 'keychain-unavailable',
  candidates: candidatesOf(failure),
})

/** The first sentence is said in bold, the rest below it. */
export function splitMessage(message: string): { lead: string; rest: string } {
  const end = /[.!?](?=\s+\p{Lu})/u.exec(message)
  if (!end) return { lead: message, rest: '' }
  return { lead: message.slice(0, end.index + 1), rest: message.slice(end.index + 1).trim() }
}

/** Null while the fields are empty. */
export function credentialsOf(form: AddFeedForm): Credentials | null {
  if (form.useToken) return form.token.trim() === '' ? null : { type: 'bearer', token: form.token.trim() }
  return form.username === '' && form.password === ''
    ? null
    : { type: 'basic', username: form.username, password: form.password }
}

export function requestOf(form: AddFeedForm, mends: Mends) {
  const credentials = mends.credentials ? credentialsOf(form) : null
  return {
    url: form.url.trim(),
    ...(credentials ? { credentials } : {}),
    // A consent counts for the address it was asked for: once its field is gone, so is what it allowed.
    ...(mends.sessionOnly && form.sessionOnly ? { secretStorage: 'session' as const } : {}),
    ...(mends.localNetwork && form.allowLocalNetwork ? { allowLocalNetwork: true } : {}),
  }
}

/** Where a name and password would be sent; null when the text is no address yet. */
export function hostOf(text: string): string | null {
  const typed = text.trim().replace(/^(?:feed|itpc|pcast):(?:\/\/)?/i, '')
  try {
    return new URL(/^https?:/i.test(typed) ? typed : `https://${typed}`).hostname || null
  } catch {
    return null
  }
}
