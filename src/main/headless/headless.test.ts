import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runIn } from './testing.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const entry = new URL('../headless.ts', import.meta.url)
const sample = (name: string): string => join(root, 'assets/sample', name)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-headless-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function inkwell(...args: string[]) {
  const run = await runIn(folder, args, 'secret words\n')
  return { ...run, json: () => JSON.parse(run.out) }
}

/** The sample feed; what `hold` names is not answered before it is let go. */
async function serveSample(hold: string | null = null): Promise<{ url: string; server: Server; letGo: () => void }> {
  let letGo = (): void => {}
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const server = createServer(async (request, response) => {
    if (request.url === hold) await held
    response.end(readFileSync(sample((request.url ?? '').slice(1))))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed.xml`, server, letGo }
}

describe('a headless run', () => {
  it('answers a usage error with help on standard error and 2, and opens no profile', async () => {
    const run = await inkwell('feeds', 'eat')
    expect(run).toMatchObject({ code: 2, out: '' })
    expect(run.err).toContain('Usage: inkwell')
    expect(() => readFileSync(join(folder, 'profile/inkwell.db'))).toThrow()
  })

  it('prints help and version on standard output', async () => {
    expect((await inkwell('--help')).out).toContain('feeds import-opml <file>')
    expect(await inkwell('--version')).toMatchObject({ code: 0, out: '9.9.9\n' })
  })

  it('makes notes of a transcript file, and the second time changes nothing', async () => {
    copyFileSync(sample('what-the-keepers-wrote-down.vtt'), join(folder, 'Keepers.vtt'))
    const first = await inkwell('process', 'Keepers.vtt', '--out', 'notes', '--templates', 'summary,quotes', '--json')
    expect(first.code).toBe(0)
    const { schema_version, ok, command, data } = first.json()
    expect({ schema_version, ok, command }).toEqual({ schema_version: 1, ok: true, command: 'process' })
    expect(data.items[0]).toMatchObject({ title: 'Keepers', state: 'done', error: null })
    expect(data.items[0].files).toEqual([
      { templateName: 'summary', fileName: 'summary.md', outcome: 'written' },
      { templateName: 'quotes', fileName: 'quotes.md', outcome: 'written' },
    ])
    expect(readFileSync(join(data.items[0].folder, 'quotes.md'), 'utf8')).toContain('Ishbel Rae')

    const second = await inkwell('process', 'Keepers.vtt', '--out', 'notes', '--templates', 'summary,quotes', '--json')
    expect(second.json().data.items[0].files.map((file: { outcome: string }) => file.outcome)).toEqual([
      'unchanged',
      'unchanged',
    ])
    expect((await inkwell('jobs', '--json')).json().data).toHaveLength(2)
  })

  it('fails with words, on both streams of --json, for what is not there', async () => {
    const missing = await inkwell('process', 'nothing.vtt', '--out', 'notes', '--json')
    expect(missing.code).toBe(1)
    expect(missing.json()).toMatchObject({ ok: false, error: { code: 'not-taken' } })
    expect(missing.err).toContain(`There is no file ${join(folder, 'nothing.vtt')}.`)
    expect(await inkwell('process', 'nothing.vtt')).toMatchObject({ code: 1, out: '' })
    writeFileSync(join(folder, 'words.txt'), 'A few words only.')
    expect(await inkwell('process', 'words.txt', '--out', 'notes', '--templates', 'nope')).toMatchObject({ code: 1 })
  })

  it('adds, lists, refreshes, exports, imports and removes a feed', async () => {
    const { url, server } = await serveSample()
    expect(await inkwell('feeds', 'add', url)).toMatchObject({ code: 1 })
    expect(await inkwell('feeds', 'add', '--allow-local', url)).toMatchObject({ code: 0 })
    const listed = (await inkwell('feeds', 'list', '--json')).json().data
    expect(listed).toMatchObject([{ title: 'The Lamp and the Log', episodeCount: 3 }])
    expect(await inkwell('feeds', 'refresh', listed[0].id)).toMatchObject({ code: 0 })
    const episodes = (await inkwell('episodes', 'the lamp and the log', '--json')).json().data.episodes
    expect(episodes.map((episode: { transcript: string }) => episode.transcript)).toEqual([
      'publisher',
      'publisher',
      'none',
    ])
    expect(await inkwell('process', episodes[2].id, '--out', 'notes')).toMatchObject({ code: 1 })
    expect((await inkwell('feeds', 'export-opml', 'out.opml')).out).toContain('1 feed written')
    expect((await inkwell('feeds', 'export-opml')).out).toContain(`xmlUrl="${url}"`)
    expect((await inkwell('feeds', 'remove', listed[0].id.slice(0, 13))).out).toContain('Removed The Lamp and the Log.')
    expect((await inkwell('feeds', 'list', '--json')).json().data).toEqual([])
    expect((await inkwell('feeds', 'import-opml', 'out.opml')).out).toContain('1 feed added')
    server.close()
  })
})

describe('an interrupted run', () => {
  it.each([
    ['SIGINT', 130, 'queued'],
    ['SIGKILL', null, 'running'],
  ] as const)('by %s ends with %s, and the same command goes on', async (signal, code, state) => {
    const { url, server, letGo } = await serveSample('/what-the-keepers-wrote-down.vtt')
    await inkwell('feeds', 'add', '--allow-local', url)
    const [newest] = (await inkwell('episodes', 'The Lamp and the Log', '--json')).json().data.episodes
    const args = ['process', newest.id, '--out', join(folder, 'notes')]
    const child = spawn(process.execPath, [fileURLToPath(entry), ...args], {
      env: { ...process.env, INKWELL_PROFILE: join(folder, 'profile') },
    })
    let said = ''
    let signalled = false
    child.stderr.on('data', (part) => {
      said += String(part)
      if (!signalled && said.includes('(transcript, 0 %)')) signalled = child.kill(signal)
    })
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(code)
    expect(said.includes('Run the same command again')).toBe(signal === 'SIGINT')
    expect((await inkwell('jobs', '--json')).json().data).toMatchObject([{ state }])

    letGo()
    expect(await inkwell(...args)).toMatchObject({ code: 0, err: expect.not.stringContaining('broke') })
    expect((await inkwell('jobs', '--json')).json().data).toMatchObject([{ state: 'done' }])
    server.close()
  })
})
