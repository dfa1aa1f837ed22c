import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { contract } from './src/shared/contract/index.ts'
import { namesOf } from './src/shared/contract/names.ts'

const workers = readdirSync('src/main/workers')
  .filter((file) => file.endsWith('.worker.ts'))
  .map((file) => file.replace(/\.ts$/, ''))

export default defineConfig({
  main: {
    build: {
      rolldownOptions: {
        // Workers are entries of their own: they are started by path, beside the bundle that starts them.
        input: {
          index: resolve('src/main/index.ts'),
          headless: resolve('src/main/headless.ts'),
          // A process of its own, started by path as the workers are.
          'speech/engine/main': resolve('src/main/speech/engine/main.ts'),
          ...Object.fromEntries(workers.map((name) => [`workers/${name}`, resolve(`src/main/workers/${name}.ts`)])),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    // The names are data made here, so that zod and the schemas stay out of the preload.
    define: { __CONTRACT_NAMES__: JSON.stringify(namesOf(contract)) },
    build: {
      externalizeDeps: false, // a sandboxed preload may only require('electron')
      rolldownOptions: { output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    plugins: [react()],
    build: { minify: true, chunkSizeWarningLimit: 3000 },
  },
})
