import { lstat, stat, statfs } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { fail, ok } from '#shared/result.ts'
import { type Check, type Found, found } from '../check.ts'
import type { CheckDeps, Disk, LogFacts } from '../ports.ts'
import { healthStore } from '../store.ts'
import { bytesInWords } from '../words.ts'
import { logFindings } from './log.ts'

const lowBytes = 1_000_000_000
const fullBytes = 100_000_000
const dayMs = 86_400_000
const seenReserve = 'ballast'

export const realDisk: Disk = {
  freeBytes: (path) =>
    statfs(path).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => null,
    ),
}

/** A file that is given up when the disk is full. */
export interface Reserve {
  readonly bytes: number
  present(): Promise<boolean>
  /** Makes it again where there is room. Rejects never. */
  make(): Promise<void>
}

export function diskCheck(
  deps: CheckDeps & {
    readonly disk: Disk
    /** Null while no folder is chosen. */
    readonly vaultPath: () => string | null
    readonly ballast: Reserve
    readonly log: LogFacts
    /** Findings of others that belong here, e.g. what storage met at its opening. */
    readonly notices: () => Promise<readonly Found[]> | readonly Found[]
  },
): Check {
  const { profilePath, disk } = deps
  return {
    name: 'disk',
    words: 'Looking at the disk',
    async run(pass) {
      const vault = deps.vaultPath()
      const free = await disk.freeBytes(profilePath)
      const vaultFree = vault === null ? null : await disk.freeBytes(vault)
      const findings: Found[] = [
        ...roomFinding('profile', 'Inkwell’s own folder', profilePath, free),
        ...(vault !== null && !(await sameDisk(vault, profilePath))
          ? roomFinding('vault', 'your notes folder', vault, vaultFree)
          : []),
        ...(await logFindings(deps, deps.log, { diskIsFull: free !== null && free < lowBytes })),
        ...(await syncedFinding(profilePath)),
        ...(await ballastFinding(deps, deps.ballast, free)),
        ...(await deps.notices()),
      ]
      await pass.breathe()
      return {
        title: findings.some(({ id }) => id.startsWith('disk/room')) ? 'Disk' : 'Disk has room',
        facts: free === null ? 'free space is not known' : `${bytesInWords(free)} free`,
        findings,
      }
    },
  }
}

function roomFinding(which: 'profile' | 'vault', words: string, path: string, free: number | null): Found[] {
  if (free === null || free >= lowBytes) return []
  const full = free < fullBytes
  return [
    found({
      id: `disk/room-${which}`,
      severity: full ? 'error' : 'warning',
      title: full
        ? `The disk of ${words} is full: ${bytesInWords(free)} are left.`
        : `The disk of ${words} is nearly full: ${bytesInWords(free)} are left.`,
      detail: `Nothing is lost. ${full ? 'Work that needs room waits.' : 'When it is full, work that needs room waits.'} Make room, or let Inkwell keep less under Retention.`,
      subjects: [path],
      look: full,
      page: 'storage',
    }),
  ]
}

const syncedNames: readonly (readonly [RegExp, string])[] = [
  [/^onedrive( |$|-)/i, 'OneDrive'],
  [/^com~apple~clouddocs$/i, 'iCloud'],
  [/^iclouddrive$/i, 'iCloud'],
  [/^dropbox( |$)/i, 'Dropbox'],
  [/^(google ?drive|googledrive-.*)$/i, 'Google Drive'],
]
const syncedMarks: readonly (readonly [string, string])[] = [
  ['.dropbox', 'Dropbox'],
  ['.dropbox.cache', 'Dropbox'],
  ['.stfolder', 'Syncthing'],
  ['.tmp.drivedownload', 'Google Drive'],
  ['.sync_folder_marker', 'Nextcloud'],
  ['.owncloudsync.log', 'ownCloud'],
]

/** What keeps the profile's folder in step with other computers; null when nothing does. */
export async function syncedBy(profilePath: string): Promise<string | null> {
  for (const part of profilePath.split(sep))
    for (const [pattern, name] of syncedNames) if (pattern.test(part)) return name
  for (let folder = profilePath; ; folder = dirname(folder)) {
    for (const [mark, name] of syncedMarks) {
      // In the home folder itself `.dropbox` holds Dropbox's settings; it marks nothing.
      const there = await lstat(join(folder, mark)).catch(() => null)
      if (there && !(mark === '.dropbox' && there.isDirectory())) return name
    }
    if (folder === dirname(folder)) return null
  }
}

async function syncedFinding(profilePath: string): Promise<Found[]> {
  const by = await syncedBy(profilePath)
  return by === null
    ? []
    : [
        found({
          id: 'disk/profile-synced',
          severity: 'warning',
          title: `Inkwell’s own folder lies in a folder that ${by} keeps in step.`,
          detail:
            'A database that is copied while it is written breaks. Keep your notes folder there, and move Inkwell’s own folder to another place.',
          subjects: [profilePath],
        }),
      ]
}

async function ballastFinding({ storage, clock }: CheckDeps, reserve: Reserve, free: number | null): Promise<Found[]> {
  const seen = healthStore.mark(storage, seenReserve) > 0
  if (await reserve.present()) {
    if (!seen) storage.writeUnaudited((tx) => healthStore.setMark(tx, seenReserve, 1))
    return []
  }
  // It was given up because the disk is full: the finding about room says so.
  if (free !== null && free < lowBytes) return []
  // The app makes it soon after its first start.
  const since = storage.get<{ since: number | null }>('SELECT min(at_ms) AS since FROM audit')?.since ?? clock.now()
  if (!seen && clock.now() - since < dayMs) return []
  return [
    found({
      id: 'disk/ballast',
      severity: 'info',
      title: 'The reserve for a full disk is not there.',
      detail: `It is a file of ${bytesInWords(reserve.bytes)} that Inkwell gives up when the disk is full, so that it can go on writing.`,
      mend: {
        label: 'Make the reserve again',
        prepare: () => ({
          scope: 'Writes one file into Inkwell’s own folder. Nothing else is touched.',
          rows: [{ before: 'missing', after: bytesInWords(reserve.bytes), remark: 'reserve' }],
          perform: async () => {
            await reserve.make()
            return (await reserve.present())
              ? ok('The reserve is there again.')
              : fail('no-reserve', 'The reserve could not be made; the reason is in the log. Nothing else was changed.')
          },
        }),
      },
    }),
  ]
}

const sameDisk = async (one: string, other: string): Promise<boolean> => {
  const [a, b] = await Promise.all([stat(one).catch(() => null), stat(other).catch(() => null)])
  return a === null || b === null || a.dev === b.dev
}
