import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, expectAccessible, test } from './fixtures.ts'
import { aMonth, type Charge, seedLedger } from './ledger.ts'
import { answerSaveDialog, call, follow, openPath, serveShow } from './steps.ts'

const monthName = (ms: number): string => new Intl.DateTimeFormat('en-GB', { month: 'long' }).format(ms)
const ledger = (page: Page) => page.getByRole('table', { name: 'Ledger' })
const spend = (page: Page) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: new RegExp(`^${monthName(Date.now())}`) })

/** The first is the newest. */
const charge = (nowMs: number, back: number, change: Partial<Charge>): Charge => ({
  atMs: nowMs - back * 1_000,
  template: 'summary',
  cost: 20_000,
  ...change,
})

test('nothing is charged yet; then charges of another process appear by themselves, exact to four decimals', async ({
  page,
  server,
  profile,
}) => {
  const { feedId, rows } = await follow(page, serveShow(server))
  await expect(spend(page)).toHaveAccessibleName(/\$0\.00.*of \$15\.00/)
  await page.keyboard.press('Control+4')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Costs')
  await expect(page.getByText('Nothing has been charged yet.')).toBeVisible()
  await expectAccessible(page)

  const of = { feedId, episodeId: rows[0]!.id }
  const now = Date.now()
  seedLedger(profile, [
    charge(now, 1, { ...of, cost: 21_000, estimate: [20_000, 20_600], tokens: [14_212, 1_180] }),
    charge(now, 2, {
      ...of,
      cost: null,
      amountKind: 'unknown',
      provider: 'openrouter',
      model: 'qwen',
      template: 'quotes',
    }),
    charge(now, 3, {
      ...of,
      cost: 0,
      provider: 'offline',
      model: 'parakeet',
      operation: 'transcription',
      template: null,
      audioMs: 3_960_000,
    }),
    charge(now, 4, { cost: 12, provider: 'gemini', model: 'flash', template: null, operation: 'test' }),
  ])
  await expect(page.getByRole('heading', { level: 1 })).toContainText('$0.02')
  await expect(spend(page)).toHaveAccessibleName(/\$0\.02 and 1 entry unknown/)
  const lines = ledger(page).getByRole('row')
  await expect(lines).toHaveCount(5)
  await expect(lines.nth(1)).toContainText(/How a tide gauge is read.*14,212.*1,180.*\$0\.0203.*\$0\.0210.*\+3 %/)
  await expect(lines.nth(2)).toContainText(/unknown$/)
  await expect(lines.nth(3)).toContainText(/1 h 6.*free$/)
  await expect(lines.nth(4)).toContainText('under $0.0001')
  await expect(page.getByText('1 entry without a known price is in no sum.')).toBeVisible()
})

test('a period, choices in the address, a row with its details, the bars as a table, and a file', async ({
  app,
  page,
  server,
  profile,
  folder,
}) => {
  const { feedId, rows } = await follow(page, serveShow(server))
  seedLedger(profile, aMonth(Date.now(), [{ feedId, episodeIds: rows.map(({ id }) => id) }]))
  await openPath(page, '/costs', /\$\d/)
  await page.getByRole('group', { name: 'Period' }).getByRole('button', { name: 'All' }).click()
  await expect(page.getByRole('status').filter({ hasText: /^\d+ entries$/ })).toBeVisible()

  // Rows are reached and opened by keyboard.
  const openers = ledger(page).getByRole('button')
  await openers.first().focus()
  await page.keyboard.press('ArrowDown')
  await expect(openers.nth(1)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(openers.nth(1)).toHaveAttribute('aria-expanded', 'true')
  await expect(ledger(page)).toContainText('No price was known. It is in no sum.')
  await expect(ledger(page)).toContainText('At today’s price')
  await page.keyboard.press('Enter')
  await expect(ledger(page)).not.toContainText('At today’s price')

  await page.getByRole('search', { name: 'Ledger' }).getByRole('button', { name: 'All providers' }).click()
  await page.getByRole('menuitem', { name: 'Gemini' }).click()
  await expect(page).toHaveURL(/provider=gemini/)
  await expect(ledger(page).getByText('gemini-3.8-flash').first()).toBeVisible()
  await expect(ledger(page).getByText('claude-sonnet-5-5')).toHaveCount(0)
  await page.getByLabel('Find an episode or a feed in the ledger').fill('Before')
  await expect(page).toHaveURL(/text=Before/)
  await expect(ledger(page).getByText('How a tide gauge is read')).toHaveCount(0)
  await page.getByRole('button', { name: 'Show everything' }).click()
  await expect(page).not.toHaveURL(/provider/)
  await page
    .getByRole('region', { name: 'By template' })
    .getByRole('button', { name: /^Summary/ })
    .click()
  await expect(page).toHaveURL(/template=summary/)
  // Another view and back: the choice is in the address.
  await openPath(page, '/activity', 'Activity')
  await page.goBack()
  await expect(ledger(page).getByText('Summary').first()).toBeVisible()
  await expect(ledger(page).getByText('Quotes')).toHaveCount(0)

  await page.getByRole('button', { name: 'Show as table' }).click()
  await expect(page.getByRole('region', { name: 'Spend as a table' }).getByRole('row').nth(1)).toContainText(/\$\d/)
  await expectAccessible(page)

  const file = join(folder, 'ledger.csv')
  await answerSaveDialog(app, file)
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: /CSV/ }).click()
  await expect(page.getByText(/entries exported to .*ledger\.csv\./).first()).toBeVisible()
  const lines = readFileSync(file, 'utf8').trim().split('\r\n')
  expect(lines.length).toBeGreaterThan(2)
  expect(lines.slice(1).every((line) => line.includes(',"summary",'))).toBe(true)
})

