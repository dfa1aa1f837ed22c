import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type FamilyOptions, type FamilyWork, Tally } from '../family.ts'
import { backupKind, kitKind } from './archives.ts'
import { databaseKind } from './database.ts'
import { ballastKind, blobKind, logKind, noteKind, recordingKind } from './files.ts'
import { type Ground, layDamageGround } from './ground.ts'
import { type Kind, tryKind } from './kind.ts'
import { walKind } from './log-of-database.ts'
import { pointerKind, templateKind } from './settings-files.ts'

/** Invariant: no damaged byte of any file passes for what was written. */
export const damage: FamilyWork = {
  async run(options) {
    const tally = new Tally()
    const { scratch, mutant } = options
    let laid: Promise<Ground> | null = null
    const ground = (): Promise<Ground> => {
      laid ??= layDamageGround(scratch)
      return laid
    }
    try {
      for (const [name, make] of Object.entries(kindsOf(ground, options))) {
        if (mutant?.hint?.kind !== undefined && mutant.hint.kind !== name) continue
        await tryKind(await make(), options, tally)
        if (mutant && tally.losses.length > 0) break
      }
    } finally {
      if (laid) (await ground()).remove()
    }
    return tally.result()
  },
}

const text = Buffer.from(`---\ntitle: Quotes\n---\n${'“The tide comes in”, said Ada.\n\n'.repeat(40)}`)

type Make = () => Kind | Promise<Kind>
function kindsOf(ground: () => Promise<Ground>, { scratch, seed }: FamilyOptions): Record<string, Make> {
  const place = (name: string): string => {
    const folder = join(scratch, name)
    mkdirSync(folder, { recursive: true })
    return folder
  }
  const wal = async (withIndex: boolean): Promise<Kind> => walKind((await ground()).database, place('wal'), withIndex)
  return {
    database: async () => databaseKind((await ground()).database, place('database')),
    wal: () => wal(true),
    'wal-alone': () => wal(false),
    note: () => noteKind('quotes.md', text, place('note')),
    metadata: async () => noteKind('.metadata.yaml', (await ground()).metadata, place('metadata')),
    blob: () => blobKind(text, place('blob')),
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
