import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, readyPage, test } from './fixtures.ts'
import { answerOpenDialog, filesBelow, waitForJobs } from './steps.ts'

test('the first start offers the sample, a folder, and feeds', async ({ page, folder }) => {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What have you been listening to?')
  await expect(page.getByLabel('Paste a link or text, or drop a file')).toBeFocused()
  await expect(page.getByText(join(folder, 'Documents', 'Inkwell'))).toBeVisible()
  await expect(page.getByRole('button', { name: 'Import OPML' })).toBeVisible()
  expect(filesBelow(join(folder, 'Documents'))).toEqual([])
})

test('the sample becomes notes in the suggested folder, without a network', async ({ page, vault }) => {
  await page.getByRole('button', { name: /Make its notes/ }).click()
  await expect(page.getByRole('tab', { name: /Quotes/ })).toBeVisible()
  const files = filesBelow(vault)
  expect(files.filter((file) => file.endsWith('quotes.md'))).toHaveLength(1)
  expect(files.filter((file) => file.endsWith('_transcript.md'))).toHaveLength(1)
  await expect(page.getByRole('complementary', { name: 'Transcript' }).getByText('Ishbel Rae').first()).toBeVisible()
})

test('another folder can be chosen, and the choice is kept', async ({ app, page, folder, launch }) => {
  const chosen = join(folder, 'My vault')
  mkdirSync(chosen)
  await answerOpenDialog(app, [chosen])
  await page.getByRole('button', { name: 'Choose another folder' }).click()
  await expect(page.getByText(chosen).first()).toBeVisible()
  await page.getByRole('button', { name: /Make its notes/ }).click()
  await waitForJobs(page)
  expect(filesBelow(chosen).some((file) => file.endsWith('summary.md'))).toBe(true)
  await app.close()
  const again = await readyPage(await launch())
  await again.evaluate(() => {
    location.hash = '#/settings/notes-folder'
  })
  await expect(again.getByText(chosen).first()).toBeVisible()
})
