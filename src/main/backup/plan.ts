import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import type { RestorePlan } from '#shared/contract/backup.ts'
import { countsHere } from './database.ts'
import type { BackupDeps } from './deps.ts'
import type { Inspected } from './inspect.ts'
import { flawsOf } from './make.ts'

type Plan = z.infer<typeof RestorePlan>

const words = {
  feeds: 'Feeds',
  episodes: 'Episodes',
  transcripts: 'Transcripts',
  notes: 'Notes',
  interviews: 'Interviews',
  costEntries: 'Entries of the cost history',
  jobs: 'Jobs',
} as const
const counted = (number: number, noun: string): string =>
  `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`

/** What a restore would do, in words. Writes nothing. */
export async function planOf(deps: BackupDeps, inspected: Inspected): Promise<Plan> {
  const { manifest, header, bytes } = inspected
  const here = countsHere(deps.storage)
  const keys = Object.keys(words) as (keyof typeof words)[]
  return {
    madeAtMs: manifest.madeAtMs,
    version: manifest.appVersion,
    encrypted: header.encryption === 'age',
    withMedia: manifest.withMedia,
    bytes,
    rows: keys.map((key) => ({ what: words[key], inBackup: manifest.counts[key], here: here[key] })),
    warnings: [
      ...newerHere(deps, manifest.madeAtMs),
      ...(await missingSecrets(deps, inspected)),
      ...aboutIt(inspected),
    ],
    planToken: randomBytes(18).toString('base64url'),
  }
}

function newerHere({ storage }: BackupDeps, madeAtMs: number): string[] {
  const { changes, newest } = storage.get<{ changes: number; newest: number | null }>(
    "SELECT count(*) AS changes, max(at_ms) AS newest FROM audit WHERE at_ms > ? AND action NOT LIKE 'backup.%'",
    [madeAtMs],
  )!
  if (changes === 0) return []
  return [
    `${counted(changes, 'change')} made here after this backup, the last on ${new Date(newest!).toISOString().slice(0, 16).replace('T', ' at ')} UTC, would not be in use any more. The profile that holds them is kept, and you can switch back to it.`,
  ]
}

async function missingSecrets(deps: BackupDeps, { manifest, privateFeeds }: Inspected): Promise<string[]> {
  const credentials = deps.credentialsOf(manifest.profileId)
  const missing: string[] = []
  for (const { id, title, storage } of privateFeeds)
    if (storage === 'session' || !(await credentials.has(`feed/${id}`))) missing.push(title)
  if (missing.length === 0) return []
  const names = missing.slice(0, 5).join(', ') + (missing.length > 5 ? ' …' : '')
  return [
    `The keychain of this computer lacks the secrets of ${counted(missing.length, 'private feed')}: ${names}. Restore your recovery kit afterwards, or type them in again.`,
  ]
}

function aboutIt({ manifest }: Inspected): string[] {
  const flaws = flawsOf(manifest)
  return [
    ...(flaws === null ? [] : [flaws]),
    ...(manifest.withMedia
      ? []
      : ['Recordings are not in this backup. Those of feeds can be fetched again; dropped files cannot.']),
    'Your notes folder is not touched: notes stay as they are there.',
  ]
}
