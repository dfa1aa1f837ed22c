import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { _electron, test as base, type ElectronApplication, expect, type Page } from '@playwright/test'
import { type FeedServer, startServer } from './server.ts'

const standIn = resolve('e2e/stand-in/electron')
const startMs = 120_000

/** Real Electron when its binary is on this machine, else the stand-in. `E2E_TARGET=stand-in` chooses. */
export const onRealElectron = ((): boolean => {
  if (process.env.E2E_TARGET === 'stand-in') return false
  const pathFile = resolve('node_modules/electron/path.txt')
  return (
    existsSync(pathFile) && existsSync(resolve('node_modules/electron/dist', readFileSync(pathFile, 'utf8').trim()))
  )
})()

/** An app whose window refuses to close would keep the runner waiting for ever: after 30 s it is killed. */
export async function closeApp(app: ElectronApplication): Promise<void> {
  const timer = setTimeout(() => killApp(app), 30_000)
  await app.close().catch(() => {})
  clearTimeout(timer)
}

/** kill -9, as a crash or a power switch would. */
export function killApp(app: ElectronApplication): void {
  try {
    app.process().kill('SIGKILL')
  } catch {
    // it has ended by itself
  }
}

interface Fixtures {
  /** A folder of the test's own; `profile` and `vault` are to be in it. */
  folder: string
  profile: string
  vault: string
  /** Opens the app on `profile`; as often as wanted, one after another. */
  launch: (env?: Record<string, string>) => Promise<ElectronApplication>
  app: ElectronApplication
  page: Page
  /** A host of feeds on loopback, of the test's own. */
  server: FeedServer
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'inkwell-e2e-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },
  profile: async ({ folder }, use) => use(join(folder, 'profile')),
  vault: async ({ folder }, use) => use(join(folder, 'Documents', 'Inkwell')),
  launch: async ({ folder, profile }, use) => {
    const open: ElectronApplication[] = []
    await use(async (env = {}) => {
      const app = await _electron.launch({
        ...(onRealElectron ? {} : { executablePath: standIn }),
        args: ['.'],
        timeout: startMs,
        env: {
          ...(process.env as Record<string, string>),
          // The stand-in takes the types out of its sources once, not at each start.
          ...(onRealElectron ? {} : { NODE_COMPILE_CACHE: resolve('node_modules/.cache/compiled') }),
          INKWELL_PROFILE: profile,
          // The suggested notes folder lies below these: a test never sees the user's own.
          HOME: folder,
          USERPROFILE: folder,
          XDG_DOCUMENTS_DIR: join(folder, 'Documents'),
          ...env,
        },
      })
      open.push(app)
      return app
    })
    for (const app of open) await closeApp(app)
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  server: async ({}, use) => {
    const server = await startServer()
    await use(server)
    await server.close()
  },
  app: async ({ launch }, use) => use(await launch()),
  page: async ({ app }, use) => use(await readyPage(app)),
})

/** The window once its first view has drawn. */
export async function readyPage(app: ElectronApplication): Promise<Page> {
  const page = await app.firstWindow({ timeout: startMs })
  await page.getByRole('navigation', { name: 'Main' }).waitFor({ timeout: startMs })
  return page
}

/** No violation of WCAG 2.2 A and AA. `colours` asks only for what another colour scheme may change. */
export async function expectAccessible(page: Page, what: 'all' | 'colours' = 'all'): Promise<void> {
  const axe = new AxeBuilder({ page }).setLegacyMode() // Electron opens no second page for axe
  const { violations } = await (what === 'all'
    ? axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    : axe.withRules(['color-contrast', 'link-in-text-block'])
  ).analyze()
  expect(
    violations.map(({ id, nodes }) => ({
      id,
      targets: nodes.map(({ target, failureSummary }) => ({ target, failureSummary })),
    })),
  ).toEqual([])
}

export { expect }
