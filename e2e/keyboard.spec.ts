import { expect, test } from './fixtures.ts'

import { call, follow, serveShow, waitForJobs } from './steps.ts'

test('from Home to a read note by keyboard alone', async ({ page, server }) => {
  await follow(page, serveShow(server))
  const press = (key: string): Promise<void> => page.keyboard.press(key)
  const focused = () => page.evaluate(() => document.activeElement?.tagName)
  await press('Control+2')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Feeds')
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()

  // Tab to the table, open the feed.
  await tabTo(page, async () => page.evaluate(() => !!document.activeElement?.closest('table, [role=grid]')))
  await press('ArrowDown')
  await press('ArrowUp')
  await press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Harbour Notes')

  // Select the newest and make its notes.
  await tabTo(page, async () => page.evaluate(() => document.activeElement?.getAttribute('role') === 'grid'))
  await press('Space')
  await expect(page.getByRole('region', { name: 'Selection' })).toBeVisible()
  await press('n')
  await waitForJobs(page)
  await press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('How a tide gauge is read')
  await press('2')
  await expect(page.getByRole('tab', { selected: true })).toContainText(/Quotes|Key/)
  await press('Alt+ArrowLeft')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Harbour Notes')
  expect(await focused()).not.toBe('BODY')
})

test('the shortcuts sheet opens with ? and gives focus back', async ({ page, server }) => {
  await follow(page, serveShow(server))
  await page.keyboard.press('Control+3')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Activity')
  await page.keyboard.press('Shift+?')
  const sheet = page.getByRole('dialog')
  await expect(sheet).toContainText(/shortcuts|keys/i)
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
})

test('a link pasted anywhere lands in the paste box; single keys can be switched off', async ({ page, server }) => {
  await follow(page, serveShow(server))
  await page.keyboard.press('Control+3')
  await page.evaluate(() => {
    const data = new DataTransfer()
    data.setData('text/plain', 'https://feeds.example/show.xml')
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  })
  await expect(page.getByLabel('Paste a link or text, or drop a file')).toHaveValue('https://feeds.example/show.xml')
  await call(page, 'settings.set', { singleKeyShortcuts: false })
  await page.keyboard.press('Control+3')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Activity')
  await page.keyboard.press('Shift+?')
  await expect(page.getByRole('dialog')).toBeHidden()
})

async function tabTo(page: import('@playwright/test').Page, there: () => Promise<boolean>): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await there()) return
    await page.keyboard.press('Tab')
  }
  throw new Error('not reached by Tab')
}
