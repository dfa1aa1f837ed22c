import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, readyPage, test } from './fixtures.ts'
import { rss, send } from './server.ts'
import { answerOpenDialog, answerSaveDialog, filesBelow, follow, openPath, serveShow } from './steps.ts'

test('a feed is added by its address; the local network is asked for first', async ({ page, server }) => {
  const url = serveShow(server)
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /Feeds/ }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Feeds')
  await page.getByRole('button', { name: 'Add feed' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Feed, show page or YouTube channel').fill(url)
  await dialog.getByRole('button', { name: 'Add feed' }).click()
  await expect(dialog.getByRole('alert')).toContainText(/local network|this computer/i)
  expect(server.requests).toEqual([])
  await dialog.getByLabel('Allow this address on the local network').check()
  await dialog.getByRole('button', { name: 'Try again' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('link', { name: 'Harbour Notes' })).toBeVisible()
})

test('a login page, a 403 and broken XML each say why, and keep what was typed', async ({ page, server }) => {
  server.on('/login', send('<!doctype html><html><form><input type="password"></form></html>', 'text/html'))
  server.on('/forbidden', send('no', 'text/plain', 403))
  server.on('/private', (_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Basic' }).end()
  })
  await follow(page, serveShow(server))
  await page.evaluate(() => {
    location.hash = '#/feeds'
  })
  await page.getByRole('button', { name: 'Add feed' }).first().click()
  const dialog = page.getByRole('dialog')
  const field = dialog.getByLabel('Feed, show page or YouTube channel')
  const tryAddress = async (path: string): Promise<void> => {
    await field.fill(`${server.url}${path}`)
    await dialog.getByRole('button', { name: /Add feed|Try again/ }).click()
    await dialog.getByLabel('Allow this address on the local network').check()
    await dialog.getByRole('button', { name: 'Try again' }).click()
  }
  await tryAddress('/login')
  await expect(dialog.getByRole('alert')).toContainText(/log ?in|sign in/i)
  await expect(field).toHaveValue(`${server.url}/login`)
  await tryAddress('/forbidden')
  await expect(dialog.getByRole('alert')).toContainText('403')
  await tryAddress('/private')
  await expect(dialog.getByRole('alert')).toContainText(/password|401/i)
  await expect(dialog.getByLabel('Password')).toBeVisible()
})

test('refresh brings new episodes; a feed that turns into a web page keeps its episodes', async ({ page, server }) => {
  const { feedId } = await follow(page, serveShow(server))
  await page.evaluate((id) => {
    location.hash = `#/feeds/${id}`
  }, feedId)
  await expect(page.getByText('Before the tide')).toBeVisible()
  server.on(
    '/feed.xml',
    send(
      rss('Harbour Notes', [
        { guid: 'e3', title: 'A third voice', day: '2026-11-22' },
        { guid: 'e2', title: 'How a tide gauge is read', day: '2026-11-20' },
      ]),
      'application/rss+xml',
    ),
  )
  await page.getByRole('button', { name: 'Refresh' }).click()
  await expect(page.getByText('A third voice')).toBeVisible()
  await expect(page.getByText('Before the tide')).toBeVisible()
  await expect(page.getByText('Left the feed, kept here')).toBeVisible()
  server.on('/feed.xml', send('<!doctype html><html><body>We moved!</body></html>', 'text/html'))
  await page.getByRole('button', { name: 'Refresh' }).click()
  await page.evaluate(() => {
    location.hash = '#/feeds'
  })
  await expect(page.getByRole('row', { name: /Harbour Notes/ })).toContainText(/web page, not a feed/i)
  await expect(page.getByRole('row', { name: /Harbour Notes/ })).toContainText('3')
})

test('removing a feed can be undone', async ({ page, server }) => {
  await follow(page, serveShow(server))
  await page.evaluate(() => {
    location.hash = '#/feeds'
  })
  await page.getByRole('button', { name: 'More for Harbour Notes' }).click()
  await page.getByRole('menuitem', { name: /Remove/ }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Remove/ })
    .click()
  await expect(page.getByRole('link', { name: 'Harbour Notes' })).toBeHidden()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('link', { name: 'Harbour Notes' })).toBeVisible()
})

