import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { startNode } from '../processes.ts'

/** One call that changes a file, as a run that nobody disturbed made it. */
export interface Point {
  readonly thread: 'main' | 'pool' | 'port'
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
export interface Victim {
  /** Lets it go, killed at a point or not at all. */
  run(
    at: Point | null,
    record?: string,
  ): Promise<{ killed: boolean; acked: string[]; errors: string; traced: string[] }>
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
  const child = startNode('./kill-points/victim.ts', [root, scenario, acks, action], {
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
        return { killed: false, acked: [], errors: errors || `ended with ${code}`, traced: [] }
      }
      const threads = JSON.parse(lines[0]!) as { id: number; name: string }[]
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
      }
    },
    drop: () => child.kill('SIGKILL'),
  }
}

async function attach(
  child: ChildProcess,
  threads: readonly { id: number; name: string }[],
  at: Point | null,
  record: string | undefined,
): Promise<ChildProcess> {
  const idOf = (name: string): number => threads.find((thread) => thread.name === name)?.id ?? child.pid!
  const args = at
    ? [
        ...['-p', String(at.thread === 'main' ? child.pid : idOf('libuv-worker'))],
        ...[
          '-e',
          `trace=${at.call}`,
          '-e',
          `inject=${at.call}:${at.fault ?? 'signal=SIGKILL'}:when=${at.count}${at.forever ? '+' : ''}`,
          '-o',
          '/dev/null',
        ],
      ]
    : ['-f', '-p', String(child.pid), '-y', '-s', '1', '-e', `trace=${calls.join(',')}`, '-o', record!]
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
export function readPoints(record: string, root: string, mainThread: number): Point[] {
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
      thread: Number(id) === mainThread ? 'main' : 'pool',
      call,
      count,
      what: `${call} ${withoutChance(path.slice(root.length))}`,
    })
  }
  return points
}
