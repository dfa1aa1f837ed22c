import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
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

/** Why processes cannot be traced and killed at a system call here; null when they can. */
export function whyNoStrace(): string | null {
  if (process.platform !== 'linux') return `no strace on ${process.platform}`
  const found = spawnSync('strace', ['-V'], { stdio: 'ignore' })
  if (found.error) return 'strace is not installed'
  const script = 'sleep 30 & s=$!; strace -p $s 2>&1 | { read line; echo "$line"; kill $s; }'
  const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8', timeout: 30_000 })
  return stdout.includes('attached') ? null : 'this system does not let a process trace another'
}
