import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'

let built: Promise<string> | undefined

/**
 * The victim with all it imports in one file, which loads in a third of the time: a hundred of them are started. Where
 * modules look for what lies beside them they still find it. Made once a process, and removed when that ends.
 */
export function bundledVictim(): Promise<string> {
  built ??= make()
  return built
}

async function make(): Promise<string> {
  // Below node_modules: native packages stay outside the bundle and are found from here.
  const cache = fileURLToPath(new URL('../../../node_modules/.cache/', import.meta.url))
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'torture-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  await build({
    configFile: false,
    logLevel: 'silent',
    root: fileURLToPath(new URL('../../../', import.meta.url)),
    publicDir: false,
    plugins: [
      {
        name: 'urls-of-the-sources',
        enforce: 'pre',
        transform: (code, id) =>
          code.includes('import.meta.url')
            ? {
                code: code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id.split('?')[0]!).href)),
                map: null,
              }
            : null,
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