test('OPML comes in with a report per line and goes out again without private feeds', async ({
  app,
  page,
  server,
  folder,
}) => {
  await follow(page, serveShow(server))
  const file = join(folder, 'feeds.opml')
  writeFileSync(
    file,
    `<opml version="2.0"><body>
<outline text="Tide & time"><outline text="Again" xmlUrl="${server.url}/feed.xml"/></outline>
<outline text="Public one" xmlUrl="https://feeds.example/one.xml"/>
<outline text="Bad" xmlUrl="javascript:alert(1)"/></body></opml>`,
  )
  await page.evaluate(() => {
    location.hash = '#/feeds'
  })
  await answerOpenDialog(app, [file])
  await page.getByRole('button', { name: 'More for all feeds' }).click()
  await page.getByRole('menuitem', { name: /Import OPML/ }).click()
  const report = page.getByRole('dialog')
  await expect(report).toContainText('Bad')
  await expect(report).toContainText('Public one')
  await report
    .getByRole('button', { name: /Close|Done/ })
    .first()
    .click()
  const out = join(folder, 'out.opml')
  await answerSaveDialog(app, out)
  await page.getByRole('button', { name: 'More for all feeds' }).click()
  await page.getByRole('menuitem', { name: /Export OPML/ }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Export|Save/ })
    .click()
  await expect.poll(() => (existsSync(out) ? readFileSync(out, 'utf8') : '')).toContain('https://feeds.example/one.xml')
})

test('without a keychain a private feed lasts for the session, and its password is nowhere on disk', async ({
  launch,
  server,
  profile,
}) => {
  test.skip(process.platform !== 'linux', 'elsewhere there is always a keychain')
  const noKeychain = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' }
  const answer = send(
    rss('Members only', [{ guid: 'm1', title: 'For members', day: '2026-11-20' }]),
    'application/rss+xml',
  )
  const allowed = `Basic ${Buffer.from('ada:correct horse').toString('base64')}`
  server.on('/members', (request, response) => {
    if (request.headers.authorization === allowed) return answer(request, response)
    response.writeHead(401, { 'www-authenticate': 'Basic' }).end()
  })
  const app = await launch(noKeychain)
  const page = await readyPage(app)
  await openPath(page, '/feeds', 'Feeds')
  await page.getByRole('button', { name: 'Add feed' }).first().click()
  const dialog = page.getByRole('dialog')
  const again = dialog.getByRole('button', { name: /Add feed|Try again/ })
  await dialog.getByLabel('Feed, show page or YouTube channel').fill(`${server.url}/members`)
  await again.click()
  await dialog.getByLabel('Allow this address on the local network').check()
  await again.click()
  await dialog.getByLabel('Name', { exact: true }).fill('ada')
  await dialog.getByLabel('Password', { exact: true }).fill('correct horse')
  await again.click()
  const session = dialog.getByLabel('Keep it for this session only')
  await expect(session).toBeFocused()
  await expect(dialog.getByRole('alert')).toContainText('Nothing was added yet.')
  await session.check()
  await again.click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('link', { name: 'Members only' })).toBeVisible()
  await app.close()
  const stored = filesBelow(profile).map((file) => readFileSync(join(profile, file), 'latin1'))
  expect(stored.some((text) => text.includes('Members only'))).toBe(true)
  expect(stored.filter((text) => text.includes('correct horse') || text.includes(allowed.slice(6)))).toEqual([])

  const later = await readyPage(await launch(noKeychain))
  await openPath(later, '/feeds', 'Feeds')
  await expect(later.getByRole('row', { name: /Members only/ })).toContainText(/password/i)
  await expect(later.getByRole('button', { name: /Enter password/ })).toBeVisible()
})
