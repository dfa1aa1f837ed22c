import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { judge } from './check.ts'
import { type FamilyOptions, type FamilyWork, Tally } from './family.ts'
import { layGround } from './ground.ts'
import { copyRoot, openHome, profileOf } from './home.ts'
import { createRandom, mine, type Random, seedOf } from './random.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './scenarios/index.ts'

const page = 4_096
const megabyte = 1_048_576
/** Of small disks, and steps of free space of each at most. */
const sizes = { quick: { megabytes: [4], fills: 4 }, full: { megabytes: [2, 4, 8], fills: 1_000 } }
/** Room for the ballast, which is made only where there is plenty. */
const largeMegabytes = 96
const left = new Set(['backup', 'restore', 'migrate', 'recover-notes'])

/**
 * Invariant: at whatever 4 KB the disk is full, it is said and nothing acknowledged goes; when there is room again the
 * same running house goes on by itself; and while there is a ballast, the first that needs room gets it.
 */
export const diskFull: FamilyWork = {
  async run(options) {
    const { mutant, quick, seed, share, report } = options
    const tally = new Tally()
    const mount = join(options.scratch, 'disk')
    mkdirSync(mount)
    const why = mountDisk(mount, 1)
    if (why !== null) {
      tally.remarks.push(
        `no small disk can be mounted here (${why}): ENOSPC comes from the file-system port instead (io-errors, short-writes)`,
      )
      // Counted there.
      tally.points = 1
      return tally.result()
    }
    unmountDisk(mount)
    process.once('exit', () => unmountDisk(mount))
    const stores = scenarios.filter(({ name }) => !left.has(name))
    const own = mutant ? stores.filter(({ name }) => name === mutant.hint?.scenario) : mine(stores, share)
    const { megabytes, fills } = quick || mutant ? sizes.quick : sizes.full
    for (const scenario of own) {
      const random = createRandom(seedOf(seed, `full ${scenario.name}`))
      const before = tally.points
      const prepared = await prepare(scenario, options)
      if (!mutant || mutant.hint?.ballast === undefined)
        for (const size of megabytes) await fillDisk({ scenario, prepared, mount, size, fills, random, tally, options })
      if (!mutant || mutant.hint?.ballast) await useBallast({ scenario, prepared, mount, tally, options })
      report(`${scenario.name}: the disk was full ${tally.points - before} times`)
    }
    return tally.result()
  },
}

async function prepare(scenario: Scenario, { scratch }: FamilyOptions): Promise<string> {
  const prepared = join(scratch, 'prepared')
  rmSync(prepared, { recursive: true, force: true })
  // Notes know their folder by its whole path: the ground is laid where it is used.
  const root = join(scratch, 'disk', 'root')
  mkdirSync(root, { recursive: true })
  await layGround(root, scenario)
  copyRoot(root, prepared)
  rmSync(root, { recursive: true })
  return prepared
}

interface Fill {
  readonly scenario: Scenario
  readonly prepared: string
  readonly mount: string
  readonly tally: Tally
  readonly options: FamilyOptions
}

/** Acts with every amount of free space from none to enough, in steps of a page. */
async function fillDisk(fill: Fill & { size: number; fills: number; random: Random }): Promise<void> {
  const { scenario, prepared, mount, size, fills, random, tally, options } = fill
  const needed = await spaceNeeded(fill)
  if (needed === null) return
  const steps = Array.from({ length: Math.ceil(needed / page) + 2 }, (_, index) => index * page)
  for (const [index, free] of random.sample(steps, options.mutant ? 12 : fills).entries()) {
    // Every other time it is closed first: what stands then must be right without another try.
    const goesOn = index % 2 === 0
    await onDisk(mount, size, prepared, async (root) => {
      const place = `${scenario.name}, ${free / 1_024} KB free on ${size} MB (seed ${options.seed})`
      const acked: string[] = []
      const ack = (what: string): void => void acked.push(what)
      const home = await openHome(root)
      try {
        const filler = leaveFree(mount, free)
        const refused = await scenario.act(home, ack).then(
          () => false,
          () => true,
        )
        tally.faults += Number(refused || acked.length === 0)
        rmSync(filler)
        // The same house, without a restart.
        if (goesOn) await scenario.act(home, ack)
      } catch (error) {
        tally.losses.push(`${place}: with room again it does not go on: ${(error as Error).message}`)
      } finally {
        await home.close()
      }
      for (const loss of await judge(root, scenario, acked, 1)) tally.losses.push(`${place}: ${loss}`)
    })
    tally.points += 1
    tally.states += 1
    if (options.mutant && tally.losses.length > 0) return
  }
}

/** Bytes that acting takes on such a disk; null where even opening does not fit. */
async function spaceNeeded({ scenario, prepared, mount, size }: Fill & { size: number }): Promise<number | null> {
  let needed: number | null = null
  await onDisk(mount, size, prepared, async (root) => {
    const home = await openHome(root)
    const before = freeOn(mount)
    await scenario.act(home, () => {})
    needed = before - freeOn(mount)
    await home.close()
  }).catch(() => {})
  return needed
}

/** The disk is full but for the ballast: what is asked next is done all the same. */
async function useBallast({ scenario, prepared, mount, tally, options }: Fill): Promise<void> {
  await onDisk(mount, largeMegabytes, prepared, async (root) => {
    const home = await openHome(root)
    const ballast = join(profileOf(root), 'ballast')
    await home.house.start()
    for (let waited = 0; !existsSync(ballast) && waited < 50; waited++)
      await new Promise((resolve) => setTimeout(resolve, 100))
    const acked: string[] = []
    const place = `${scenario.name}, no space but the ballast (seed ${options.seed})`
    try {
      if (!existsSync(ballast)) tally.losses.push(`${place}: no ballast was made`)
      leaveFree(mount, 0)
      await scenario.act(home, (what) => void acked.push(what))
      if (acked.length === 0) tally.losses.push(`${place}: it was not done`)
    } catch (error) {
      tally.losses.push(`${place}: it was refused: ${(error as Error).message}`)
    } finally {
      await home.close()
    }
    rmSync(join(mount, 'filler'), { force: true })
    for (const loss of await judge(root, scenario, acked, 1)) tally.losses.push(`${place}: ${loss}`)
    tally.points += 1
    tally.faults += 1
    tally.states += 1
  })
}

async function onDisk(
  mount: string,
  megabytes: number,
  prepared: string,
  work: (root: string) => Promise<void>,
): Promise<void> {
  const why = mountDisk(mount, megabytes)
  if (why !== null) throw new Error(why)
  try {
    const root = join(mount, 'root')
    copyRoot(prepared, root)
    await work(root)
  } finally {
    unmountDisk(mount)
  }
}

function mountDisk(folder: string, megabytes: number): string | null {
  if (process.platform !== 'linux') return `no tmpfs on ${process.platform}`
  const { status, stderr, error } = spawnSync(
    'mount',
    ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'inkwell-torture', folder],
    { encoding: 'utf8' },
  )
  return status === 0 ? null : (error?.message ?? stderr.trim())
}
const unmountDisk = (folder: string): void => void spawnSync('umount', ['-l', folder], { stdio: 'ignore' })

function freeOn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/** Fills the disk until only so much is left. */
function leaveFree(mount: string, free: number): string {
  const path = join(mount, 'filler')
  const file = openSync(path, 'w')
  const chunk = Buffer.alloc(megabyte)
  try {
    for (let room = freeOn(mount) - free; room > 0; room = freeOn(mount) - free)
      writeSync(file, chunk, 0, Math.min(room, chunk.length))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    closeSync(file)
  }
  return path
}
