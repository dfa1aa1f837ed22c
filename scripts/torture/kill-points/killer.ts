import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { startNode } from '../processes.ts'

/** One call that changes a file, as a run that nobody disturbed made it. */
export interface Point {
  /** `other`: a worker thread, which nobody can name before it is there. */
  readonly thread: 'main' | 'pool' | 'other' | 'port'
  readonly call: string
  /** Which of its kind in its thread, from 1. */
  readonly count: number
  /** Below the root, without what is random. */
  readonly what: string
  /** What strace does there. Default: `signal=SIGKILL`. */
  readonly fault?: string
  /** At every call from there on. */
  readonly forever?: boolean
}
export interface Run {
  readonly killed: boolean
  readonly acked: readonly string[]
  /** What it said before it ended in a way that nobody asked for. */
  readonly errors: string
  /** Calls of the file-system port. */
  readonly traced: readonly string[]
  readonly threads: Threads
}
export interface Threads {
  readonly main: number
  readonly pool: number
}
export interface Victim {
  /** Lets it go, killed at a point or not at all. */
  run(at: Point | null, record?: string): Promise<Run>
  /** Ends one that was not used. */
  drop(): void
}
export interface VictimOptions {
  readonly root: string
  readonly scenario: string
  readonly acks: string
  readonly action: 'act' | 'recover'
  readonly mutant: string | null
  /** By strace, else by the file-system port. */
  readonly how: 'strace' | 'port'
  readonly killAt?: number
  /** The victim in one file (`bundle.ts`), where nothing is put into its sources. */
  readonly bundle?: string | undefined
}

/** File-changing calls of Linux; which of them Node and SQLite use differs from version to version. */
const calls = [
  'write',
  'pwrite64',
  'writev',
  'pwritev',
  'pwritev2',
  'rename',
  'renameat',
  'renameat2',
  'link',
  'linkat',
  'symlink',
  'symlinkat',
  'unlink',
  'unlinkat',
  'rmdir',
  'mkdir',
  'mkdirat',
  'truncate',
  'ftruncate',
  'fallocate',
  'copy_file_range',
  'sendfile',
  'fsync',
  'fdatasync',
  'openat',
]

/** Loads while something else is done: most of its time goes into that. */
export function startVictim(options: VictimOptions): Victim {
  const { root, scenario, acks, action, mutant, how, killAt = 0 } = options
  const shim = how === 'port'
  const child = startNode(options.bundle ?? './kill-points/victim.ts', [root, scenario, acks, action], {
    mutant,
    shim,
    env: { INKWELL_TORTURE_KILL_AT: String(killAt) },
  })
  let errors = ''
  child.stderr!.on('data', (part) => {
    errors += String(part)
  })
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout! })
  const ready = new Promise<void>((resolve) => {
    reader.on('line', (line) => {
      lines.push(line)
      resolve()
    })
    child.once('exit', () => resolve())
  })
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>
  return {
    async run(at, record) {
      await ready
      if (lines.length === 0) {
        const [code] = await ended
        const none = { main: 0, pool: 0 }
        return { killed: false, acked: [], errors: errors || `ended with ${code}`, traced: [], threads: none }
      }
      const named = JSON.parse(lines[0]!) as { id: number; name: string }[]
      const pool = named.find(({ name }) => name === 'libuv-worker')?.id ?? child.pid!
      const threads: Threads = { main: child.pid!, pool }
      const tracer = how === 'strace' && (at || record) ? await attach(child, threads, at, record) : null
      child.stdin!.end('go\n')
      const [code, signal] = await ended
      if (tracer && tracer.exitCode === null && tracer.signalCode === null) await once(tracer, 'exit')
      const acked = existsSync(acks) ? readFileSync(acks, 'utf8').split('\n').filter(Boolean) : []
      rmSync(acks, { force: true })
      const killed = signal === 'SIGKILL'
      return {
        killed,
        acked,
        errors: killed || code === 0 ? '' : errors || `ended with ${code} ${signal}`,
        traced: how === 'port' && lines[1] ? (JSON.parse(lines[1]) as string[]) : [],
        threads,
      }
    },
    drop: () => child.kill('SIGKILL'),
  }
}

async function attach(
  child: ChildProcess,
  threads: Threads,
  at: Point | null,
  record: string | undefined,
): Promise<ChildProcess> {
  const traced =
    at?.thread === 'main' || at?.thread === 'pool'
      ? ['-p', String(threads[at.thread])]
      : ['-f', '-p', String(child.pid)]
  const args = at
    ? [
        ...traced,
        ...[
          '-e',
          `trace=${at.call}`,
          '-e',
          `inject=${at.call}:${at.fault ?? 'signal=SIGKILL'}:when=${at.count}${at.forever ? '+' : ''}`,
          '-o',
          '/dev/null',
        ],
      ]
    : [...traced, '-y', '-s', '1', '-e', `trace=${calls.join(',')}`, '-o', record!]
  const tracer = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  await new Promise<void>((resolve, reject) => {
    let said = ''
    tracer.stderr!.on('data', (part) => {
      said += String(part)
      if (said.includes('attached')) resolve()
    })
    tracer.once('exit', () => reject(new Error(`strace: ${said}`)))
    tracer.once('error', reject)
  })
  return tracer
}

/** What is made up anew in each run. */
const withoutChance = (path: string): string => path.replace(/[0-9a-f]{8,}(-[0-9a-f]{4,})*/g, '#')

/** The points of a recorded run, in their order: calls that change something below the root. */
export function readPoints(record: string, root: string, { main, pool }: Threads): Point[] {
  const counts = new Map<string, number>()
  const points: Point[] = []
  for (const line of readFileSync(record, 'utf8').split('\n')) {
    const [, id, call, rest] = /^(\d+) +(\w+)\((.*)$/.exec(line) ?? []
    if (!call || !calls.includes(call)) continue
    const key = `${id} ${call}`
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (call === 'openat' && !/O_CREAT|O_TRUNC/.test(rest!)) continue
    const paths = [...rest!.matchAll(/"([^"]*)"|<([^>]*)>/g)].map(([, quoted, named]) => quoted ?? named!)
    const path = paths.filter((one) => one.startsWith(root)).at(-1)
    if (path === undefined) continue
    points.push({
      thread: Number(id) === main ? 'main' : Number(id) === pool ? 'pool' : 'other',
      call,
      count,
      what: `${call} ${withoutChance(path.slice(root.length))}`,
    })
  }
  return points
}
