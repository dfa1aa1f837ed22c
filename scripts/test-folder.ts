import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

let folder: string

/** Whatever tests put aside lies in one folder. */
export function setup(): void {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-tests-'))
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder
  // Processes that tests start take the types out of the sources once, not each time.
  process.env.NODE_COMPILE_CACHE ??= resolve('node_modules/.cache/compiled')
}

/**
 * Takes away what tests left, also those that were ended in the middle, and says what it was. Processes and mounts fail
 * the run; a file that something wrote in its last moment, on a busy computer, does not.
 */
export function teardown(): void {
  const processes = processesOf(folder)
  for (const { pid } of processes) process.kill(pid, 'SIGKILL')
  const mounts = mountsIn(folder)
  for (const mount of mounts) execFileSync('umount', ['-l', mount])
  const names = readdirSync(folder, { recursive: true }).map(String).toSorted().slice(0, 30)
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  if (names.length > 0) console.warn(`Tests left files behind:\n${names.join('\n')}`)
  const left = [...processes.map(({ words }) => words), ...mounts]
  if (left.length > 0) throw new Error(`Tests left behind:\n${left.join('\n')}`)
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
