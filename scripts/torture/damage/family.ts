import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Family, type FamilyOptions, Tally } from '../family.ts'
import { mutantsOf } from '../mutants.ts'
import { backupKind, kitKind } from './archives.ts'
import { databaseKind } from './database.ts'
import { ballastKind, blobKind, logKind, noteKind, recordingKind } from './files.ts'
import { type Ground, layDamageGround } from './ground.ts'
import { type Kind, tryKind } from './kind.ts'
import { walKind } from './log-of-database.ts'
import { pointerKind, templateKind } from './settings-files.ts'

/** Invariant: no damaged byte of any file passes for what was written. */
export const damage: Family = {
  name: 'damage',
  title: 'damaged files',
  mutants: mutantsOf('damage'),
  async run(options) {
    const tally = new Tally()
    const { scratch, mutant } = options
    const ground = await layDamageGround(scratch)
    try {
      for (const [name, make] of Object.entries(kindsOf(ground, options))) {
        if (mutant?.hint?.kind !== undefined && mutant.hint.kind !== name) continue
        await tryKind(await make(), options, tally)
        if (mutant && tally.losses.length > 0) break
      }
    } finally {
      ground.remove()
    }
    return tally.result()
  },
}

function kindsOf(ground: Ground, { scratch, seed }: FamilyOptions): Record<string, () => Kind | Promise<Kind>> {
  const place = (name: string): string => {
    const folder = join(scratch, name)
    mkdirSync(folder, { recursive: true })
    return folder
  }
  const { profile, vault } = ground.house
  const notes = readdirSync(vault, { recursive: true }).map(String)
  const inVault = (ending: string): Buffer => readFileSync(join(vault, notes.find((name) => name.endsWith(ending))!))
  const blobs = readdirSync(join(profile, 'blobs'), { recursive: true }).map(String)
  const blob = readFileSync(join(profile, 'blobs', blobs.find((name) => /[0-9a-f]{64}$/.test(name))!))
  return {
    database: () => databaseKind(ground.database, place('database')),
    wal: () => walKind(ground.database, place('wal'), true),
    'wal-alone': () => walKind(ground.database, place('wal'), false),
    note: () => noteKind('quotes.md', inVault('quotes.md'), place('note')),
    metadata: () => noteKind('.metadata.yaml', inVault('.metadata.yaml'), place('metadata')),
    blob: () => blobKind(blob, place('blob')),
    backup: () => backupKind(place('backup'), false),
    'encrypted-backup': () => backupKind(place('backup'), true),
    kit: () => kitKind(seed),
    pointer: () => pointerKind(place('pointer')),
    template: () => templateKind(place('template')),
    log: () => logKind(place('log')),
    ballast: () => ballastKind(place('ballast')),
    recording: () => recordingKind(place('recording'), seed),
  }
}
