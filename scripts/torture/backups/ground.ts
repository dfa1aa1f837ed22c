import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Manifest } from '../../../src/main/backup/archive/manifest.ts'
import { house, port } from '../../../src/main/backup/backup-testing.ts'
import { inspect } from '../../../src/main/backup/inspect.ts'
import { unpackGoldenProfile } from '../../../src/main/storage/golden-profile.ts'
import type { FamilyOptions, Tally } from '../family.ts'
import type { Random } from '../random.ts'

export const passphrase = 'eight words to keep'
export type BackupHouse = Awaited<ReturnType<typeof house>>
export const dayMs = 86_400_000
/** When everything that a dead process left may be swept. */
export const later = (): number => Date.now() + 2 * dayMs

/** What each part of the family is given. */
export interface Ground {
  readonly options: FamilyOptions
  readonly tally: Tally
  readonly random: Random
  /** A profile with feeds, episodes, transcripts, notes, templates and a recording, at the last schema; not to be changed. */
  readonly prepared: string
  /** A copy of it, or an empty folder. */
  copy(name: string): string
  empty(name: string): string
  lose(where: string, ...losses: string[]): void
}

export async function layGround(options: FamilyOptions, tally: Tally, random: Random): Promise<Ground> {
  const { scratch, seed } = options
  const prepared = join(scratch, 'prepared', 'profile')
  rmSync(dirname(prepared), { recursive: true, force: true })
  unpackGoldenProfile(5, dirname(prepared))
  for (const [path, text] of Object.entries({
    'templates/Über mich.yaml': 'name: mine\n',
    'media/0123.mp3': 'not really sound'.repeat(9_000),
  })) {
    mkdirSync(dirname(join(prepared, path)), { recursive: true })
    writeFileSync(join(prepared, path), text)
  }
  const first = await house(prepared)
  for (let number = 0; number < 400; number++) change(first, `charge-${number}-${random.next()}`)
  first.storage.close()
  rmSync(join(prepared, 'inkwell.db.before-v6'), { force: true })
  const empty = (name: string): string => {
    const folder = join(scratch, name)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    return folder
  }
  return {
    options,
    tally,
    random,
    prepared,
    empty,
    copy(name) {
      const to = empty(name)
      cpSync(prepared, to, { recursive: true })
      return to
    },
    lose: (where, ...losses) =>
      void tally.losses.push(...losses.slice(0, 4).map((loss) => `${where} (seed ${seed}): ${loss}`)),
  }
}

/** Something that is acknowledged: a job with its row in the trail. */
export const change = ({ storage }: Pick<BackupHouse, 'storage'>, name: string): void =>
  storage.write('jobs.test', (tx) => {
    tx.run(
      `INSERT INTO jobs (id, episode_id, params_json, state, stage, words, created_at_ms)
       VALUES (?, ?, '{}', 'done', 'notes', 'Wörter 🎧', 1)`,
      [name, name],
    )
    tx.audit(`job:${name}`, null, { name })
  })

/** Jobs that have their row in the trail, and those that have not, of those whose name begins so. */
export function changesIn(
  { storage }: Pick<BackupHouse, 'storage'>,
  prefix: string,
): { whole: string[]; half: number } {
  const jobs = storage.all<{ id: string; told: number }>(
    `SELECT id, EXISTS (SELECT 1 FROM audit WHERE subject = 'job:' || jobs.id) AS told FROM jobs WHERE id LIKE ?`,
    [`${prefix}%`],
  )
  const told = storage.get<{ n: number }>('SELECT count(*) AS n FROM audit WHERE subject LIKE ?', [`job:${prefix}%`])
  return {
    whole: jobs.filter(({ told }) => told === 1).map(({ id }) => id),
    half: Math.abs(jobs.length - Number(told?.n)) + jobs.filter(({ told }) => told === 0).length,
  }
}

export async function manifestOf(path: string, profilePath: string, words: string | null = null): Promise<Manifest> {
  const inspected = await inspect({ path, passphrase: words, profilePath }, port())
  if (!inspected.ok) throw new Error(`${path}: ${inspected.error.message}`)
  return inspected.value.manifest
}

/** Rows of each table and every file, whatever the pages look like. */
export const fingerprints = ({ tables, entries }: Manifest): string =>
  JSON.stringify([tables, entries.filter(({ path }) => path !== 'inkwell.db')])

/** Half-made files of a backup or a restore. */
export const litterIn = (base: string): string[] =>
  [base, join(base, 'backups'), join(base, 'restored')].flatMap((folder) => {
    try {
      return readdirSync(folder).filter((name) => name.startsWith('.~inkwell-'))
    } catch {
      return []
    }
  })

/** As a person restores: look at the plan, then restore what was looked at. */
export async function restore({ backup }: BackupHouse, fileName: string, words?: string) {
  const source = { fileName, ...(words === undefined ? {} : { passphrase: words }) }
  const planned = await backup.planRestore(source)
  return planned.ok ? backup.restore({ ...source, planToken: planned.value.planToken }) : planned
}
