import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, readyPage, test } from './fixtures.ts'
import { hasKeyring, startKeyring } from './keyring.ts'
import { type FeedServer, rss, send } from './server.ts'
import {
  answerOpenDialog,
  answerSaveDialog,
  call,
  fileNamed,
  follow,
  leaveBehind,
  openPath,
  serveShow,
  waitForJobs,
} from './steps.ts'

/** A show with one episode's notes. */
async function stage(page: Page, server: FeedServer): Promise<{ feedId: string }> {
  const { feedId, rows } = await follow(page, serveShow(server))
  await call(page, 'jobs.start', { episodeIds: [rows[0]!.id], templates: ['summary', 'quotes'] })
  await waitForJobs(page)
  return { feedId }
}

async function checkEverything(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Check (now|again)$/ }).click()
  await expect(page.getByText(/^Checked\./).last()).toBeVisible()
  await expect(page.getByText(/Everything was read and compared just now/)).toBeVisible()
}

const place = (page: Page) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Data & health/ })

test('a healthy house has no findings; a note renamed outside is found, shown and followed', async ({
  page,
  server,
  vault,
}) => {
  await stage(page, server)
  await page.keyboard.press('Control+5')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Data & health')
  await checkEverything(page)
  await expect(page.getByText('No findings.', { exact: true })).toBeVisible()
  await expect(place(page)).toHaveAccessibleName('Data & health')

  const note = fileNamed(vault, 'summary.md')
  const renamed = join(dirname(note), 'My own name for it.md')
  renameSync(note, renamed)
  const text = readFileSync(renamed, 'utf8')
  await checkEverything(page)
  await expect(page.getByText('1 finding, nothing lost.', { exact: true })).toBeVisible()
  await expect(place(page)).toHaveAccessibleName(/1 finding, needs you/)
  const checks = page.getByRole('region', { name: 'Checks' })
  await checks.getByRole('button', { name: /^Preview mend/ }).click()
  const mend = page.getByRole('region', { name: /^What mending would do/ })
  await expect(mend).toBeFocused()
  await expect(mend.locator('del')).toContainText('summary.md')
  await expect(mend.locator('ins')).toContainText('My own name for it.md')
  await mend.getByRole('button', { name: /^Follow/ }).click()
  await expect(mend).toBeHidden()
  await expect(page.getByText('No findings.', { exact: true })).toBeVisible()
  await expect(place(page)).toHaveAccessibleName('Data & health')
  await checkEverything(page)
  await expect(page.getByText('No findings.', { exact: true })).toBeVisible()
  expect(readFileSync(renamed, 'utf8')).toBe(text)
  expect(existsSync(note)).toBe(false)
})

