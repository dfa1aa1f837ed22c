/** `npm run bench [-- --json]`: runs every benchmark in scripts/bench/ and prints its figures. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('./bench', import.meta.url))
const failed = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.ts'))
  .filter(
    (file) => spawnSync(process.execPath, [join(folder, file), ...process.argv.slice(2)], { stdio: 'inherit' }).status,
  )
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`)
  process.exit(1)
}
