import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

let folders: string[] = []

/** Whatever tests put aside lies in one folder, and in one more in memory where there is such a place. */
export function setup(): void {
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-tests-'))
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder
  folders = [folder]
  if (existsSync('/dev/shm')) {
    process.env.INKWELL_TEST_MEMORY = mkdtempSync('/dev/shm/inkwell-tests-')
    folders.push(process.env.INKWELL_TEST_MEMORY)
  }
  // Processes that tests start take the types out of the sources once, not each time.
  process.env.NODE_COMPILE_CACHE ??= resolve('node_modules/.cache/compiled')
}

/**
 * Takes away what tests left, also those that were ended in the middle, and says what it was. Processes and mounts fail
 * the run; a file that something wrote in its last moment, on a busy computer, does not.
 */
export function teardown(): void {
  const processes = folders.flatMap(processesOf)
  for (const { pid } of processes) kill(pid)
  const mounts = folders.flatMap(mountsIn)
  for (const mount of mounts) execFileSync('umount', ['-l', mount])
  const names = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map(String).toSorted().slice(0, 30),
  )
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  if (names.length > 0) console.warn(`Tests left files behind:\n${names.join('\n')}`)
  const left = [...processes.map(({ words }) => words), ...mounts]
  if (left.length > 0) throw new Error(`Tests left behind:\n${left.join('\n')}`)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // It ended by itself meanwhile, or has been given both folders.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Those that were given a path in the folder; where there is no /proc nobody looks. */
function processesOf(folder: string): { pid: number; words: string }[] {
  return listed('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((name) => ({ pid: Number(name), words: read(`/proc/${name}/cmdline`).replaceAll('\0', ' ') }))
    .filter(({ words }) => words.includes(folder))
}

/** The innermost first. */
function mountsIn(folder: string): string[] {
  return read('/proc/mounts')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((place) => place.startsWith(folder))
    .reverse()
}

function listed(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
