import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './fixtures.ts'
import { filesBelow, openPath } from './steps.ts'

test('templates: copied, refused with the line, saved, removed and taken back; one stays chosen', async ({
  page,
  profile,
}) => {
  await openPath(page, '/settings/templates', 'Templates')
  await page.getByRole('button', { name: 'Start from a copy' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Copy|Go on|Start/ })
    .click()
  const editor = page.getByRole('dialog', { name: 'New template' })
  const field = editor.getByLabel('Template as YAML')
  const good = await field.inputValue()
  const broken = `${good}\nvariables:\n  - name: [1, 2\n`
  await field.fill(broken)
  await editor.getByRole('button', { name: 'Save' }).click()
  await expect(editor.getByRole('alert')).toContainText(/line \d+/i)
  await expect(field).toHaveValue(broken)
  await expect(field).toBeFocused()

  // What was typed is not thrown away by a slip.
  await page.keyboard.press('Escape')
  await page
    .getByRole('dialog', { name: 'Leave without saving?' })
    .getByRole('button', { name: 'Go on editing' })
    .click()
  await expect(field).toHaveValue(broken)
  await field.fill(good.replace(/^(description:).*$/m, '$1 Mine alone'))
  await editor.getByRole('button', { name: 'Save' }).click()
  await expect(editor).toBeHidden()
  const own = page.getByRole('region', { name: 'Your templates' })
  await expect(own).toContainText('Mine alone')
  const file = filesBelow(profile).find((name) => /templates.*\.ya?ml$/.test(name))!
  expect(readFileSync(join(profile, file), 'utf8')).toContain('Mine alone')

  await own.getByRole('button', { name: /^Remove/ }).click()
  await expect(own).toContainText('None of your own yet.')
  expect(existsSync(join(profile, file))).toBe(false)
  await page.getByRole('button', { name: 'Undo' }).click()
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
