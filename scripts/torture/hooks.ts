/**
 * Loaded by `--import` before a process of the suite: puts the planted fault into the sources as they are loaded, and the
 * failing file system in place of Node's. Nothing on disk is changed.
 */
import { registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { editsByFile, findMutant, withFault } from './mutants.ts'

const root = new URL('../../', import.meta.url)
const sources = new URL('src/main/', root).href
const settings = {
  mutant: process.env.INKWELL_TORTURE_MUTANT ?? '',
  shim: process.env.INKWELL_TORTURE_SHIM === '1',
}
const shims: Readonly<Record<string, string>> = {
  'node:fs': new URL('./shim/fs.ts', import.meta.url).href,
  'node:fs/promises': new URL('./shim/fs-promises.ts', import.meta.url).href,
}

const swapShim = new URL('./shim/swap-names.ts', import.meta.url).href

const mutant = settings.mutant === '' ? null : findMutant(settings.mutant)
const edits = new Map(
  [...(mutant ? editsByFile(mutant) : [])].map(([file, those]) => [new URL(file, root).href, those]),
)

if (settings.shim || mutant)
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const ours = settings.shim && context.parentURL?.startsWith(sources)
      const shim = !ours ? undefined : specifier.endsWith('/swap-names.ts') ? swapShim : shims[specifier]
      return nextResolve(shim ?? specifier, context)
    },
    load(url, context, nextLoad) {
      const changes = edits.get(url)
      if (!changes) return nextLoad(url, context)
      const loaded = nextLoad(url, context)
      const { source: given } = loaded
      const text = typeof given === 'string' ? given : Buffer.from(given as Uint8Array).toString('utf8')
      const source = withFault(text, changes)
      if (source === null) {
        console.error(`stale planted fault ${settings.mutant}: ${fileURLToPath(url)}`)
        process.exit(70)
      }
      edits.delete(url)
      return { ...loaded, source }
    },
  })

/** Files of the planted fault that no module asked for. */
export const unusedEdits = (): string[] => [...edits.keys()].map((url) => fileURLToPath(url))
export const hooksUrl = pathToFileURL(fileURLToPath(import.meta.url)).href
