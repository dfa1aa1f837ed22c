import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { errorCode, type FileSystem, makeFolders, renameWaiting, syncFolder, writeFileAtomic } from '../write-file.ts'

/** A recovery under way; kept in the profile until the new database is in its place, so that a kill is gone on from. */
const Plan = z.object({
  schema_version: z.literal(1),
  /** Of the folder, e.g. `2026-11-23T030405Z`. */
  stamp: z.string().regex(/^[\dTZ.-]+$/),
  reason: z.string(),
  at_ms: z.number(),
  /** Of the damaged database, as they were found. */
  files: z.array(z.enum(['inkwell.db', 'inkwell.db-wal', 'inkwell.db-shm', 'inkwell.db-journal'])),
})
export type Plan = z.infer<typeof Plan>

const planName = 'recovery.json'
const suffixes = ['', '-wal', '-shm', '-journal'] as const

export const quarantineFolder = (profilePath: string, stamp: string): string => join(profilePath, 'quarantine', stamp)

const exists = async (fs: FileSystem, path: string): Promise<boolean> => {
  try {
    await fs.lstat(path)
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
}

/** Null when none is under way. */
export async function readPlan(profilePath: string, fs: FileSystem): Promise<Plan | null> {
  const path = join(profilePath, planName)
  if (!(await exists(fs, path))) return null
  const file = await fs.open(path, constants.O_RDONLY)
  try {
    return Plan.parse(JSON.parse(await file.readFile('utf8')))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null
    throw error
  } finally {
    await file.close()
  }
}

async function freeStamp(profilePath: string, fs: FileSystem, nowMs: number): Promise<string> {
  const second = new Date(nowMs).toISOString().slice(0, 19).replaceAll(':', '')
  let stamp = `${second}Z`
  for (let n = 2; await exists(fs, quarantineFolder(profilePath, stamp)); n += 1) stamp = `${second}-${n}Z`
  return stamp
}

/** An empty folder of its own. */
export async function newQuarantine(
  profilePath: string,
  fs: FileSystem,
  nowMs: number,
): Promise<{ folder: string; stamp: string }> {
  const stamp = await freeStamp(profilePath, fs, nowMs)
  return { stamp, folder: await makeFolders(profilePath, ['quarantine', stamp], { fs }) }
}

/** From here on the recovery is gone on with, whatever happens. */
export async function beginPlan(profilePath: string, fs: FileSystem, reason: string, nowMs: number): Promise<Plan> {
  const files: Plan['files'] = []
  for (const suffix of suffixes)
    if (await exists(fs, join(profilePath, `inkwell.db${suffix}`))) files.push(`inkwell.db${suffix}`)
  const stamp = await freeStamp(profilePath, fs, nowMs)
  const plan: Plan = { schema_version: 1, stamp, reason, at_ms: nowMs, files }
  await writeFileAtomic(join(profilePath, planName), `${JSON.stringify(plan, null, 2)}\n`, { fs, mode: 0o600 })
  return plan
}

/**
 * Moves the damaged files into their folder, each by a rename, and describes them there. Idempotent: files that are
 * there already are left. @returns whether a new database has taken their place before
 */
export async function setAside(profilePath: string, plan: Plan, fs: FileSystem): Promise<boolean> {
  const folder = await makeFolders(profilePath, ['quarantine', plan.stamp], { fs })
  let moved = false
  let waiting = false
  // The main file last: as long as it lies in its place, so does the plan's claim that it is damaged.
  for (const name of plan.files.toReversed()) {
    if (await exists(fs, join(folder, name))) continue
    waiting = true
    if (!(await exists(fs, join(profilePath, name)))) continue
    await renameWaiting(join(profilePath, name), join(folder, name), { fs })
    moved = true
  }
  if (moved) {
    await syncFolder(folder, fs)
    await syncFolder(profilePath, fs)
  }
  const manifest = join(folder, 'manifest.txt')
  if (!(await exists(fs, manifest))) {
    await writeFileAtomic(manifest, await describe(folder, plan, fs), { fs, mode: 0o400 })
  }
  return !waiting && (await exists(fs, join(profilePath, 'inkwell.db')))
}

async function describe(folder: string, plan: Plan, fs: FileSystem): Promise<string> {
  const lines = [
    'Inkwell found its database damaged and set it aside here. Nothing in this folder was changed.',
    '',
    `When:  ${new Date(plan.at_ms).toISOString()}`,
    `Why:   ${plan.reason}`,
    '',
    ...(plan.files.length === 0 ? ['There was no file left.'] : []),
  ]
  for (const name of plan.files) {
    const { bytes, sha256 } = await digest(join(folder, name), fs)
    lines.push(`${basename(name)}  ${bytes} bytes  SHA-256 ${sha256}`)
  }
  return `${lines.join('\n')}\n`
}

/** What a disk cannot read counts as zeros. */
async function digest(path: string, fs: FileSystem): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  const file = await fs.open(path, constants.O_RDONLY)
  try {
    const { size } = await file.stat()
    const buffer = Buffer.alloc(262_144)
    for (let at = 0; at < size; at += buffer.length) {
      const length = Math.min(buffer.length, size - at)
      await file.read(buffer, 0, length, at).catch((error) => {
        if (errorCode(error) !== 'EIO') throw error
        buffer.fill(0)
      })
      hash.update(buffer.subarray(0, length))
    }
    return { bytes: size, sha256: hash.digest('hex') }
  } finally {
    await file.close()
  }
}

export async function endPlan(profilePath: string, fs: FileSystem): Promise<void> {
  await fs.unlink(join(profilePath, planName))
  await syncFolder(profilePath, fs)
}
