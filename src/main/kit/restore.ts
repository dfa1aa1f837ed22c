import { fail, ok, type Result } from '#shared/result.ts'
import type { SecretSubjects } from '../credentials/secret-subjects.ts'
import type { Credentials } from '../credentials/service.ts'
import type { KitContent } from './content.ts'
import { marksKeySubject } from './marks.ts'
import { keychainUnavailable, readSecrets } from './secrets.ts'

export type RestoreFailure = 'keychain-unavailable' | 'other-profile' | 'not-kept'
export interface RestoredKit {
  readonly set: number
  readonly wanted: number
  readonly here: readonly string[]
  readonly kept: number
  readonly otherProfile: boolean
}
type Secrets = KitContent['secrets']
type Subjects = Required<SecretSubjects>

/** What of a kit is not in the keychain, or there with another value. */
export async function compareKit(
  { secrets }: KitContent,
  credentials: Credentials,
  subjects: Subjects,
): Promise<Result<{ missing: Secrets; different: Secrets }, 'keychain-unavailable'>> {
  const missing: Secrets = []
  const different: Secrets = []
  for (const one of secrets) {
    const stored = await credentials.getStored(one.subject)
    if (!stored.ok) return stored
    // A newer one that lives in this session only must not be lost to the kit's.
    const inUse = stored.value === null ? await credentials.get(one.subject) : stored
    if (!inUse.ok) return inUse
    const essence = (secret: string): string => subjects.essence(one.subject, secret)
    if (inUse.value !== null && essence(inUse.value) !== essence(one.secret)) different.push(one)
    else if (stored.value === null) missing.push(one)
  }
  return ok({ missing, different })
}

/**
 * Sets what is missing, with `replace` also what differs, and reads each back. The secrets stay with the profile they
 * belong to, whose name is part of their place in the keychain: those of another profile wait there for its backup. They
 * are refused where this profile has secrets of its own, since the person most likely chose the wrong file.
 * @returns `set`: how many were written; `here`: subjects that are in the keychain as the kit has them; `wanted`: more than
 * `set` when the keychain stopped taking them
 */
export async function restoreKit(
  kit: KitContent,
  deps: {
    profileId: string
    credentialsOf: (profileId: string) => Credentials
    subjects: Subjects
    replace: boolean
  },
): Promise<Result<RestoredKit, Exclude<RestoreFailure, 'not-kept'>>> {
  const { profileId, credentialsOf, subjects, replace } = deps
  const credentials = credentialsOf(kit.profileId)
  const locked = keychainUnavailable('Nothing was restored.')
  if (!(await credentials.keychainAvailable())) return locked
  const otherProfile = kit.profileId !== profileId
  if (otherProfile) {
    const own = await readSecrets(credentialsOf(profileId), subjects)
    if (!own.ok) return locked
    if (own.value.secrets.length > 0)
      return fail(
        'other-profile',
        `This kit was made by another profile of Inkwell, and this one has ${own.value.secrets.length} secrets of its own. Nothing was changed. Restore that profile’s backup first, then the kit; or choose the kit of this profile.`,
      )
  }
  const compared = await compareKit(kit, credentials, subjects)
  if (!compared.ok) return locked
  const { missing, different } = compared.value
  const wanted = replace ? [...missing, ...different] : missing
  const others = new Set([...missing, ...different].map(({ subject }) => subject))
  const here = kit.secrets.map(({ subject }) => subject).filter((subject) => !others.has(subject))
  let set = 0
  for (const { subject, secret } of wanted) {
    const kept = await credentials.set(subject, secret, 'keychain')
    const back = kept.ok ? await credentials.getStored(subject) : kept
    if (!kept.ok || !back.ok || back.value !== secret) break
    here.push(subject)
    set += 1
  }
  // Without it this computer could not tell whether the kit is still complete; with it nothing else can be done.
  const key = await credentials.getStored(marksKeySubject)
  if (key.ok && key.value === null) await credentials.set(marksKeySubject, kit.marksKey, 'keychain')
  return ok({ set, wanted: wanted.length, here, kept: replace ? 0 : different.length, otherProfile })
}
