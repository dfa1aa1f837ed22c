import { randomBytes } from 'node:crypto'
import { fail, ok, type Result } from '#shared/result.ts'
import type { SecretSubjects } from '../credentials/secret-subjects.ts'
import type { Credentials } from '../credentials/service.ts'
import type { KitContent } from './content.ts'
import { markOf, marksKeySubject } from './marks.ts'

export interface FoundSecrets {
  readonly secrets: KitContent['secrets']
  readonly sessionOnly: number
  /** Listed, and not in the keychain. */
  readonly missing: number
}
type Unavailable = 'keychain-unavailable'

export const keychainUnavailable = (kept: string): Result<never, Unavailable> =>
  fail(
    'keychain-unavailable',
    `The keychain of this computer does not answer, or it is locked. ${kept} Unlock it and try again.`,
    { retryable: true },
  )

/** Everything this profile has in the keychain. All or nothing: a keychain that stops answering gives no part. */
export async function readSecrets(
  credentials: Credentials,
  subjects: Required<SecretSubjects>,
): Promise<Result<FoundSecrets, Unavailable>> {
  const secrets: { subject: string; secret: string }[] = []
  let sessionOnly = 0
  let missing = 0
  for (const { subject, where } of subjects.list()) {
    if (where === 'session') {
      sessionOnly += 1
      continue
    }
    const stored = await credentials.getStored(subject)
    if (!stored.ok) return stored
    if (stored.value === null) missing += 1
    else secrets.push({ subject, secret: stored.value })
  }
  return ok({ secrets, sessionOnly, missing })
}

/** The key of the marks; null while no kit was made. */
export async function readMarksKey(credentials: Credentials): Promise<Result<Buffer | null, Unavailable>> {
  const stored = await credentials.getStored(marksKeySubject)
  return stored.ok ? ok(stored.value === null ? null : Buffer.from(stored.value, 'base64')) : stored
}

export async function takeMarksKey(credentials: Credentials): Promise<Result<Buffer, Unavailable>> {
  const known = await readMarksKey(credentials)
  if (!known.ok) return known
  if (known.value) return ok(known.value)
  const key = randomBytes(32)
  const kept = await credentials.set(marksKeySubject, key.toString('base64'), 'keychain')
  return kept.ok ? ok(key) : keychainUnavailable('Nothing was written.')
}

export const marksOf = (
  { secrets }: Pick<FoundSecrets, 'secrets'>,
  subjects: Required<SecretSubjects>,
  key: Buffer,
): string[] => secrets.map(({ subject, secret }) => markOf(key, subject, subjects.essence(subject, secret)))
