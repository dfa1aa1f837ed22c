import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
export const hasKeyring = process.platform === 'linux' && has('gnome-keyring-daemon') && has('dbus-daemon')

export interface Keyring {
  /** For the app that shall use it. */
  readonly env: Record<string, string>
  close(): void
}

/** A keyring of the test's own, unlocked, on a bus of its own: the user's is never asked. */
export async function startKeyring(folder: string): Promise<Keyring> {
  const home = join(folder, 'keyring')
  mkdirSync(home, { mode: 0o700 })
  const address = `unix:path=${join(home, 'bus')}`
  const env = { PATH: process.env.PATH ?? '', HOME: home, XDG_RUNTIME_DIR: home, DBUS_SESSION_BUS_ADDRESS: address }
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address', `--address=${address}`], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await firstOutput(bus)
  // Goes into the background once it answers, and ends with its bus.
  const unlocked = spawnSync('gnome-keyring-daemon', ['--unlock', '--components=secrets'], {
    env,
    input: 'pw',
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: 120_000,
  })
  if (unlocked.status !== 0) {
    bus.kill()
    throw new Error(`gnome-keyring-daemon ended with ${unlocked.status}`)
  }
  return { env: { DBUS_SESSION_BUS_ADDRESS: address }, close: () => void bus.kill() }
}

const firstOutput = (child: ChildProcess): Promise<void> =>
  new Promise((heard, failed) => {
    child.stdout?.once('data', () => heard())
    child.once('error', failed)
    child.once('exit', (code) => failed(new Error(`ended with ${code}`)))
  })
