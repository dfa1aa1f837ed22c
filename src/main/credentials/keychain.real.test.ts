import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { keyringEnded } from './keyring-testing.ts'

const script = fileURLToPath(new URL('./fixtures/use-keychain.ts', import.meta.url))
const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
const hasKeyring = process.platform === 'linux' && has('gnome-keyring-daemon') && has('dbus-run-session')

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'inkwell-keyring-'))
})
afterEach(async () => {
  await keyringEnded(home)
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
})

async function inSession(before: string): Promise<unknown[]> {
  const env = { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: home, NODE_NO_WARNINGS: '1' }
  const command = `${before} exec "$0" "$1"`
  const { stdout } = await promisify(execFile)(
    'dbus-run-session',
    ['--', 'sh', '-c', command, process.execPath, script],
    { env },
  )
  return JSON.parse(stdout) as unknown[]
}
const done = { ok: true, value: null }

it.runIf(hasKeyring)('a real gnome-keyring keeps, gives back and forgets', async () => {
  const unlock = 'printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1;'
  expect(await inSession(unlock)).toEqual([
    true,
    done,
    done,
    { ok: true, value: '{"password":"Kö:nig\\n"}' },
    done,
    true,
    done,
    done,
    done,
  ])
})
it.runIf(process.platform === 'linux')('no keychain on the bus: says so', async () => {
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${home}/none`,
    NODE_NO_WARNINGS: '1',
  }
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env })
  expect(JSON.parse(stdout)).toEqual([
    false,
    { ok: false, error: expect.objectContaining({ code: 'keychain-unavailable' }) },
  ])
})
