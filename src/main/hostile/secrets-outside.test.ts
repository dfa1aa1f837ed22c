import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { keyringEnded } from '../credentials/keyring-testing.ts'
import { canaries, canariesIn, leaksUnder } from './canaries.ts'
import type { Route } from './hostile-house.ts'
import { type PrivateFeed, servePrivateFeeds } from './private-feeds.ts'

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
const onLinux = process.platform === 'linux'
const hasKeyring = onLinux && has('gnome-keyring-daemon') && has('dbus-run-session')
const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

let home: string
let server: Server
let feeds: PrivateFeed[]
let before: ((request: IncomingMessage) => Promise<void>) | null
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'inkwell-outside-'))
  mkdirSync(join(home, 'vault'))
  before = null
  const routes: Record<string, Route> = {}
  server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    await before?.(request)
    const route = routes[request.url!.split('?')[0]!] ?? { status: 404 }
    const served = typeof route === 'function' ? route(request, response) : route
    response.writeHead(served?.status ?? 200, served?.headers).end(served?.body ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  feeds = servePrivateFeeds(routes, (path) => origin + path)
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await keyringEnded(home)
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
})

const environment = () => ({ PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: home, NODE_NO_WARNINGS: '1' })
async function ended(child: ChildProcess, input: string): Promise<{ out: string; err: string; code: number | null }> {
  const code = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.stdin!.end(input)
  const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!)])
  return { out, err, code: await code }
}

/** Command line and environment of a process and of all it started, as any program of this user can read them. */
function seenOf(pid: number): Buffer {
  const read = (path: string): Buffer => {
    try {
      return readFileSync(path)
    } catch {
      return Buffer.alloc(0)
    }
  }
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const parentOf = (id: string): string => /^PPid:\s*(\d+)/m.exec(read(`/proc/${id}/status`).toString())?.[1] ?? ''
  const family = [String(pid)]
  for (const id of family) family.push(...pids.filter((one) => parentOf(one) === id))
  return Buffer.concat(family.flatMap((id) => [read(`/proc/${id}/cmdline`), read(`/proc/${id}/environ`)]))
}

it.runIf(onLinux)('118: no program sees a password in the arguments or the environment', async () => {
  const { url } = feeds.find(({ name }) => name === 'basic')!
  const profile = join(home, 'profile')
  const child = spawn(
    process.execPath,
    [
      script('../headless.ts'),
      'feeds',
      'add',
      url,
      '--username',
      'ana',
      '--password-stdin',
      '--session-only',
      '--allow-local',
      '--json',
      '--profile',
      profile,
    ],
    { env: environment() },
  )
  let seen: Buffer = Buffer.alloc(0)
  before = async ({ headers }) => {
    // While it holds the password and uses it.
    if (headers.authorization) seen = seenOf(child.pid!)
  }
  const { out, err, code } = await ended(child, `${canaries.basic}\n`)
  expect(code).toBe(0)
  expect(seen.toString()).toContain('--password-stdin')
  expect(canariesIn(seen)).toEqual([])
  expect(JSON.parse(out)).toMatchObject({ ok: true, data: { feed: { episodeCount: 2, isPrivate: true } } })
  expect(canariesIn(Buffer.from(out + err))).toEqual([])
  expect(leaksUnder(home)).toEqual({})
})

it.runIf(hasKeyring)(
  '47 and 118: with a real keychain secrets outlive the program, and stand nowhere in clear',
  async () => {
    const unlock = 'printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$0" "$1"'
    const child = spawn(
      'dbus-run-session',
      ['--', 'sh', '-c', unlock, process.execPath, script('fixtures/follow-in-keychain.ts')],
      { env: environment() },
    )
    const input = { profilePath: join(home, 'profile'), vaultPath: join(home, 'vault'), feeds }
    const { out, err, code } = await ended(child, JSON.stringify(input))
    expect(code, err).toBe(0)
    expect(canariesIn(Buffer.from(err))).toEqual([])
    expect(JSON.parse(out)).toEqual({
      states: feeds.map(() => ['fine', true]),
      jobs: feeds.map(() => 'done'),
    })
    expect(readdirSync(join(home, '.local/share/keyrings'))).toContain('login.keyring')
    expect(leaksUnder(home)).toEqual({})
  },
)
