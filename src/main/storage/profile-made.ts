import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { forgetTrailHead } from './trail-head.ts'
import { type FileSystem, writeFileAtomic } from './write-file.ts'

/** Made once the profile has a database: from then on none, or an empty one, is a loss. */
const fileName = 'profile-made.json'
const Made = z.object({ schema_version: z.literal(1), profile_id: z.string().optional() })

/** The profile's id, as its database had it when it was last sound; null when nobody knows. */
export function profileIdBeside(profilePath: string): string | null {
  try {
    return Made.parse(JSON.parse(readFileSync(join(profilePath, fileName), 'utf8'))).profile_id ?? null
  } catch {
    return null
  }
}

/** Whether the profile had a database before. */
export const wasMade = (profilePath: string): boolean =>
  existsSync(join(profilePath, fileName)) || hasTraces(profilePath)

/** Things that only a profile in use has; for one from before the file. */
const hasTraces = (profilePath: string): boolean =>
  ['blobs', 'media', 'artwork', 'keep', 'ballast'].some((name) => existsSync(join(profilePath, name))) ||
  readdirSync(profilePath).some((name) => name.startsWith('inkwell.db.before-v'))

/** Written only when it says something else. */
export async function rememberMade(profilePath: string, profileId: string | null, fs: FileSystem): Promise<void> {
  const path = join(profilePath, fileName)
  const before = profileIdBeside(profilePath)
  if (existsSync(path) && (profileId === null || profileId === before)) return
  // Somebody put another profile's database here: its trail is another one.
  if (before !== null) await forgetTrailHead(profilePath, fs)
  const made = { schema_version: 1, ...(profileId === null ? {} : { profile_id: profileId }) }
  await writeFileAtomic(path, `${JSON.stringify(made)}\n`, { fs, mode: 0o600 })
}
