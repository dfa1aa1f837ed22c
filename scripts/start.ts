/** `npm start`: builds and opens the app. Says in one sentence when Electron's binary is not there. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
const electronFolder = dirname(require.resolve('electron/package.json'))
const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx'

function electronBinary(): string | null {
  const pathFile = join(electronFolder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const file = join(
    process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(electronFolder, 'dist'),
    readFileSync(pathFile, 'utf8').trim(),
  )
  return existsSync(file) ? file : null
}

if (!electronBinary()) spawnSync(process.execPath, [join(electronFolder, 'install.js')], { stdio: 'ignore' })
const binary = electronBinary()
if (!binary) {
  console.error(
    'Electron’s binary is missing and could not be fetched, so the app cannot open here; `npm run demo` shows Inkwell’s work without it.',
  )
  process.exit(1)
}
const build = spawnSync(npx, ['electron-vite', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' })
if (build.status !== 0) process.exit(build.status ?? 1)
process.exit(spawnSync(binary, ['.', ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1)
