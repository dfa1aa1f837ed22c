import { readFileSync, writeFileSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { systemFs } from '../../../src/main/backup/archive/files.ts'
import { createFrameWriter } from '../../../src/main/backup/archive/frame.ts'
import type { Manifest } from '../../../src/main/backup/archive/manifest.ts'
import { pack } from '../../../src/main/backup/archive/pack.ts'
import { house, port, writeInput } from '../../../src/main/backup/backup-testing.ts'
import { copyDatabase } from '../../../src/main/backup/database.ts'
import { inspect } from '../../../src/main/backup/inspect.ts'
import { writeBackup } from '../../../src/main/backup/write.ts'
import { profileInUse } from '../../../src/main/compose/profile-in-use.ts'
import { sha256 } from '../home.ts'
import { change, type Ground, litterIn, manifestOf, passphrase, restore } from './ground.ts'

const last = 77
const header = 512

/** Each byte that is not as it was written is noticed, and said. */
export async function damaged({ options, tally, random, prepared, empty, lose }: Ground): Promise<void> {
  const folder = empty('damaged')
  for (const words of [null, passphrase]) {
    const input = writeInput(prepared, { target: { folder }, passphrase: words })
    const made = await writeBackup(input, port())
    if (!made.ok) throw new Error(made.error.message)
    const whole = readFileSync(made.value.path)
    const path = join(folder, 'one.inkwell-backup')
    const form = words === null ? 'plain' : 'encrypted'
    const refused = async (what: string, bytes: Buffer, flips: number): Promise<void> => {
      tally.points += 1
      tally.faults += 1
      tally.flips += flips
      tally.states += 1
      writeFileSync(path, bytes)
      const read = await inspect({ path, passphrase: words, profilePath: prepared }, port())
      if (read.ok) lose(`${form}, ${what}`, 'it is taken for whole')
      else if (!/^(?:damaged|not-a-backup)$/.test(read.error.code) || read.error.message.length < 20)
        lose(`${form}, ${what}`, `refused as ${read.error.code}: ${read.error.message}`)
    }
    if (!(await inspect({ path: made.value.path, passphrase: words, profilePath: prepared }, port())).ok)
      lose(form, 'the whole backup is refused')
    const count = options.quick ? 12 : 1_000
    const places = [
      ...Array.from({ length: count }, () => random.below(whole.length)),
      ...Array.from({ length: count / 4 }, () => random.below(header)),
      ...Array.from({ length: count / 4 }, () => whole.length - 1 - random.below(last)),
    ]
    for (const place of places) {
      const bytes = Buffer.from(whole)
      bytes[place]! ^= 1 << random.below(8)
      await refused(`byte ${place} of ${whole.length}`, bytes, 1)
    }
    for (let nth = 0; nth < count / 4; nth++) {
      const length = random.below(whole.length)
      await refused(`cut at ${length}`, whole.subarray(0, length), 0)
    }
    await refused('a byte more', Buffer.concat([whole, Buffer.from([0])]), 1)
    await refused('twice over', Buffer.concat([whole, whole]), 0)
    const holed = Buffer.from(whole)
    holed.fill(0, header + 100, header + 4_196)
    await refused('4 KB of nothing in it', holed, 4_096)
  }
}

type Lie = (manifest: Manifest, sources: Map<string, string>, database: string) => void
/** Files whose every byte is as it was written, and that are no good backup: only comparing what is in them tells. */
const lies: Readonly<Record<string, Lie>> = {
  nothing: () => {},
  'a row less than the manifest says': (_, _sources, database) =>
    sql(database, "DELETE FROM settings WHERE name = 'colorScheme'"),
  'another word in a row': (_, _sources, database) => sql(database, "UPDATE jobs SET words = 'others' WHERE rowid = 3"),
  'a table less': (_, _sources, database) => sql(database, 'DROP TABLE health_marks'),
  'a database that is none': (_, _sources, database) => writeFileSync(database, Buffer.alloc(8_192, 7)),
  'a file that the manifest does not name': (manifest) => void (manifest as { entries: unknown[] }).entries.pop(),
}
const sql = (path: string, statement: string): void => {
  const database = new DatabaseSync(path)
  database.exec(statement)
  database.close()
}

/** What is not good is never used: the profile in use stays, takes changes, and nothing lies about. */
export async function crafted(ground: Ground): Promise<void> {
  const { options, tally, copy, empty, lose } = ground
  for (const [what, lie] of Object.entries(lies)) {
    tally.points += 1
    tally.faults += 1
    const base = copy('crafted')
    const here = await house(base)
    const made = await here.backup.create({ withMedia: true })
    if (!made.ok) throw new Error(made.error.message)
    const path = join(base, 'backups', made.value.fileName)
    const manifest = await manifestOf(path, base)
    const database = join(empty('lie'), 'inkwell.db')
    await copyDatabase(join(base, 'inkwell.db'), database)
    const sources = new Map(
      manifest.entries.map((entry) => [entry.path, entry.path === 'inkwell.db' ? database : join(base, entry.path)]),
    )
    sql(database, "DELETE FROM audit WHERE action = 'backup.create'")
    sql(database, 'DELETE FROM backups')
    const named = structuredClone(manifest)
    lie(named, sources, database)
    await writeCrafted(join(base, 'backups', 'crafted.inkwell-backup'), named, sources, manifest)
    const restored = await restore(here, 'crafted.inkwell-backup')
    if (what === 'nothing') {
      // Else a refusal of the others would prove nothing.
      if (!restored.ok) lose('crafted: nothing', restored.error.message)
    } else if (restored.ok) lose(`crafted: ${what}`, 'it is restored, and in use')
    else {
      if (profileInUse(base).profilePath !== base) lose(`crafted: ${what}`, 'a profile that was refused is in use')
      try {
        change(here, 'still-here')
      } catch (error) {
        lose(`crafted: ${what}`, `the profile in use takes no changes any more: ${(error as Error).message}`)
      }
      if (litterIn(base).length > 0) lose(`crafted: ${what}`, `${litterIn(base).join(', ')} lies about`)
    }
    here.storage.close()
    tally.states += 1
    if (options.mutant && tally.losses.length > 0) return
  }
}

async function writeCrafted(
  path: string,
  manifest: Manifest,
  sources: ReadonlyMap<string, string>,
  all: Manifest,
): Promise<void> {
  const { size } = await stat(sources.get('inkwell.db')!)
  const entry = { path: 'inkwell.db', bytes: size, sha256: sha256(readFileSync(sources.get('inkwell.db')!)) }
  const entries = manifest.entries.map((one) => (one.path === 'inkwell.db' ? entry : one))
  const file = await open(path, 'wx')
  const out = createFrameWriter(file, {
    format: 'inkwell-backup',
    version: 1,
    madeAtMs: manifest.madeAtMs,
    app: 'crafted',
    automatic: false,
    media: true,
    compression: 'zstd',
    encryption: null,
    profile: manifest.profileId,
    chunk: 65_536,
  })
  // A manifest that is told less than what is packed, as a faulty writer would.
  const told = JSON.stringify({ ...manifest, entries })
  const packed = { ...manifest, entries: [entry, ...all.entries.slice(1)], toJSON: () => JSON.parse(told) }
  await pack(out, packed as Manifest, sources, { fs: systemFs, passphrase: null, onBytes: () => {} })
  await out.finish()
  await file.close()
}
