import { startFakeOpenAi } from '../src/main/models/testing/fake-openai.ts'
import { expect, expectAccessible, test } from './fixtures.ts'
import { call, follow, openPath, serveShow, waitForJobs } from './steps.ts'

test('a server is added, its model chosen, and notes are made by it at the price that was shown', async ({
  page,
  server,
}) => {
  const provider = await startFakeOpenAi([{ id: 'qwen3:14b' }])
  provider.standing({ chunks: ['### The tide\n\nThe clerk writes the tide down ', 'every single day.'] })
  try {
    const { rows } = await follow(page, serveShow(server))
    await openPath(page, '/settings/models', 'Models & keys')
    await page.getByRole('button', { name: 'Add a server that speaks the OpenAI API' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Workshop')
    await dialog.getByLabel('Address').fill(provider.baseUrl)
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(dialog).toHaveCount(0)
    const row = page.getByRole('list', { name: 'Providers' }).getByRole('listitem').filter({ hasText: 'Workshop' })
    await expect(row).toContainText('1 model.')

    const model = page.locator('input[aria-label="Model for Notes"]')
    await model.click()
    await page.getByRole('option', { name: 'qwen3:14b' }).click()
    await expect(model).toHaveValue('qwen3:14b')
    await expectAccessible(page)

    await openPath(page, `/episodes/${rows[0]!.id}`, /How a tide gauge is read/)
    const make = page.getByRole('button', { name: /^Make notes/ })
    await expect(make).toContainText('free')
    await make.click()
    await waitForJobs(page)
    const charges = await call<{ rows: { provider: string; costMicroUsd: number }[] }>(page, 'costs.entries', {
      limit: 50,
    })
    expect(charges.rows.filter((charge) => charge.provider === 'workshop').length).toBeGreaterThan(0)
    expect(charges.rows.every((charge) => charge.costMicroUsd === 0)).toBe(true)
    expect(provider.seen.some(({ path }) => path === '/v1/chat/completions')).toBe(true)
  } finally {
    await provider.close()
  }
})

test('a key that is refused is said and not kept; one that is kept stands nowhere in the window', async ({ page }) => {
  const provider = await startFakeOpenAi([{ id: 'gpt-test' }])
  try {
    await call(page, 'models.saveServer', {
      id: 'paid',
      title: 'Paid',
      baseUrl: provider.baseUrl,
      needsKey: true,
    })
    provider.lists({ status: 401 })
    await openPath(page, '/settings/models', 'Models & keys')
    await page.getByRole('button', { name: 'Enter a key for Paid' }).click()
    const field = page.getByLabel('Key for Paid')
    await field.fill('sk-canary-0123456789')
    await page.getByRole('button', { name: 'Try this key' }).click()
    const row = page.getByRole('list', { name: 'Providers' }).getByRole('listitem').filter({ hasText: 'Paid' })
    await expect(row.getByRole('alert')).toContainText('401')
    const keyOf = async () =>
      (await call<{ id: string; key: string }[]>(page, 'models.providers')).find(({ id }) => id === 'paid')?.key
    expect(await keyOf()).toBe('missing')

    provider.lists(null)
    await field.fill('sk-canary-0123456789')
    await page.getByRole('button', { name: 'Try this key' }).click()
    await expect(row).toContainText(/Key (in the keychain|for this session only), tried/)
    expect(await keyOf()).not.toBe('missing')
    expect(await page.content()).not.toContain('sk-canary')
    await expectAccessible(page)
  } finally {
    await provider.close()
  }
})

test('speech models say what they need, and one that is not there can be imported or fetched', async ({ page }) => {
  await openPath(page, '/settings/models', 'Models & keys')
  const models = page.getByRole('list', { name: 'Speech models' })
  await expect(models.getByRole('listitem').filter({ hasText: 'Parakeet' })).toContainText(/MB|GB/)
  await expect(models.getByRole('button', { name: /^Download Parakeet/ })).toBeVisible()
  await models.getByRole('button', { name: /^More for Parakeet/ }).click()
  await expect(page.getByRole('menuitem', { name: 'Import from a file…' })).toBeVisible()
})
