import { lstat, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ok } from '#shared/result.ts'
import { makeFolders } from '../../storage/make-folders.ts'
import type { Storage, Transaction } from '../../storage/storage.ts'
import { renameWaiting, syncFolder } from '../../storage/write-file.ts'
import { ChangedMeanwhile, type Check, type Found, found, type Mend } from '../check.ts'
import type { CheckDeps } from '../ports.ts'
import { bytesInWords, count } from '../words.ts'
import { findLeftovers } from './leftovers.ts'

interface Recording {
  readonly episodeId: string
  readonly title: string
  /** Relative to the profile: `media/<sha256>.<extension>`. */
  readonly path: string
  /** 1 where the episode has an address it can be fetched from again. */
  readonly fetchable: number
}
const named = /^media\/([0-9a-f]{64})\.[a-z0-9]+$/
const ownName = /^[0-9a-f]{64}\.[a-z0-9]+$/
/** A younger one may belong to an episode that is about to be made. Milliseconds. */
const settledMs = 86_400_000

export function recordingsCheck(deps: CheckDeps): Check {
  const { storage, profilePath, clock } = deps
  return {
    name: 'recordings',
    words: 'Reading the recordings',
    async run(pass) {
      const recordings = storage.all<Recording>(
        // By +id, or all episodes are read to have them in order.
        `SELECT id AS episodeId, title, media_path AS path, media_url IS NOT NULL AS fetchable
         FROM episodes WHERE media_path IS NOT NULL ORDER BY +id`,
      )
      const missing: Recording[] = []
      const empty: Recording[] = []
      const there: Recording[] = []
      let bytes = 0
      for (const recording of recordings) {
        const file = await lstat(join(profilePath, recording.path)).catch(() => null)
        if (!file) missing.push(recording)
        else if (!file.isFile() || file.size === 0) empty.push(recording)
        else there.push(recording)
        bytes += file?.size ?? 0
        await pass.breathe()
      }
      const damaged = [...empty]
      if (pass.full)
        for (const [index, recording] of there.entries()) {
          const sha256 = named.exec(recording.path)?.[1] ?? ''
          const [state] = await deps.runTask(
            'files',
            { files: [{ path: join(profilePath, recording.path), sha256 }] },
            pass.signal,
          )
          if (state !== 'same') damaged.push(recording)
          pass.progress((index + 1) / there.length)
          await pass.breathe()
        }
      const findings: Found[] = [...missingFinding(storage, missing), ...damagedFinding(deps, damaged, pass.full)]
      findings.push(...(await findLeftovers(deps, [join(profilePath, 'media')], 'recordings/leftovers', pass)))
      findings.push(...(await strayFinding(profilePath, recordings, clock.now())))
      return {
        title: `${count(recordings.length, 'recording')}${recordings.length > 0 ? `, ${bytesInWords(bytes)}` : ''}`,
        facts: findings.some(({ severity }) => severity === 'error')
          ? 'not all are whole'
          : recordings.length === 0
            ? 'none stored'
            : pass.full
              ? 'all match'
              : 'all there',
        findings,
      }
    },
  }
}

function missingFinding(storage: Storage, missing: readonly Recording[]): Found[] {
  if (missing.length === 0) return []
  return [
    found({
      id: 'recordings/missing',
      severity: 'error',
      title: `${count(missing.length, 'recording')} ${missing.length === 1 ? 'is' : 'are'} not in Inkwell’s folder any more.`,
      detail:
        'Transcripts and notes are kept. Restore a backup that has recordings, drop the files again, or let Inkwell forget them.',
      subjects: missing.map(({ title }) => title),
      look: missing,
      mend: forget(storage, missing),
    }),
  ]
}

/** Without a recording from then on. Inside a transaction. */
function forgetIn(tx: Transaction, { episodeId, path }: Recording): void {
  const changed = tx.run('UPDATE episodes SET media_path = NULL WHERE id = ? AND media_path = ?', [episodeId, path])
  if (changed !== 1) throw new ChangedMeanwhile()
  tx.audit(`episode:${episodeId}`, { mediaPath: path }, { mediaPath: null })
}

