/**
 * What the tests need beside npm's packages: Chromium (for the stand-in), a keyring and D-Bus (for the keychain tests),
 * strace (for the torture suite), ffmpeg (for recordings).
 * On Debian as root, or with a sudo that does not ask, it is installed; elsewhere it is named.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const onPath = (command: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)))

const needed = [
  { command: 'chromium', packageName: 'chromium' },
  { command: 'Xvfb', packageName: 'xvfb' },
  { command: 'dbus-run-session', packageName: 'dbus' },
  { command: 'gnome-keyring-daemon', packageName: 'gnome-keyring' },
  { command: 'strace', packageName: 'strace' },
  { command: 'ffmpeg', packageName: 'ffmpeg' },
]

const missing = process.platform === 'linux' ? needed.filter(({ command }) => !onPath(command)) : []
if (missing.length > 0) {
  const names = missing.map(({ packageName }) => packageName)
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const mayInstall = onPath('apt-get') && (asRoot.length === 0 || spawnSync('sudo', ['-n', 'true']).status === 0)
  if (!mayInstall) {
    console.error(`The tests need ${names.join(', ')}. Install them with your package manager, then run this again.`)
    process.exit(1)
  }
  console.log(`Installing ${names.join(', ')} for the tests …`)
  const run = (...args: string[]): void => {
    const [command, ...rest] = [...asRoot, ...args]
    execFileSync(command!, rest, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  }
  run('apt-get', 'update', '-qq')
  run('apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...names)
}
