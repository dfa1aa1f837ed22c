import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { startFakeOpenAi } from '../src/main/models/testing/fake-openai.ts'
import { expect, expectAccessible, test } from './fixtures.ts'
import type { FeedServer } from './server.ts'
import { call, filesBelow, follow, openPath, serveShow, waitForJobs } from './steps.ts'

const source = (page: Page) => page.getByLabel('Template as YAML')
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true })

test('templates: copied, refused with the line, kept unsaved, saved, removed and taken back; one stays chosen', async ({
  page,
  profile,
}) => {
  await openPath(page, '/settings/templates', 'Templates')
  await page.getByRole('button', { name: 'Start from a copy' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Go on' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Copy of /)
  const field = source(page)
  const good = await field.inputValue()
  const broken = `${good}\nvariables:\n  - name: [1, 2\n`
  await field.fill(broken)
  await save(page).click()
  const remarks = page.locator('#template-remarks')
  await expect(remarks).toContainText(/line \d+/i)
  await expect(field).toHaveValue(broken)
  await expect(field).toBeFocused()
  await expectAccessible(page)

  // What was typed is not thrown away by a slip.
  const path = await page.evaluate(() => location.hash.slice(1))
  await openPath(page, '/settings/templates', 'Templates')
  await expect(page.getByText('What you typed is kept.').last()).toBeVisible()
  await openPath(page, path, /^Copy of /)
  await expect(field).toHaveValue(broken)
  await field.fill(good.replace(/^(description:).*$/m, '$1 Mine alone'))
  await field.press('Control+s')
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await expect(field).toHaveValue(/Mine alone/)

  // Put back asks first.
  const saved = await field.inputValue()
  await field.fill(`${saved}# more\n`)
  await expect(page.getByText('Not saved', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Put back' }).click()
  await page.getByRole('button', { name: 'Put it back' }).click()
  await expect(field).toHaveValue(saved)

  await openPath(page, '/settings/templates', 'Templates')
  const own = page.getByRole('region', { name: 'Your templates' })
  await expect(own).toContainText('Mine alone')
  const file = filesBelow(profile).find((name) => /templates.*\.ya?ml$/.test(name))!
  expect(readFileSync(join(profile, file), 'utf8')).toContain('Mine alone')

  await own.getByRole('button', { name: /^Remove/ }).click()
  await expect(own).toContainText('None of your own yet.')
  expect(existsSync(join(profile, file))).toBe(false)
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await expect(own).toContainText('Mine alone')

  // Untick until one is left: it stays.
  const chosen = page.getByRole('checkbox', { checked: true })
  for (let left = await chosen.count(); left > 1; left--) {
    await chosen.first().click()
    await expect(chosen).toHaveCount(left - 1)
  }
  await chosen.first().click()
  await expect(page.getByText('One template stays chosen').last()).toBeVisible()
  await expect(chosen).toHaveCount(1)
})

async function withWords(page: Page, server: FeedServer, baseUrl: string): Promise<void> {
  const { rows } = await follow(page, serveShow(server))
  await call(page, 'jobs.start', { episodeIds: [rows[0]!.id], templates: ['summary'] })
  await waitForJobs(page)
  await call(page, 'models.saveServer', { id: 'workshop', title: 'Workshop', baseUrl, needsKey: false })
  await call(page, 'models.check', { id: 'workshop' })
}

test('a template is tried: the exact request for nothing, then one real run at the price on the button', async ({
  page,
  server,
}, info) => {
  const provider = await startFakeOpenAi([{ id: 'qwen3:14b' }])
  provider.standing({
    chunks: [
      '## The gauge\n\n> The first thing you should do is write down what you see\n\nA clerk ',
      'looks after it.',
    ],
  })
  try {
    await withWords(page, server, provider.baseUrl)
    await openPath(page, '/templates/quotes/copy', /^Copy of /)
    const preview = page.getByRole('complementary', { name: 'Preview' })
    const request = preview.getByRole('region', { name: 'Request' })
    await expect(request).toContainText('keeps its promise only when somebody looks after it')
    await expect(preview).toContainText('nothing is sent')
    await expect(preview.getByRole('button', { name: /Run once/ })).toHaveCount(0)

    // The request follows what is typed; a hole in it names its line, and the line can be gone to.
    const field = source(page)
    const lines = (await field.inputValue()).split('\n')
    const at = lines.findIndex((line) => /^user_prompt(_template)?:/.test(line))
    lines.splice(at + 1, 0, '  Only what concerns boats, for {{ nobody_knows }}.')
    await field.fill(lines.join('\n'))
    await expect(request).toContainText('Only what concerns boats')
    await page.getByRole('button', { name: `Line ${at + 2}`, exact: true }).click()
    await expect(field).toBeFocused()
    expect(
      await field.evaluate((node: HTMLTextAreaElement) => node.value.slice(node.selectionStart, node.selectionEnd)),
    ).toBe(lines[at + 1])

    const model = preview.getByLabel('Model for this template').and(page.locator('input'))
    await model.click()
    await page.getByRole('option', { name: 'qwen3:14b' }).click()
    const run = preview.getByRole('button', { name: /Run once for real/ })
    await expect(run).toContainText('free')
    const notes = async () => (await call<unknown[]>(page, 'notes.recent', { limit: 10 })).length
    const before = await notes()
    expect(provider.seen.some(({ path }) => path === '/v1/chat/completions')).toBe(false)
    await expectAccessible(page)
    await page.screenshot({ path: info.outputPath('request.png') })
    await run.click()
    const answer = preview.getByRole('region', { name: 'Answer' })
    await expect(answer).toContainText('A clerk looks after it.')
    await expect(answer).toContainText(/covers 0:00 to .*all of it/)
    expect(await notes()).toBe(before)
    for (const [colorScheme, width, height] of [
      ['light', 1280, 800],
      ['dark', 1280, 800],
      ['light', 900, 600],
      ['dark', 900, 600],
      ['light', 720, 520],
    ] as const) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height })
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
      await expectAccessible(page, 'colours')
      await page.screenshot({ path: info.outputPath(`answer-${colorScheme}-${width}.png`) })
    }
  } finally {
    await provider.close()
  }
})

test('a model’s text waits beside a note that nobody edited, and is not called yours', async ({ page, server }) => {
  const provider = await startFakeOpenAi([{ id: 'qwen3:14b' }])
  provider.standing({ chunks: ['## The gauge\n\nA clerk ', 'looks after it.'] })
  try {
    await withWords(page, server, provider.baseUrl)
    const choice = { providerId: 'workshop', model: 'qwen3:14b' }
    await call(page, 'models.setTemplateChoice', { template: 'summary', choice })
    const [noted] = await call<{ episodeId: string }[]>(page, 'notes.recent', { limit: 1 })
    await call(page, 'jobs.start', { episodeIds: [noted!.episodeId], templates: ['summary'] })
    await waitForJobs(page)
    await openPath(page, `/episodes/${noted!.episodeId}`, /How a tide gauge is read/)
    const banner = page.getByRole('region', { name: 'A newer version waits' })
    await expect(banner).toContainText('A model’s new text waits')
    await expect(page.getByText('Edited by you')).toHaveCount(0)
    await expectAccessible(page)
    await banner.getByRole('button', { name: 'Keep this one' }).click()
    await expect(banner).toHaveCount(0)
  } finally {
    await provider.close()
  }
})
