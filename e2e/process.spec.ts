import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, readyPage, test } from './fixtures.ts'

import { call, dropFiles, fileNamed, filesBelow, follow, serveShow, talk, waitForJobs } from './steps.ts'

test('from a feed to notes, and the notes are read', async ({ page, server, vault }) => {
  const { feedId } = await follow(page, serveShow(server))
  await page.evaluate((id) => {
    location.hash = `#/feeds/${id}`
  }, feedId)
  await page.getByRole('checkbox', { name: 'Select How a tide gauge is read' }).check()
  const bar = page.getByRole('region', { name: 'Selection' })
  await bar.getByRole('button', { name: 'More for the selection' }).click()
  await page.getByRole('menuitem', { name: 'Mark as new' }).click()
  const toast = page.locator('.mantine-Notification-root', { hasText: /marked as new/ })
  await expect(toast).toBeVisible()
  // What was said stands above the bar, not on it.
  const barTop = (await bar.boundingBox())!.y
  await expect.poll(async () => ((await toast.boundingBox())?.y ?? barTop) + 20).toBeLessThan(barTop)
  await bar.getByRole('button', { name: /Make notes/ }).click()
  await waitForJobs(page)
  await page.getByRole('link', { name: 'How a tide gauge is read' }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('How a tide gauge is read')
  await page.getByRole('tab', { name: /Quotes/ }).click()
  const quote = page.locator('blockquote').first()
  await expect(quote).toBeVisible()
  const written = readFileSync(fileNamed(vault, 'quotes.md'), 'utf8')
  expect(written).toMatch(/^---\n/)
  expect(written).toContain('— **Ada Example**')
})

test('dropped transcripts and a folder become notes; what is none of it is named', async ({ page, folder, vault }) => {
  await call(page, 'settings.useSuggestedVault')
  const file = join(folder, '2026-11-01 Talk on barometers é.vtt')
  const more = join(folder, 'More')
  mkdirSync(more)
  writeFileSync(file, talk('barometer'))
  writeFileSync(join(folder, 'second.srt'), talk('rain gauge').replace('WEBVTT\n\n', '').replaceAll('.', ','))
  writeFileSync(join(more, 'third.vtt'), talk('anemometer'))
  writeFileSync(join(more, 'archive.zip'), Buffer.from('504b0304140000000000', 'hex'))
  await dropFiles(page, [file, join(folder, 'second.srt'), more])
  const box = page.getByRole('region', { name: 'Make notes from a link or file' })
  await expect(box).toContainText('4 files')
  await expect(box).toContainText('archive.zip')
  await box.getByRole('button', { name: /Make notes|Take all/ }).click()
  await expect.poll(async () => (await call<unknown[]>(page, 'jobs.list')).length).toBe(3)
  await waitForJobs(page)
  expect(fileNamed(vault, 'summary.md')).toContain('2026-11-01')
  expect(filesBelow(vault).filter((name) => name.endsWith('/summary.md'))).toHaveLength(3)
  await expect(box).toContainText('archive.zip')
})

test('a recording without words is kept and says what it needs', async ({ page, folder }) => {
  await call(page, 'settings.useSuggestedVault')
  const file = join(folder, 'recording.wav')
  const header = Buffer.from('524946462400000057415645666d74201000000001000100401f0000803e00000200100064617461', 'hex')
  writeFileSync(file, Buffer.concat([header, Buffer.from([0x40, 0x1f, 0, 0]), Buffer.alloc(8_000)]))
  await dropFiles(page, [file])
  await expect(page.getByText(/speech recognition/i).first()).toBeVisible()
})

test('a cancelled job keeps what is done and goes on', async ({ page, server, vault }) => {
  const url = serveShow(server)
  let release = (): void => {}
  server.on('/talk.vtt', (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/vtt' })
    release = () => response.end(talk('tide gauge'))
  })
  const { rows } = await follow(page, url)
  await call(page, 'jobs.start', { episodeIds: [rows[0]!.id] })
  await page.evaluate(() => {
    location.hash = '#/activity'
  })
  await page.getByRole('button', { name: `Cancel ${rows[0]!.title}` }).click()
  await waitForJobs(page, 'cancelled')
  release()
  expect(filesBelow(vault)).toEqual([])
  serveShow(server)
  await page.getByRole('button', { name: /^Go on with/ }).click()
  await waitForJobs(page)
  expect(filesBelow(vault).length).toBeGreaterThan(3)
})

test('killed in the middle of a job, it goes on at the next start', async ({ launch, server, vault }) => {
  const app = await launch()
  const page = await readyPage(app)
  const url = serveShow(server)
  server.on('/talk.vtt', (_request, response) => void response.writeHead(200, { 'content-type': 'text/vtt' }))
  const { rows } = await follow(page, url)
  await call(page, 'jobs.start', { episodeIds: [rows[0]!.id] })
  await expect.poll(() => server.requests.some(({ path }) => path === '/talk.vtt')).toBe(true)
  const gone = new Promise((exited) => app.process().once('exit', exited))
  app.process().kill('SIGKILL')
  await gone
  serveShow(server)
  const again = await readyPage(await launch())
  await waitForJobs(again)
  expect(filesBelow(vault).some((file) => file.endsWith('summary.md'))).toBe(true)
})
