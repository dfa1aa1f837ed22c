import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { unpackGoldenProfile } from '../../../src/main/storage/golden-profile.ts'
import { migrate } from '../../../src/main/storage/migrate.ts'
import { migrations } from '../../../src/main/storage/migrations/index.ts'
import { openStorage } from '../../../src/main/storage/storage.ts'
import type { FamilyOptions, Tally } from '../family.ts'
import { sha256 } from '../home.ts'
import { startNode } from '../processes.ts'
import { createRandom, seedOf } from '../random.ts'
import { setControl } from '../shim/control.ts'
import { liveOn } from './live-on.ts'
import { layRandomDatabase } from './random-profile.ts'
import { type Content, contentOf, lostRows, sameContent, unsound, wrongSeals } from './rows.ts'
import { announceStatements } from './statements.ts'

const latest = migrations.at(-1)!.version
const clock = { now: () => Date.UTC(2026, 10, 24) }
export const sizes = {
  quick: { refused: 6, killed: 1, random: 10 },
  full: { refused: 10_000, killed: 30, random: 1_000 },
}

/** What is tried with the profile of one release. */
export function createRelease(version: number, options: FamilyOptions, tally: Tally) {
  const { scratch, seed, quick, mutant } = options
  const size = sizes[quick ? 'quick' : 'full']
  const random = createRandom(seedOf(seed, `migrations ${version}`))
  const [root, golden, states] = ['root', 'golden', 'states'].map((name) => join(scratch, name)) as [
    string,
    string,
    string,
  ]
  const profile = join(root, 'profile')
  const path = join(profile, 'inkwell.db')
  const lay = (): void => {
    rmSync(root, { recursive: true, force: true })
    mkdirSync(root, { recursive: true })
    unpackGoldenProfile(version, root)
  }
  lay()
  rmSync(golden, { recursive: true, force: true })
  cpSync(profile, golden, { recursive: true })
  const before = contentOf(path)
  const restoreGolden = (): void => {
    rmSync(profile, { recursive: true, force: true })
    cpSync(golden, profile, { recursive: true })
  }
  const lose = (where: string, losses: readonly string[]): void => {
    tally.losses.push(...losses.slice(0, 5).map((loss) => `schema ${version}, ${where} (seed ${seed}): ${loss}`))
  }
  const open = (): string[] => {
    const opened = openStorage(path, { clock, origin: 'app' })
    if (!opened.ok) return [`does not open: ${opened.error.message}`]
    opened.value.close()
    return []
  }
  /** What is wrong with a profile that was brought to the last schema. */
  const migrated = (from: Content = before): string[] => {
    tally.states += 1
    const losses = open()
    if (losses.length > 0) return losses
    const after = contentOf(path)
    const copy = `${path}.before-v${version + 1}`
    const copied = unsound(copy)
    return [
      ...(after.version === latest ? [] : [`schema ${after.version} is left`]),
      ...lostRows(from, after),
      ...wrongSeals(from, after),
      ...unsound(path).map((line) => `the database: ${line}`),
      ...copied.map((line) => `the copy from before: ${line}`),
      ...(copied.length > 0 ? [] : sameContent(from, contentOf(copy), 'the copy from before')),
      ...readdirSync(profile)
        .filter((name) => name.endsWith('.tmp'))
        .map((name) => `${name} lies about`),
    ]
  }
  /** As it was, or where it should be: nothing in between. */
  const wholeSchema = (): string[] => {
    const found = contentOf(path)
    if (found.version === latest) return []
    return sameContent(before, found, 'the database')
  }

  return {
    async whole(): Promise<void> {
      tally.points += 1
      lose('by all', migrated())
      const byAll = schemaOf(path)
      restoreGolden()
      for (let to = version + 1; to <= latest; to++) {
        const database = new DatabaseSync(path, { enableForeignKeyConstraints: true })
        const done = migrate(database, path, migrations.slice(0, to))
        database.close()
        tally.points += 1
        if (!done.ok) lose(`up to ${to}`, [done.error.message])
        const now = contentOf(path)
        if (now.version !== to) lose(`up to ${to}`, [`schema ${now.version} is left`])
        lose(`up to ${to}`, [...lostRows(before, now), ...unsound(path)])
      }
      if (schemaOf(path) !== byAll) lose('one by one', ['another schema than by all at once'])
      lose('one by one', wrongSeals(before, contentOf(path)))
      lay()
      lose('the house afterwards', await liveOn(root, before))
      tally.states += 1
    },

    /** Refused at each statement, and killed before each: a copy of the files as they are then is what a kill leaves. */
    async statements(): Promise<void> {
      const seen = new Map<string, string>()
      const statements: string[] = []
      const capture = (what: string): void => {
        tally.points += 1
        const files = readdirSync(profile)
          .filter((name) => name.startsWith('inkwell.db') && !name.endsWith('-shm'))
          .map((name) => ({ name, bytes: readFileSync(join(profile, name)) }))
        const key = sha256(JSON.stringify(files.map(({ name, bytes }) => [name, sha256(bytes)])))
        if (seen.has(key)) return
        seen.set(key, what)
        const state = join(states, key)
        mkdirSync(state, { recursive: true })
        for (const { name } of files) cpSync(join(profile, name), join(state, name))
      }
      rmSync(states, { recursive: true, force: true })
      const stop = announceStatements((sql) => {
        statements.push(sql)
        capture(`killed before statement ${statements.length}, ${sql.slice(0, 50).replace(/\s+/g, ' ')}`)
      })
      setControl({
        before: ({ name, path: file, to }) => {
          capture(`killed before ${name} ${(to ?? file).slice(root.length)}`)
          return null
        },
      })
      const opened = open()
      stop()
      setControl()
      lose('by all', opened)
      for (const [key, what] of seen) {
        restoreGolden()
        for (const name of readdirSync(join(states, key))) cpSync(join(states, key, name), join(profile, name))
        if (key !== [...seen.keys()][0]) rmSync(`${path}-shm`, { force: true })
        tally.faults += 1
        lose(what, [...wholeSchema(), ...migrated()])
        if (mutant && tally.losses.length > 0) return
      }
      const places = statements.map((sql, index) => ({ sql, at: index + 1 }))
      for (const { sql, at } of random.sample(places, size.refused)) {
        restoreGolden()
        let count = 0
        const end = announceStatements(() => {
          count += 1
          if (count === at) throw new Error('disk I/O error, planted')
        })
        let refused: string[]
        try {
          refused = open()
        } catch (error) {
          refused = [(error as Error).message]
        } finally {
          end()
        }
        tally.points += 1
        tally.faults += Number(refused.length > 0)
        const where = `refused at statement ${at}, ${sql.slice(0, 50).replace(/\s+/g, ' ')}`
        lose(where, [...wholeSchema(), ...migrated()])
        if (mutant && tally.losses.length > 0) return
      }
      for (const { at } of random.sample(places, mutant ? 0 : size.killed)) {
        restoreGolden()
        const child = startNode('./migrations/killed.ts', [path, String(at)], { shim: false })
        const signal = await new Promise((resolve) => child.once('close', (_, how) => resolve(how)))
        tally.points += 1
        tally.faults += Number(signal === 'SIGKILL')
        lose(`a process killed at statement ${at}`, [...wholeSchema(), ...migrated()])
      }
    },

    /** A newer schema is not opened, and not a byte of it changes; not even the time of the last change. */
    downgrade(): void {
      for (const newer of [latest + 1, latest + 50, 2 ** 31 - 1]) {
        restoreGolden()
        const database = new DatabaseSync(path)
        database.exec(`PRAGMA user_version = ${newer}`)
        database.close()
        refused(`schema ${newer}`, () => openStorage(path, { clock, origin: 'app' }))
      }
      restoreGolden()
      open()
      for (let known = version; known < latest; known++)
        refused(`an Inkwell that knows ${known}`, () => {
          const database = new DatabaseSync(path, { readOnly: true })
          try {
            return migrate(database, path, migrations.slice(0, known))
          } finally {
            database.close()
          }
        })

      function refused(where: string, attempt: () => { ok: boolean; error?: { code: string } }): void {
        const files = bytesOf(profile)
        tally.points += 1
        tally.faults += 1
        const answer = attempt()
        if (answer.ok) lose(where, ['a newer schema is opened'])
        else if (answer.error?.code !== 'profile-is-newer') lose(where, [`refused as ${answer.error?.code}`])
        if (bytesOf(profile) !== files) lose(where, ['the files are not byte for byte as they were'])
        tally.states += 1
      }
    },

    random(count: number): void {
      for (let nth = 1; nth <= count; nth++) {
        rmSync(profile, { recursive: true, force: true })
        mkdirSync(profile, { recursive: true })
        layRandomDatabase(version, path, createRandom(seedOf(seed, `random ${version} ${nth}`)))
        tally.points += 1
        lose(`random profile ${nth}`, migrated(contentOf(path)))
        if (mutant && tally.losses.length > 0) return
      }
    },
  }
}

/** Tables and indexes as they are written down, by name. */
function schemaOf(path: string): string {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return JSON.stringify(database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all())
  } finally {
    database.close()
  }
}

/** The shared memory beside the database is no content: a reader makes it. */
const bytesOf = (folder: string): string =>
  JSON.stringify(
    readdirSync(folder)
      .filter((name) => !name.endsWith('-shm') && name.startsWith('inkwell.db'))
      .map((name) => [name, sha256(readFileSync(join(folder, name)))])
      .filter(([, sum]) => sum !== sha256('')),
  )
