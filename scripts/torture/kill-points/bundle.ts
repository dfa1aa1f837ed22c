import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Mutant } from '../family.ts'
import { editsByFile, withFault } from '../mutants.ts'

let built: Promise<string> | undefined

/**
 * The victim with all it imports, and the planted fault, in one file, which loads in a third of the time: a hundred of
 * them are started. Where modules look for what lies beside them they still find it. Made once a process, and removed
 * when that ends; that of the real sources once for all processes.
 */
export function bundledVictim(mutant: Mutant | null): Promise<string> {
  const shared = process.env[sharedBundle]
  if (mutant === null && shared) return Promise.resolve(shared)
  built ??= make(mutant)
  return built
}

/** Names the file for the processes that are started. */
export const sharedBundle = 'INKWELL_TORTURE_VICTIM'

const root = new URL('../../../', import.meta.url)

/** The fault is put in where the hooks would do it. */
function plant(mutant: Mutant | null, code: string, id: string): string {
  const [, edits] =
    [...(mutant ? editsByFile(mutant) : [])].find(([file]) => fileURLToPath(new URL(file, root)) === id) ?? []
  if (!edits) return code
  const changed = withFault(code, edits)
  if (changed === null) throw new Error(`stale planted fault: ${id}`)
  return changed
}

async function make(mutant: Mutant | null): Promise<string> {
  // Below node_modules: native packages stay outside the bundle and are found from here.
  const cache = fileURLToPath(new URL('node_modules/.cache/', root))
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'torture-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  // As large as all the rest, and not for families that start nobody.
  const { build } = await import('vite')
  await build({
    configFile: false,
    logLevel: 'silent',
    root: fileURLToPath(root),
    publicDir: false,
    plugins: [
      {
        name: 'urls-of-the-sources',
        enforce: 'pre',
        transform(given, id) {
          const [path] = id.split('?') as [string]
          const url = JSON.stringify(pathToFileURL(path).href)
          const code = plant(mutant, given, path).replaceAll('import.meta.url', url)
          return code === given ? null : { code, map: null }
        },
      },
    ],
    ssr: { noExternal: true, external: ['koffi', '@napi-rs/keyring'] },
    build: {
      ssr: fileURLToPath(new URL('./victim.ts', import.meta.url)),
      outDir: folder,
      target: 'node24',
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'victim.mjs', codeSplitting: false } },
    },
  })
  return join(folder, 'victim.mjs')
}
