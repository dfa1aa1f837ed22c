import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, expectAccessible, readyPage, test } from './fixtures.ts'
import { type FeedServer, rss, send } from './server.ts'
import { call, fileNamed, follow, leaveBehind, openPath, serveShow } from './steps.ts'

const schemes = ['light', 'dark'] as const
const sizes = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
  { width: 720, height: 520 },
]
/** Kept as pictures of the program when asked for: `INKWELL_SCREENSHOTS=docs/screenshots`. */
const pictures = process.env.INKWELL_SCREENSHOTS

const almanacTitles = [
  'The fog signal nobody switched off',
  'How a tide table is made',
  'A year of one hedge',
  'Bees keep no appointments',
  'The last ice cutter’s diary',
  'Leap seconds, and who asked for them',
  'Fieldfares',
  'When the almanac was wrong on purpose',
  'A lighthouse on half pay',
  'Rain gauges of the amateur union',
  'How to read a drystone wall',
  'The hour that was sold to the railway',
]
const dayMs = 86_400_000
/** One every other day up to yesterday; every fourth comes without a transcript. */
const almanac = (host: string): string =>
  rss(
    'The Slow Almanac',
    almanacTitles.map((title, index) => ({
      guid: `a${index}`,
      title,
      day: new Date(Date.now() - dayMs - index * 2 * dayMs).toISOString().slice(0, 10),
      ...(index % 4 === 3 ? {} : { transcriptUrl: `${host}/talk.vtt` }),
    })),
  ).replace('For tests', 'Tides, hedges, clocks and other things that keep their own time.')

async function closeToasts(page: Page): Promise<void> {
  const close = page.getByRole('button', { name: 'Close this message' })
  await close.evaluateAll((buttons) => {
    for (const button of buttons) (button as HTMLElement).click()
  })
  await expect(close).toHaveCount(0)
}

/** Every size in both schemes: nothing scrolls sideways, axe finds nothing, and a picture where one is wanted. */
async function hold(page: Page, name: string): Promise<void> {
  for (const scheme of schemes) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    for (const size of sizes) {
      await page.setViewportSize(size)
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow, `${name} scrolls sideways at ${size.width}`).toBeLessThanOrEqual(0)
      if (pictures && size.width > 720) {
        mkdirSync(pictures, { recursive: true })
        // With a mouse no ring is drawn around a heading.
        await page.evaluate(() => document.querySelector<HTMLElement>('h1:focus')?.blur())
        await page.screenshot({ path: join(pictures, `${name}-${scheme}-${size.width}x${size.height}.png`) })
      }
    }
    await page.setViewportSize(sizes[0]!)
    await expectAccessible(page, scheme === schemes[0] ? 'all' : 'colours')
  }
}

test('first start', async ({ page }) => {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await hold(page, 'first-start')
})