test('a finding that is left as it is stays away, until it is to be looked at again', async ({
  page,
  server,
  vault,
}) => {
  await stage(page, server)
  const note = fileNamed(vault, 'summary.md')
  renameSync(note, join(dirname(note), 'Elsewhere.md'))
  await openPath(page, '/health', 'Data & health')
  await checkEverything(page)
  await page.getByRole('button', { name: /^Preview mend/ }).click()
  await page.getByRole('button', { name: 'Leave as it is' }).click()
  await expect(page.getByText('No findings.', { exact: true })).toBeVisible()
  await checkEverything(page)
  await expect(page.getByText('No findings.', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Left as it is (1)' }).click()
  await page.getByRole('button', { name: /^Look at it again/ }).click()
  await expect(page.getByText('1 finding, nothing lost.', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: /^Left as/ })).toHaveCount(0)
})

test('backed up, looked into, restored: the next start has what was there, and the way back', async ({
  app,
  launch,
  page,
  server,
  profile,
}) => {
  const { feedId } = await stage(page, server)
  await openPath(page, '/health', 'Data & health')
  const backups = page.getByRole('region', { name: 'Backups' })
  await expect(backups).toContainText('No backup yet.')
  await backups.getByRole('button', { name: 'Back up now' }).click()
  await expect(backups).toContainText('Opened and compared after writing.')
  await expect(backups.getByRole('listitem').first()).toHaveText(/^Today: kept$/)
  expect(readdirSync(join(profile, 'backups')).filter((name) => name.endsWith('.inkwell-backup'))).toHaveLength(1)

  await call(page, 'feeds.rename', { feedId, title: 'Renamed after the backup' })
  await backups.getByRole('button', { name: 'Restore…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('radio').first()).toBeChecked()
  await dialog.getByRole('button', { name: 'Look into it' }).click()
  await expect(dialog.getByRole('row', { name: /^Notes? / })).toContainText('2')
  await expect(dialog).toContainText('What is here now is kept and can be used again.')
  // Looking changes nothing.
  expect((await call<{ title: string }[]>(page, 'feeds.list')).map(({ title }) => title)).toContain(
    'Renamed after the backup',
  )
  const closed = new Promise<void>((resolve) => app.once('close', () => resolve()))
  await dialog.getByRole('button', { name: /^Restore .* and restart$/ }).click()
  await closed

  const again = await readyPage(await launch())
  await openPath(again, '/feeds', 'Feeds')
  await expect(again.getByRole('link', { name: 'Harbour Notes' })).toBeVisible()
  await openPath(again, '/health', 'Data & health')
  const kept = again.getByRole('region', { name: 'Backups' })
  await expect(kept).toContainText('The profile from before the restore')
  await kept.getByRole('button', { name: 'Delete it' }).click()
  await expect(again.getByRole('dialog')).toContainText('cannot be had back')
  await again.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click()
  await expect(kept.getByRole('button', { name: 'Use it again' })).toBeVisible()
})

test('a damaged backup is refused with the reason, and deleted only when asked twice', async ({ page, profile }) => {
  await openPath(page, '/health/backups', 'Backups')
  await page.getByRole('button', { name: 'Back up now' }).click()
  const row = page.getByRole('region', { name: 'All backups' }).getByRole('listitem')
  await expect(row).toHaveCount(1)
  const folder = join(profile, 'backups')
  const file = join(folder, readdirSync(folder).find((name) => name.endsWith('.inkwell-backup'))!)
  const bytes = readFileSync(file)
  bytes[Math.floor(bytes.length / 2)]! ^= 0xff
  writeFileSync(file, bytes)
  await row.getByRole('button', { name: /^Restore…/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Look into it' }).click()
  await expect(dialog.getByRole('alert')).toContainText(/damaged/i)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await row.getByRole('button', { name: /^Delete/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Keep' }).click()
  expect(existsSync(file)).toBe(true)
  await row.getByRole('button', { name: /^Delete/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete backup' }).click()
  await expect(row).toHaveCount(0)
  expect(existsSync(file)).toBe(false)
})

test('with a keyring: an encrypted backup, and a recovery kit made with proven words and tested', async ({
  launch,
  server,
  folder,
}) => {
  test.skip(!hasKeyring, 'no gnome-keyring or D-Bus on this machine')
  test.slow() // a kit is made slow to guess on purpose
  const keyring = await startKeyring(folder)
  try {
    const app = await launch(keyring.env)
    const page = await readyPage(app)
    const allowed = `Basic ${Buffer.from('ada:correct horse').toString('base64')}`
    const answer = send(rss('Members only', [{ guid: 'm1', title: 'For members', day: '2026-11-20' }]), 'text/xml')
    server.on('/members', (request, response) => {
      if (request.headers.authorization === allowed) return answer(request, response)
      response.writeHead(401, { 'www-authenticate': 'Basic' }).end()
    })
    await call(page, 'feeds.add', {
      url: `${server.url}/members`,
      allowLocalNetwork: true,
      credentials: { type: 'basic', username: 'ada', password: 'correct horse' },
    })
    await openPath(page, '/health', 'Data & health')
    const kit = page.getByRole('region', { name: 'Recovery kit' })
    await expect(kit).toContainText('No kit yet')
    await kit.getByRole('button', { name: 'Make a kit…' }).click()
    const dialog = page.getByRole('dialog')
    const items = dialog.getByRole('list', { name: 'Words to write down' }).getByRole('listitem')
    await expect(items).toHaveCount(12)
    const words = (await items.allInnerTexts()).map((text) => text.replace(/^\d+\s*/, '').trim())
    await dialog.getByRole('button', { name: 'I have written them down' }).click()
    const fields = dialog.getByRole('textbox')
    await expect(fields).toHaveCount(2)
    await expect(fields.first()).toBeFocused()
    const typeWords = async (wordOf: (place: number) => string): Promise<void> => {
      for (const field of await fields.all()) {
        const label = await field.evaluate((input: HTMLInputElement) => input.labels![0]!.textContent!)
        await field.fill(wordOf(Number(label.replace(/\D+/g, ''))))
      }
      await dialog.getByRole('button', { name: 'Save the kit…' }).click()
    }
    const file = join(folder, 'kit.age')
    await answerSaveDialog(app, file)
    await typeWords(() => 'nonsense')
    await expect(dialog.getByRole('alert')).toContainText('not the words')
    expect(existsSync(file)).toBe(false)
    await typeWords((number) => words[number - 1]!.toUpperCase())
    await expect(dialog).toBeHidden()
    await expect(kit).toContainText(/Made .*, words not tested yet|Made .*, words tested/)
    expect(readFileSync(file, 'latin1')).not.toContain('correct horse')

    await answerOpenDialog(app, [file])
    await kit.getByRole('button', { name: 'Test my words' }).click()
    await dialog.getByRole('button', { name: 'Choose the kit…' }).click()
    const secret = dialog.getByLabel('Words or passphrase')
    await secret.fill('not these words at all')
    await dialog.getByRole('button', { name: 'Test', exact: true }).click()
    await expect(dialog.getByRole('alert')).toBeVisible()
    await secret.fill(words.join(' '))
    await dialog.getByRole('button', { name: 'Test', exact: true }).click()
    await expect(dialog).toContainText(/The words open it\. Made .*, 1 secret; all are in this keychain\./)
    await dialog.getByRole('button', { name: 'Done' }).click()
    await expect(kit).toContainText(/words tested/)

    await openPath(page, '/health/backups', 'Backups')
    await page.getByRole('button', { name: 'Set a passphrase' }).click()
    await dialog.getByLabel('Passphrase', { exact: true }).fill('four unlikely words here')
    await dialog.getByLabel('Again').fill('four unlikely words her')
    await expect(dialog.getByRole('button', { name: 'Set passphrase' })).toBeDisabled()
    await dialog.getByLabel('Again').fill('four unlikely words here')
    await dialog.getByRole('button', { name: 'Set passphrase' }).click()
    await expect(dialog).toBeHidden()
    await page.getByRole('button', { name: 'Back up now' }).click()
    await expect(page.getByRole('region', { name: 'All backups' })).toContainText(', encrypted')
  } finally {
    keyring.close()
  }
})

test('the audit trail shows an act just done, is filtered, opened and exported', async ({
  app,
  page,
  server,
  folder,
}) => {
  const { feedId } = await stage(page, server)
  await call(page, 'feeds.rename', { feedId, title: 'Harbour' })
  await call(page, 'feeds.rename', { feedId, title: 'Harbour, renamed' })
  await openPath(page, '/health', 'Data & health')
  const trail = page.getByRole('region', { name: 'Audit trail' })
  await expect(trail.getByRole('listitem').first()).toContainText('Feed renamed')
  await trail.getByRole('link', { name: /^See all/ }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Audit trail')
  const rows = page.getByRole('list', { name: 'Audit trail' }).getByRole('listitem')
  await page.getByLabel('Words in the audit trail').fill('feeds.rename')
  await expect(rows).toHaveCount(2)
  await expect(page.getByRole('status').filter({ hasText: 'entr' })).toHaveText('2 entries')
  await rows.first().getByRole('button').focus()
  await page.keyboard.press('Enter')
  const cells = rows.first().getByRole('row').nth(1).getByRole('cell')
  await expect(cells).toHaveText(['Harbour', 'Harbour, renamed'])

  const file = join(folder, 'trail.csv')
  await answerSaveDialog(app, file)
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: /CSV/ }).click()
  await expect(page.getByText('2 entries exported to trail.csv.').last()).toBeVisible()
  expect(readFileSync(file, 'utf8')).toContain('Harbour, renamed')

  await page.getByLabel('Words in the audit trail').fill('')
  await expect.poll(() => rows.count()).toBeGreaterThan(4)
  // Arrow keys go from row to row.
  await rows.first().getByRole('button').focus()
  await page.keyboard.press('ArrowDown')
  await expect(rows.nth(1).getByRole('button')).toBeFocused()
  await page.keyboard.press('End')
  await expect(rows.last().getByRole('button')).toBeFocused()
  await page.getByLabel('Words in the audit trail').fill('no such words anywhere')
  await expect(page.getByText('Nothing matches.')).toBeVisible()
})

test('a sweep is shown before anything goes, and the first one is agreed to', async ({ page, profile }) => {
  const old = leaveBehind(profile)
  await openPath(page, '/health/storage', 'Storage')
  await expect(page.getByText('Nothing is swept before you have looked')).toBeVisible()
  await page.getByRole('button', { name: 'Preview sweep' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Text of a note that nothing refers to')
  await dialog.getByRole('button', { name: 'Keep everything' }).click()
  expect(existsSync(old)).toBe(true)

  await page.getByRole('combobox', { name: /^Time limit of Left-over/ }).click()
  await page.getByRole('option', { name: 'Never removed' }).click()
  await page.getByRole('button', { name: 'Preview sweep' }).click()
  await expect(dialog).toContainText('Nothing is over its limit.')
  await dialog.getByRole('button', { name: 'Keep everything' }).click()
  await page.getByRole('combobox', { name: /^Time limit of Left-over/ }).click()
  await page.getByRole('option', { name: 'After 180 days' }).click()
  await page.getByRole('button', { name: 'Preview sweep' }).click()
  await dialog.getByRole('button', { name: /^Sweep 1 item/ }).click()
  await expect(page.getByText(/^Swept 1 item/).last()).toBeVisible()
  await expect(page.getByText('Sweeps run by themselves every day')).toBeVisible()
  expect(existsSync(old)).toBe(false)
})

test('a diagnostic bundle is read, lightened and saved', async ({ app, page, server, folder }) => {
  await stage(page, server)
  await openPath(page, '/health/logs', 'Logs')
  const lines = page.getByRole('list', { name: 'Log' }).getByRole('listitem')
  await expect(lines.filter({ hasText: 'jobs.' }).first()).toBeVisible()
  await lines.first().getByRole('button').click()
  await expect(lines.first().locator('pre')).toContainText('{')
  await page.getByRole('combobox', { name: 'Lines to show' }).click()
  await page.getByRole('option', { name: 'Failures only' }).click()
  await expect(page.getByText('No such lines.')).toBeVisible()

  await page.getByRole('button', { name: 'Make a diagnostic bundle' }).click()
  const dialog = page.getByRole('dialog')
  const files = dialog.getByRole('list', { name: 'Files of the bundle' }).getByRole('listitem')
  await expect(files.first()).toBeVisible()
  const count = await files.count()
  await dialog.getByRole('button', { name: /^log/ }).click()
  await expect(dialog.getByRole('region', { name: /^log/ })).toContainText('jobs.')
  await dialog.getByRole('checkbox', { name: /^Include log/ }).uncheck()
  const file = join(folder, 'bundle')
  await answerSaveDialog(app, file)
  await dialog.getByRole('button', { name: new RegExp(`^Save ${count - 1} files`) }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByText(/Nothing was sent\./).last()).toBeVisible()
  expect(readFileSync(file).length).toBeGreaterThan(100)
})
