/** `npm run demo`: the sample feed, served on this computer, becomes notes. Opens nothing and needs no network. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// An older Node on the PATH cannot run the sources: the one that was installed with Inkwell can.
if (Number(process.versions.node.split('.')[0]) < 24) {
  const own = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
  const { status } = spawnSync(own, [fileURLToPath(import.meta.url)], { stdio: 'inherit' })
  process.exit(status ?? 1)
}
const { runDemo } = await import('./demo/run.ts')
const folder = mkdtempSync(join(tmpdir(), 'inkwell-demo-'))
mkdirSync(join(folder, 'notes'))
process.exitCode = await runDemo(folder, (words) => void process.stdout.write(words))
