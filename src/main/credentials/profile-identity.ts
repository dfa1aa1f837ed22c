import { randomBytes } from 'node:crypto'
import { readSetting, writeSetting } from '../settings/store.ts'
import type { Storage } from '../storage/storage.ts'

export interface ProfileIdentity {
  /** Names this profile's keychain entries; random, so it tells nothing about the user. */
  readonly profileId: string
  /** For hashes of private addresses: without it a hash in a stolen database could be compared with known addresses. */
  readonly salt: Buffer
}

/** Made once per profile and kept in its database, so that a moved profile keeps its keychain entries. */
export function readProfileIdentity(storage: Storage, nowMs: number): ProfileIdentity {
  const readOrMake = (name: string, bytes: number): string =>
    storage.writeUnaudited((tx) => {
      const known = readSetting(tx, name)
      if (typeof known === 'string') return known
      const made = randomBytes(bytes).toString('hex')
      writeSetting(tx, name, made, nowMs)
      return made
    })
  return { profileId: readOrMake('profile.id', 12), salt: Buffer.from(readOrMake('profile.salt', 32), 'hex') }
}
