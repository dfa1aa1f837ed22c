import { randomBytes } from 'node:crypto'
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
      tx.run('INSERT INTO settings (name, value_json, updated_at_ms) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING', [
        name,
        JSON.stringify(randomBytes(bytes).toString('hex')),
        nowMs,
      ])
      const row = tx.get<{ value_json: string }>('SELECT value_json FROM settings WHERE name = ?', [name])
      return JSON.parse(row!.value_json) as string
    })
  return { profileId: readOrMake('profile.id', 12), salt: Buffer.from(readOrMake('profile.salt', 32), 'hex') }
}
