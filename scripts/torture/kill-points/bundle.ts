import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

let built: Promise<string> | undefined

/**
 * The victim with all it imports in one file, which loads in a third of the time: a hundred of them are started. Where
 * modules look for what lies beside them they still find it. Made once for all processes, and removed when that ends
 * which made it.
 */
export function bundledVictim(): Promise<string> {
  const shared = process.env[sharedBundle]
  if (shared) return Promise.resolve(shared)
  built ??= make()
  return built
}

/** Names the file for the processes that are started. */
export const sharedBundle = 'INKWELL_TORTURE_VICTIM'

const root = new URL('../../../', import.meta.url)

async function make(): Promise<string> {
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
        transform(code, id) {
          if (!code.includes('import.meta.url')) return null
          const url = JSON.stringify(pathToFileURL(id.split('?')[0]!).href)
          return { code: code.replaceAll('import.meta.url', url), map: null }
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
