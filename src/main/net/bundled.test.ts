import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { silentLog } from '../log.ts'
import { createHttp } from './http.ts'

const root = mkdtempSync(join(tmpdir(), 'inkwell-bundled-'))
const folder = join(root, 'sample')
mkdirSync(join(folder, 'sub'), { recursive: true })
writeFileSync(join(root, 'secret.xml'), 'secret')
writeFileSync(join(folder, 'feed.xml'), '<rss/>')
writeFileSync(join(folder, 'sub', 'a.vtt'), 'WEBVTT')
symlinkSync(join(root, 'secret.xml'), join(folder, 'link.xml'))
symlinkSync(root, join(folder, 'out'))
afterAll(() => rmSync(root, { recursive: true }))

const http = createHttp({ log: silentLog, clock: { now: () => 0 }, bundled: { scheme: 'inkwell-sample:', folder } })
const get = (url: string, headers: Record<string, string> = {}) => http.get({ url, maxBytes: 100, headers })

describe('files that came with the app', () => {
  it.each([
    ['inkwell-sample:///feed.xml', '<rss/>'],
    ['inkwell-sample:feed.xml', '<rss/>'],
    ['INKWELL-SAMPLE:///sub/a.vtt?x#y', 'WEBVTT'],
  ])('%s', async (url, body) => {
    const result = await get(url)
    expect(result.ok && [result.value.status, result.value.body.toString()]).toEqual([200, body])
  })
  it('answers 304 to its own ETag and 404 to what is not there', async () => {
    const first = await get('inkwell-sample:///feed.xml')
    const etag = first.ok ? first.value.headers.etag! : ''
    expect(first).toMatchObject({ value: { headers: { 'content-type': 'application/rss+xml; charset=utf-8' } } })
    expect(await get('inkwell-sample:///feed.xml', { 'If-None-Match': etag })).toMatchObject({ value: { status: 304 } })
    expect(await get('inkwell-sample:///none.xml')).toMatchObject({ value: { status: 404 } })
  })
  it.each([
    'inkwell-sample:///../secret.xml',
    'inkwell-sample:///%2e%2e/secret.xml',
    'inkwell-sample:///sub/..%2f..%2fsecret.xml',
    'inkwell-sample:///..\\secret.xml',
    'inkwell-sample:///link.xml',
    'inkwell-sample:///out/secret.xml',
    'inkwell-sample:///sub',
    'inkwell-sample:///',
    'inkwell-sample:///feed.xml\u0000.txt',
  ])('%s leads out and is refused', async (url) =>
    expect(await get(url)).toMatchObject({ ok: false, error: { code: 'address-refused' } }),
  )
})
