import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './fixtures.ts'
import { rss, send } from './server.ts'
import { answerOpenDialog, call, fileNamed, filesBelow, follow, openPath, serveShow, waitForJobs } from './steps.ts'

test('edited and deleted outside: kept, compared, taken new, brought back', async ({ page, server, vault }) => {
  const { feedId, rows } = await follow(page, serveShow(server))
  const episodeId = rows[0]!.id
  await call(page, 'jobs.start', { episodeIds: [episodeId], templates: ['summary', 'quotes', 'key-concepts'] })
  await waitForJobs(page)
  const summary = fileNamed(vault, 'summary.md')
  const concepts = fileNamed(vault, 'key-concepts.md')
  const quotes = fileNamed(vault, 'quotes.md')
  const quotesBefore = readFileSync(quotes, 'utf8')
  for (const file of [summary, concepts]) appendFileSync(file, '\nMy own thought, typed in another editor.\n')
  const mine = readFileSync(summary, 'utf8')
  rmSync(quotes)
  // Another title makes other notes.
  const item = { guid: 'e2', title: 'A tide gauge, read again', day: '2026-11-20' }
  server.on(
    '/feed.xml',
    send(rss('Harbour Notes', [{ ...item, transcriptUrl: `${server.url}/talk.vtt` }]), 'application/rss+xml'),
  )
  await call(page, 'feeds.refresh', { feedIds: [feedId] })
  await openPath(page, `/episodes/${episodeId}`, 'A tide gauge, read again')
  await page.getByRole('button', { name: 'Make again' }).click()
  await page.getByRole('menuitem', { name: /Make 3 notes again/ }).click()

  const banner = page.getByRole('region', { name: 'A newer version waits' })
  await expect(banner).toContainText('yours is untouched')
  await expect(page.getByText('My own thought')).toBeVisible()
  expect(readFileSync(summary, 'utf8')).toBe(mine)
  expect(filesBelow(vault).some((file) => file.endsWith('/quotes.md'))).toBe(false)

  // Compare shows both and writes nothing; the user's stays.
  const newerSummary = (): string[] => filesBelow(vault).filter((file) => /summary \(new/.test(file))
  const newer = readFileSync(join(vault, newerSummary()[0]!), 'utf8')
  await banner.getByRole('button', { name: 'Compare' }).click()
  const both = page.getByRole('region', { name: 'Both texts, block by block' })
  await expect(both).toContainText('My own thought')
  await expect(both).toContainText('Same in both')
  await expect(page.getByText(/\d+ blocks? differs?, \d+ (is|are) the same/)).toBeVisible()
  const own = page.getByRole('radiogroup').last()
  await expect(own.getByRole('radio', { name: 'Keep' })).toBeChecked()
  await page.getByRole('button', { name: 'Back', exact: true }).last().click()
  expect(readFileSync(summary, 'utf8')).toBe(mine)
  expect(readFileSync(join(vault, newerSummary()[0]!), 'utf8')).toBe(newer)

  // Merged: the user's own lines and what was chosen of the newer one; both texts can be had back.
  await banner.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(banner).toBeHidden()
  await expect.poll(newerSummary).toEqual([])
  const merged = readFileSync(summary, 'utf8')
  expect(merged).toContain('My own thought, typed in another editor.')
  await page.getByRole('button', { name: 'Earlier texts' }).click()
  const dialog = page.getByRole('dialog', { name: 'Earlier texts of Summary' })
  await dialog
    .getByRole('button', { name: /Yours, before a newer one/ })
    .first()
    .click()
  await expect(dialog.getByRole('region', { name: 'The text' })).toContainText('My own thought')
  await dialog.getByRole('button', { name: 'Restore this text' }).click()
  await expect(page.getByText(/Restored as /).first()).toBeVisible()
  expect(filesBelow(vault).some((file) => readFileSync(join(vault, file), 'utf8') === mine)).toBe(true)

  // The other way round.
  await page.getByRole('tab', { name: /Key concepts/ }).click()
  await banner.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('button', { name: 'Take all new' }).click()
  await expect(page.getByRole('tab', { name: /Key concepts/ })).toBeVisible()
  expect(readFileSync(concepts, 'utf8')).not.toContain('My own thought')
  expect(filesBelow(vault).some((file) => /key-concepts \(new/.test(file))).toBe(false)

  // What was deleted stays away until it is asked back.
  await page.getByRole('tab', { name: /Quotes.*removed by you/ }).click()
  await page.getByRole('button', { name: 'Bring it back' }).click()
  await expect(page.locator('blockquote').first()).toBeVisible()
  expect(readFileSync(quotes, 'utf8')).toBe(quotesBefore)
})

test('a time in a note leads to its words; the transcript is searched', async ({ page, server }) => {
  const { rows } = await follow(page, serveShow(server))
  await call(page, 'jobs.start', { episodeIds: [rows[0]!.id], templates: ['quotes'] })
  await waitForJobs(page)
  await openPath(page, `/episodes/${rows[0]!.id}`, 'How a tide gauge is read')
  await expect(page.getByText(/covers 0:00 to \d+:\d\d, all of it/)).toBeVisible()
  const time = page.locator('blockquote').last().getByRole('button')
  const clock = (await time.innerText()).trim()
  await time.click()
  const transcript = page.getByRole('complementary', { name: 'Transcript' })
  const line = transcript.locator('[data-current]')
  await expect(line).toContainText(clock)
  await expect(line).toBeInViewport()

  await page.keyboard.press('Control+f')
  const field = transcript.getByLabel('Search this transcript')
  await expect(field).toBeFocused()
  await field.fill('sqlite')
  await expect(transcript.getByRole('status')).toHaveText(/^(1 of )?\d+$/)
  await page.keyboard.press('Enter')
  await expect(transcript.getByRole('status')).toHaveText(/^\d+ of \d+$/)
  await expect(transcript.locator('mark[data-current]')).toHaveText('SQLite')
  await field.fill('lighthouse keeper')
  await expect(transcript.getByRole('status')).toHaveText('Nothing')
})

test('a notes folder that is gone stops the job; another one is chosen and the job goes on', async ({
  app,
  page,
  server,
  folder,
  vault,
}) => {
  const { rows } = await follow(page, serveShow(server))
  renameSync(vault, `${vault}-away`)
  await call(page, 'jobs.start', { episodeIds: [rows[0]!.id], templates: ['summary'] })
  await expect(page.getByText('stopped: the notes folder is not there.').last()).toBeVisible()
  await page.getByRole('button', { name: 'Activity', exact: true }).click()
  const stopped = page.getByRole('region', { name: /Stopped/ })
  await expect(stopped).toContainText(`The notes folder ${vault} is not there.`)
  await expect(stopped).toContainText('Nothing was written.')
  // It is there again: trying again is enough.
  renameSync(`${vault}-away`, vault)
  await stopped.getByRole('button', { name: /^Retry/ }).click()
  await waitForJobs(page)
  expect(filesBelow(vault).some((file) => file.endsWith('/summary.md'))).toBe(true)

  renameSync(vault, `${vault}-away`)
  await call(page, 'jobs.start', { episodeIds: [rows[0]!.id], templates: ['quotes'] })
  const other = join(folder, 'Another folder')
  mkdirSync(other)
  await answerOpenDialog(app, [other])
  await stopped.getByRole('button', { name: 'Choose another folder' }).click()
  await waitForJobs(page)
  expect(filesBelow(other).some((file) => file.endsWith('/quotes.md'))).toBe(true)
})
