import { expect, it } from 'vitest'
import { silentLog } from '../log.ts'
import { openStorage } from '../storage/storage.ts'
import { createAppService } from './service.ts'

const storage = openStorage(':memory:', { clock: Date, origin: 'test' })
if (!storage.ok) throw new Error(storage.error.message)
const opened: string[] = []
const app = createAppService({
  storage: storage.value,
  log: silentLog,
  desktop: { openExternal: async (url) => void opened.push(url) },
  profilePath: '/profile',
  version: '1.2.3',
})

it.each([
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,x',
  'smb://server/share',
  'vbscript:x',
  'obsidian://open',
  'ms-msdt:/id',
  ' file:///x',
  'https:',
  'not a url',
  '',
])('does not open %j', async (url) => {
  expect(await app.openExternal(url)).toMatchObject({ ok: false, error: { code: 'address-refused' } })
  expect(opened).toEqual([])
})

it('opens pages and mail, as it parsed them', async () => {
  for (const url of ['https://example.org/a b', 'http://example.org', 'mailto:a@example.org'])
    await app.openExternal(url)
  expect(opened.splice(0)).toEqual(['https://example.org/a%20b', 'http://example.org/', 'mailto:a@example.org'])
})

it('says which versions run', () => {
  expect(app.info()).toMatchObject({ version: '1.2.3', profilePath: '/profile', node: process.versions.node })
})