test('a ledger of thousands stays a short page; the end of the list is reached by keyboard', async ({
  page,
  profile,
}) => {
  await expect(spend(page)).toBeVisible()
  const now = Date.now()
  seedLedger(
    profile,
    Array.from({ length: 3_000 }, (_, index) => charge(now, index, { cost: 100 + index })),
  )
  await openPath(page, '/costs', /\$\d/)
  await page.getByRole('group', { name: 'Period' }).getByRole('button', { name: 'All' }).click()
  await expect(ledger(page)).toHaveAttribute('aria-rowcount', '3001')
  expect(await ledger(page).getByRole('row').count()).toBeLessThan(120)
  await ledger(page).getByRole('button').first().focus()
  await expect
    .poll(async () => {
      await page.keyboard.press('End')
      return page.evaluate(() => document.activeElement?.closest('tr')?.getAttribute('aria-rowindex'))
    })
    .toBe('3001')
  expect(await ledger(page).getByRole('row').count()).toBeLessThan(120)
})

test('limits: a sum is kept, its words say what it does, and it can be undone', async ({ page, server }) => {
  await follow(page, serveShow(server))
  await openPath(page, '/costs/limits', 'Limits')
  const stops = page.getByLabel('Stops at, A month, in dollars')
  await stops.fill('twenty')
  await expect(page.getByText('A sum such as 15.00')).toBeVisible()
  await stops.fill('20')
  await stops.press('Enter')
  await expect(page.getByText('Inkwell stops before the month goes over $20.00.').first()).toBeVisible()
  await expect(stops).toHaveValue('20.00')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(stops).toHaveValue('')
  await page.getByRole('combobox', { name: 'Limit another feed' }).click()
  await page.getByRole('option', { name: 'Harbour Notes' }).click()
  await page.getByLabel('Asks at, Harbour Notes, in dollars').fill('1,5')
  await page.getByLabel('Asks at, Harbour Notes, in dollars').press('Tab')
  await expect
    .poll(
      async () =>
        (await call<{ scope: string; limitMicroUsd: number }[]>(page, 'costs.limits')).find(
          ({ scope }) => scope === 'feed-month',
        )?.limitMicroUsd,
    )
    .toBe(1_500_000)
  await expectAccessible(page)
})

test('prices: one of the user’s own stands before the built-in one, and can be taken away again', async ({ page }) => {
  await openPath(page, '/costs/prices', 'Prices')
  await page.getByLabel('Find a model').fill('sonnet-5-5')
  const row = page.getByRole('row', { name: /claude-sonnet-5-5/ })
  await expect(row).toContainText('$2.00')
  await row.getByRole('button', { name: /^Change/ }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByLabel('A million tokens in', { exact: true })).toBeFocused()
  await dialog.getByLabel('A million tokens in', { exact: true }).fill('1.50')
  await expectAccessible(page)
  await page.keyboard.press('Enter')
  await expect(row).toContainText('yours')
  await expect(row).toContainText('$1.50')
  await row.getByRole('button', { name: /^Remove/ }).click()
  await expect(row).toContainText('$2.00')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row).toContainText('$1.50')
})