const forget = (storage: Storage, missing: readonly Recording[]): Mend => ({
  label: missing.length === 1 ? 'Forget the recording' : `Forget the ${missing.length} recordings`,
  prepare: () => ({
    scope:
      'Changes these episodes in the database: they have no recording then. Transcripts, notes and files are not touched.',
    rows: missing.map(({ title, path }) => ({ before: path, after: 'no recording', remark: title })),
    perform: () => {
      storage.write('health.mend.recordings', (tx) => {
        for (const recording of missing) forgetIn(tx, recording)
      })
      return ok(`${count(missing.length, 'recording')} forgotten.`)
    },
  }),
})

function damagedFinding(deps: CheckDeps, damaged: readonly Recording[], full: boolean): Found[] {
  if (damaged.length === 0) return []
  return [
    found({
      id: 'recordings/damaged',
      severity: 'error',
      title: `${count(damaged.length, 'recording')} ${damaged.length === 1 ? 'is' : 'are'} not as ${damaged.length === 1 ? 'it was' : 'they were'} stored.`,
      detail:
        'They were left as they are: most of a damaged recording can still be heard. Transcripts and notes are kept. Set it aside, and drop the file again to have it whole; what came from a feed is fetched again when it is needed.',
      subjects: damaged.map(({ title }) => title),
      look: damaged,
      deep: full,
      mend: setAside(deps, damaged),
    }),
  ]
}

/** A damaged file under the name of the whole one would be taken for it when that is dropped again. */
const setAside = ({ storage, profilePath, clock }: CheckDeps, damaged: readonly Recording[]): Mend => ({
  label: damaged.length === 1 ? 'Set it aside' : `Set the ${damaged.length} aside`,
  prepare: () => {
    // One file may be the recording of several episodes.
    const paths = [...new Set(damaged.map(({ path }) => path))]
    const day = new Date(clock.now()).toISOString().slice(0, 10)
    const asideOf = (path: string): string => `quarantine/recordings-${day}/${basename(path)}`
    return {
      scope:
        'Moves these files to another folder of Inkwell’s, where they can still be played; the episodes have no recording then. Transcripts, notes and your own files are not touched.',
      rows: damaged.map(({ title, path, fetchable }) => ({
        before: path,
        after: asideOf(path),
        remark: `${title}: ${fetchable === 1 ? 'fetched again when it is needed' : 'drop the file again to have it whole'}`,
      })),
      perform: async () => {
        await makeFolders(profilePath, ['quarantine', `recordings-${day}`])
        storage.write('health.mend.recordings', (tx) => {
          for (const recording of damaged) forgetIn(tx, recording)
        })
        // Killed in between, the files belong to no episode and are named as such.
        for (const path of paths) {
          await renameWaiting(join(profilePath, path), await freeName(join(profilePath, asideOf(path))))
          await syncFolder(join(profilePath, 'quarantine', `recordings-${day}`))
        }
        await syncFolder(join(profilePath, 'media'))
        return ok(`${count(paths.length, 'recording')} set aside in quarantine/recordings-${day}.`)
      },
    }
  },
})

async function freeName(path: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const name = attempt === 1 ? path : `${path}.${attempt}`
    if (!(await lstat(name).catch(() => null))) return name
  }
}

/** Recordings that no episode names: nothing of Inkwell's can use them. */
async function strayFinding(profilePath: string, recordings: readonly Recording[], nowMs: number): Promise<Found[]> {
  const folder = join(profilePath, 'media')
  const known = new Set(recordings.map(({ path }) => path))
  const stray: { name: string; bytes: number }[] = []
  for (const name of (await readdir(folder).catch(() => [])).toSorted()) {
    if (!ownName.test(name) || known.has(`media/${name}`)) continue
    const file = await lstat(join(folder, name)).catch(() => null)
    if (file?.isFile() && nowMs - file.mtimeMs > settledMs) stray.push({ name, bytes: file.size })
  }
  if (stray.length === 0) return []
  const bytes = stray.reduce((sum, file) => sum + file.bytes, 0)
  return [
    found({
      id: 'recordings/stray',
      severity: 'info',
      title: `${count(stray.length, 'stored recording')} of ${bytesInWords(bytes)} ${stray.length === 1 ? 'belongs' : 'belong'} to no episode.`,
      detail: 'They were left as they are. Drop one on Inkwell to have it in your list again, or remove it yourself.',
      subjects: stray.map(({ name }) => `media/${name}`),
    }),
  ]
}
