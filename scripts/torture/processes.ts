import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Environment of a process of the suite: compiled sources are kept, and nothing of the user's session is asked. */
export function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { DBUS_SESSION_BUS_ADDRESS: _, ...rest } = process.env
  return {
    ...rest,
    NODE_COMPILE_CACHE: join(tmpdir(), 'inkwell-torture-compiled'),
    NODE_NO_WARNINGS: '1',
    UV_THREADPOOL_SIZE: '1',
    ...more,
  }
}

/** A process that runs a module of the suite, with the planted fault and the failing file system where asked for. */
export function startNode(
  module: string,
  args: readonly string[],
  options: { mutant?: string | null; shim?: boolean; env?: Readonly<Record<string, string>> } = {},
): ChildProcess {
  const { mutant, shim = false, env = {} } = options
  const hooks = mutant || shim ? ['--import', here('./hooks.ts')] : []
  return spawn(process.execPath, [...hooks, isAbsolute(module) ? module : here(module), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment({
      ...env,
      INKWELL_TORTURE_MUTANT: mutant ?? '',
      INKWELL_TORTURE_SHIM: shim ? '1' : '0',
    }),
  })
}

let answered: Promise<string | null> | undefined

/** Why processes cannot be traced and killed at a system call here; null when they can. Asked once. */
export function whyNoStrace(): Promise<string | null> {
  answered ??= tryStrace()
  return answered
}

async function tryStrace(): Promise<string | null> {
  if (process.platform !== 'linux') return `no strace on ${process.platform}`
  if (spawnSync('strace', ['-V'], { stdio: 'ignore' }).error) return 'strace is not installed'
  const other = spawn('sleep', ['30'], { stdio: 'ignore' })
  const tracer = spawn('strace', ['-p', String(other.pid)], { stdio: ['ignore', 'ignore', 'pipe'] })
  const attached = await new Promise<boolean>((resolve) => {
    createInterface({ input: tracer.stderr })
      .on('line', (line) => line.includes('attached') && resolve(true))
      .on('close', () => resolve(false))
  })
  tracer.kill('SIGKILL')
  other.kill('SIGKILL')
  return attached ? null : 'this system does not let a process trace another'
}

/** In memory where there is such a place: what is killed is a process, not a disk, and syncs cost nothing there. */
export const temporaryFolder = (): string => (existsSync('/dev/shm') ? '/dev/shm' : tmpdir())

/** Ticks of a second in /proc; Linux counts so everywhere that Node runs. */
const ticks = 100

/** Seconds of processor time that this process took so far, with the processes that it started and that have ended. */
export function processorSeconds(): number {
  if (!existsSync('/proc/self/stat')) {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1_000_000
  }
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / ticks
}
