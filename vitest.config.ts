import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'scripts/**/*.test.ts'],
    globalSetup: 'scripts/test-folder.ts',
    setupFiles: 'scripts/test-seed.ts',
    maxWorkers: '100%',
    // For computers that are busy with other things: limits end what hangs, speed is measured by `npm run bench`.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