test.describe('with a library', () => {
  let library: { episodeId: string }
  let almanacId = ''

  const stage = async (page: Page, server: FeedServer): Promise<void> => {
    const { rows } = await follow(page, serveShow(server))
    server.on(
      '/login.xml',
      send(rss('Night Ferry Radio', [{ guid: 'n1', title: 'Crossing', day: '2026-11-02' }]), 'application/rss+xml'),
    )
    const ferry = { url: `${server.url}/login.xml`, allowLocalNetwork: true }
    const { feed } = await call<{ feed: { id: string } }>(page, 'feeds.add', ferry)
    server.on('/almanac.xml', send(almanac(server.url), 'application/rss+xml'))
    const slow = { url: `${server.url}/almanac.xml`, allowLocalNetwork: true }
    almanacId = (await call<{ feed: { id: string } }>(page, 'feeds.add', slow)).feed.id
    server.on('/login.xml', send('<!doctype html><title>Log in</title><input type="password">', 'text/html'))
    await call(page, 'intake.trySample')
    await call(page, 'jobs.start', { episodeIds: rows.map(({ id }) => id) })
    await expect
      .poll(async () => (await call<{ state: string }[]>(page, 'jobs.list')).map(({ state }) => state).sort(), {
        timeout: 120_000,
      })
      .toEqual(['done', 'done', 'failed'])
    await call(page, 'feeds.refresh', { feedIds: [feed.id] })
    const sample = await call<{ id: string; title: string }[]>(page, 'episodes.list')
    library = { episodeId: sample.find(({ title }) => title === 'What the keepers wrote down')!.id }
  }

  test('Activity, Home, Feeds with one that needs the user, the add dialog, a feed’s episodes', async ({
    page,
    server,
  }) => {
    await stage(page, server)
    await openPath(page, '/activity', 'Activity')
    await expect(page.getByText(/comes without a transcript/).first()).toBeVisible()
    await hold(page, 'activity')
    await closeToasts(page)
    await openPath(page, '/', /\d/)
    await hold(page, 'home')
    await openPath(page, '/feeds', 'Feeds')
    await expect(page.getByRole('row', { name: /Night Ferry Radio/ })).toContainText('login page')
    await hold(page, 'feeds')
    await page.getByRole('button', { name: 'Add feed' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Feed, show page or YouTube channel').fill('ftp://feeds.example/show')
    await dialog.getByRole('button', { name: 'Add feed' }).click()
    await expect(dialog.getByRole('alert')).toBeVisible()
    await hold(page, 'add-feed')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await openPath(page, `/feeds/${almanacId}`, 'The Slow Almanac')
    for (const title of almanacTitles.slice(0, 3)) await page.getByRole('checkbox', { name: `Select ${title}` }).check()
    await hold(page, 'feed')
  })

  test('an episode and its notes', async ({ page, server }) => {
    await stage(page, server)
    await openPath(page, `/episodes/${library.episodeId}`, 'What the keepers wrote down')
    await expect(page.getByRole('tab', { name: /Quotes/ })).toBeVisible()
    await closeToasts(page)
    await hold(page, 'episode')
    await page.getByRole('tab', { name: /Quotes/ }).click()
    await expect(page.locator('blockquote').first()).toBeVisible()
    await hold(page, 'episode-quotes')
  })

  test('Data & health, backups, and their dialogs', async ({ page, server, vault, profile }) => {
    test.slow() // five views in six sizes and schemes
    await stage(page, server)
    const note = fileNamed(vault, 'summary.md')
    renameSync(note, join(dirname(note), 'Tides.md'))
    mkdirSync(join(profile, 'templates'), { recursive: true })
    writeFileSync(join(profile, 'templates', 'half-an-idea.yaml'), 'name: half-an-idea\nuser_prompt_template:\n')
    await call(page, 'backup.create')
    await call(page, 'health.check', { full: true })
    await call(page, 'health.leave', { findingId: 'templates/unreadable' })
    await openPath(page, '/health', 'Data & health')
    await page.getByRole('button', { name: 'Left as it is (1)' }).click()
    await expect(page.getByRole('button', { name: /^Look at it again/ })).toBeVisible()
    await page.getByRole('button', { name: /^Preview mend/ }).click()
    await expect(page.getByRole('region', { name: /^What mending would do/ }).locator('ins')).toContainText('Tides.md')
    await closeToasts(page)
    await hold(page, 'health')
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Restore…' }).click()
    await expect(dialog.getByRole('radio').first()).toBeChecked()
    await hold(page, 'health-restore')
    await dialog.getByRole('button', { name: 'Look into it' }).click()
    await expect(dialog.getByRole('table')).toBeVisible()
    await hold(page, 'health-restore-plan')
    await page.keyboard.press('Escape')
    await openPath(page, '/health/backups', 'Backups')
    await expect(page.getByText(/Opened and compared/)).toBeVisible()
    await hold(page, 'health-backups')
    await page.getByRole('button', { name: 'Set a passphrase' }).click()
    await hold(page, 'health-passphrase')
  })

  test('the audit trail, storage and logs, with their dialogs', async ({ page, server, profile }) => {
    test.slow() // five views in six sizes and schemes
    await stage(page, server)
    await closeToasts(page)
    const dialog = page.getByRole('dialog')
    await openPath(page, '/health/audit', 'Audit trail')
    await page.getByRole('list', { name: 'Audit trail' }).getByRole('button').first().click()
    await expect(page.getByRole('table')).toBeVisible()
    await hold(page, 'health-audit')
    leaveBehind(profile)
    await openPath(page, '/health/storage', 'Storage')
    await hold(page, 'health-storage')
    await page.getByRole('button', { name: 'Preview sweep' }).click()
    await expect(dialog.getByText('Text of a note that nothing refers to')).toBeVisible()
    await hold(page, 'health-sweep')
    await page.keyboard.press('Escape')
    await openPath(page, '/health/logs', 'Logs')
    await page.getByRole('list', { name: 'Log' }).getByRole('button').first().click()
    await hold(page, 'health-logs')
    await page.getByRole('button', { name: 'Make a diagnostic bundle' }).click()
    await expect(dialog.getByRole('checkbox').first()).toBeVisible()
    await hold(page, 'health-bundle')
  })

  test('Settings, every section', async ({ page, server }) => {
    await stage(page, server)
    await closeToasts(page)
    for (const section of ['general', 'notes-folder', 'models', 'templates', 'appearance', 'privacy', 'about']) {
      await page.evaluate((to) => {
        location.hash = `#/settings/${to}`
      }, section)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await hold(page, `settings-${section}`)
    }
  })
})

test('the colour scheme follows the system, and a choice is kept', async ({ launch }) => {
  const first = await launch()
  const page = await readyPage(first)
  await call(page, 'settings.set', { colorScheme: 'dark' })
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await first.close()
  const again = await readyPage(await launch())
  await expect(again.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
})
