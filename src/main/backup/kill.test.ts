import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { profileInUse } from '../compose/profile-in-use.ts'
import type { BackupFs } from './archive/files.ts'
import { systemFs } from './archive/files.ts'
import {
  house,
  Killed,
  makeProfile,
  namesIn,
  open,
  port,
  put,
  tellingFs,
  temporaryRoot,
  writeInput,
} from './backup-testing.ts'
import { inspect } from './inspect.ts'
import { sweepPassing } from './staging.ts'
import { writeBackup } from './write.ts'

let root: string
let prepared: string
let first: string
let copies = 0
beforeAll(async () => {
  root = temporaryRoot()
  prepared = await makeProfile(root)
  const made = await writeBackup(writeInput(prepared), port())
  if (!made.ok) throw new Error(made.error.message)
  first = made.value.path.slice(prepared.length + 1)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const copy = (): string => {
  const to = join(root, `copy-${copies++}`)
  cpSync(prepared, to, { recursive: true })
  return to
}
const systemError = (code: string): Error => Object.assign(new Error(`${code}: planted`), { code })
/** Throws at the n-th call that changes something. */
const endingAt = (n: number, error: () => Error): { fs: BackupFs; point: () => string } => {
  let count = 0
  let point = ''
  return {
    fs: tellingFs((call, path) => {
      if (count++ !== n) return
      point = `${n}: ${call} ${path}`
      throw error()
    }),
    point: () => point,
  }
}
/** Tries each point until one run comes to its end. */
async function atEachPoint(
  error: () => Error,
  run: (fs: BackupFs, profilePath: string) => Promise<unknown>,
  check: (profilePath: string, point: string, outcome: unknown) => Promise<void>,
): Promise<number> {
  for (let n = 0; ; n++) {
    const { fs, point } = endingAt(n, error)
    const profilePath = copy()
    const outcome = await run(fs, profilePath).catch((thrown: unknown) => thrown)
    if (point() === '') return n
    await check(profilePath, point(), outcome)
    rmSync(profilePath, { recursive: true })
  }
}
const sweep = (profilePath: string) =>
  sweepPassing([profilePath, join(profilePath, 'restored'), join(profilePath, 'backups')], systemFs, {
    // The day after the next.
    nowMs: Date.now() + 2 * 86_400_000,
    alive: () => false,
  })
const passing = (profilePath: string): string[] =>
  [profilePath, join(profilePath, 'restored'), join(profilePath, 'backups')]
    .flatMap(namesIn)
    .filter((name) => name.startsWith('.~inkwell-'))

/** All in the list open, and what was there is as it was. */
async function expectWhole(profilePath: string, point: string): Promise<void> {
  for (const name of namesIn(join(profilePath, 'backups')).filter((one) => !one.startsWith('.'))) {
    const read = await inspect({ path: join(profilePath, 'backups', name), passphrase: null, profilePath }, port())
    expect(read, `${point}: ${name}`).toMatchObject({ ok: true })
  }
  expect(readFileSync(join(profilePath, first)).equals(readFileSync(join(prepared, first))), point).toBe(true)
}

it('a backup killed at any call leaves only what is swept', async () => {
  const points = await atEachPoint(
    () => new Killed(),
    (fs, profilePath) => writeBackup(writeInput(profilePath), port(fs)),
    async (profilePath, point) => {
      await sweep(profilePath)
      expect(passing(profilePath), point).toEqual([])
      await expectWhole(profilePath, point)
    },
  )
  expect(points).toBeGreaterThan(20)
})

it.each(['ENOSPC', 'EIO'])('a backup that meets %s at any call says so and leaves nothing', async (code) => {
  const points = await atEachPoint(
    () => systemError(code),
    (fs, profilePath) => writeBackup(writeInput(profilePath), port(fs)),
    async (profilePath, point, outcome) => {
      const names = namesIn(join(profilePath, 'backups')).filter((name) => !name.startsWith('.'))
      // Tidying up may fail after all is done: then the backup is made.
      if ((outcome as { ok?: boolean }).ok) expect(names, point).toHaveLength(2)
      else expect(outcome, point).toMatchObject({ ok: false, error: { message: expect.stringContaining('No backup') } })
      await sweep(profilePath)
      expect(passing(profilePath), point).toEqual([])
      await expectWhole(profilePath, point)
    },
  )
  expect(points).toBeGreaterThan(20)
})

it('a restore killed at any call leaves the old profile or a whole new one in use', async () => {
  let switched = 0
  const points = await atEachPoint(
    () => new Killed(),
    async (fs, profilePath) => {
      const home = await house(profilePath, { fs })
      try {
        put(home.storage, 'later')
        const source = { path: join(profilePath, first) }
        const plan = await home.backup.planRestore(source)
        if (plan.ok) await home.backup.restore({ ...source, planToken: plan.value.planToken })
      } finally {
        home.storage.close()
      }
    },
    async (basePath, point) => {
      const { profilePath, problem } = profileInUse(basePath)
      expect(problem, point).toBeNull()
      const isNew = profilePath !== basePath
      if (isNew) switched += 1
      const storage = await open(profilePath)
      expect(storage.all('SELECT id FROM jobs'), point).toHaveLength(isNew ? 5 : 6)
      storage.close()
      await sweep(basePath)
      expect(passing(basePath), point).toEqual([])
      // The old profile is as it was, whichever is in use.
      const old = await open(basePath)
      expect(old.get("SELECT 1 FROM jobs WHERE id = 'later'"), point).toBeDefined()
      old.close()
    },
  )
  expect(points).toBeGreaterThan(25)
  // After the pointer was renamed.
  expect(switched).toBeGreaterThan(0)
})
