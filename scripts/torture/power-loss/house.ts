import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { judge } from '../check.ts'
import type { FamilyOptions, Tally } from '../family.ts'
import { layGround } from '../ground.ts'
import { copyRoot, openHome, profileOf, sha256 } from '../home.ts'
import { createRandom, mine, seedOf } from '../random.ts'
import type { Scenario } from '../scenario.ts'
import { scenarios } from '../scenarios/index.ts'
import { type Disk, diskAfter, fates, pendingAt } from './model.ts'
import { record } from './record.ts'

const tried = ['write-notes', 'regenerate-notes', 'recover-notes', 'retention-sweep']
/** Disks that are opened and recovered by the real house, of each scenario. */
const sizes = { quick: 24, full: 1_500 }
const perPoint = 64

/**
 * The whole house: its calls are recorded together with the database as it was at each of them. A commit is flushed
 * before it returns (see flushes.ts), so that at a crash the database is what it was; everything else is as weak as can be.
 */
export async function loseHouse(options: FamilyOptions, tally: Tally): Promise<void> {
  const { mutant, share } = options
  const all = scenarios.filter(({ name }) => tried.includes(name))
  const own = mutant ? all.filter(({ name }) => name === mutant.hint?.scenario) : mine(all, share)
  for (const scenario of own) await loseScenario(scenario, options, tally)
}

async function loseScenario(scenario: Scenario, options: FamilyOptions, tally: Tally): Promise<void> {
  const { scratch, seed, mutant, quick, report } = options
  const [root, prepared, snapshots] = ['root', 'prepared', 'snapshots'].map((name) => join(scratch, name)) as [
    string,
    string,
    string,
  ]
  for (const folder of [root, prepared, snapshots]) rmSync(folder, { recursive: true, force: true })
  mkdirSync(root, { recursive: true })
  mkdirSync(snapshots)
  await layGround(root, scenario)
  copyRoot(root, prepared)
  const databaseFiles = ['inkwell.db', 'inkwell.db-wal'].map((name) => join(profileOf(root), name))
  const acked: string[] = []
  const ackedAt: string[][] = []
  /** SQLite's files may be copied here and now: nobody is inside a transaction while a file call is begun. */
  const snapshot = (index: number): void => {
    if (ackedAt[index]) return
    ackedAt[index] = [...acked]
    for (const path of databaseFiles)
      if (existsSync(path)) copyFileSync(path, join(snapshots, `${index}${path.slice(path.lastIndexOf('.'))}`))
  }
  const { start, operations } = await record(
    root,
    async () => {
      const home = await openHome(root)
      await scenario.act(home, (what) => void acked.push(what))
      // Before it closes, as the power goes without notice.
      snapshot(Number.MAX_SAFE_INTEGER)
      await home.close()
    },
    snapshot,
  )
  const random = createRandom(seedOf(seed, `house ${scenario.name}`))
  const states: { crash: number; disk: Disk }[] = []
  const seen = new Set<string>()
  for (let crash = 0; crash <= operations.length; crash++) {
    if (!ackedAt[crash]) continue
    for (const fate of fates(pendingAt(operations, crash), perPoint, random)) {
      const disk = diskAfter(start, operations, crash, fate)
      const key = sha256(
        [...disk]
          .filter(([path]) => !isOfDatabase(path) && !path.includes('/logs'))
          .map(([path, bytes]) => `${path} ${bytes === null ? '' : sha256(bytes)}`)
          .concat(String(ackedAt[crash]!.length), String(mutant ? crash : ''))
          .join('\n'),
      )
      if (seen.has(key)) continue
      seen.add(key)
      states.push({ crash, disk })
    }
  }
  const size = quick ? sizes.quick : sizes.full
  // A planted fault shows at the end, where most is promised.
  for (const { crash, disk } of mutant ? states.toReversed() : random.sample(states, size)) {
    layDisk(disk, prepared, root)
    for (const path of databaseFiles) {
      const copy = join(snapshots, `${crash}${path.slice(path.lastIndexOf('.'))}`)
      rmSync(path, { force: true })
      if (existsSync(copy)) copyFileSync(copy, path)
    }
    rmSync(`${databaseFiles[0]}-shm`, { force: true })
    endOwner(databaseFiles[0]!)
    tally.points += 1
    tally.states += 1
    tally.faults += 1
    const last = operations[crash - 1]
    const place = `${scenario.name}, power cut after call ${crash} of ${operations.length} (${last?.kind ?? 'none'} ${
      last && 'path' in last ? last.path.replace(root, '') : ''
    }, seed ${seed})`
    for (const loss of await judge(root, scenario, ackedAt[crash]!, 1)) tally.losses.push(`${place}: ${loss}`)
    if (mutant && tally.losses.length > 0) return
  }
  report(`${scenario.name}: ${Math.min(size, states.length)} of ${states.length} disks after a power cut`)
}

/** Locks name this very process, which lives: after a power cut theirs does not. */
function endOwner(path: string): void {
  const database = new DatabaseSync(path)
  database.exec('DELETE FROM note_locks')
  database.close()
}

const isOfDatabase = (path: string): boolean => /\/inkwell\.(db|lock)(-\w+)?$/.test(path)

/** The root as the power cut left it; the database is put there by itself. */
function layDisk(disk: Disk, prepared: string, root: string): void {
  copyRoot(prepared, root)
  for (const part of ['vault', 'profile/blobs', 'profile/keep', 'profile/media'])
    rmSync(join(root, part), { recursive: true, force: true })
  for (const [path, bytes] of disk) {
    if (isOfDatabase(path) || path.endsWith('/ballast')) continue
    if (bytes === null) mkdirSync(path, { recursive: true })
    else {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, bytes)
    }
  }
}
