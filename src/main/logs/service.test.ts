import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir, hostname, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEvents } from '../events.ts'
import { insertFeed } from '../feeds/store.ts'
import { createLog, type FileLog } from '../log.ts'
import { writeSetting } from '../settings/store.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { joinFiles } from './bundle.ts'
import { createLogsService, type LogsService } from './service.ts'

const canary = 'cAn4ry5ecret9f3aQ7'
const nowMs = Date.UTC(2026, 10, 23, 12)
let profilePath: string
let vaultPath: string
let storage: Storage
let log: FileLog
let logs: LogsService
let saveAs: string | null
const emitted: string[] = []

beforeEach(() => {
  profilePath = mkdtempSync(join(tmpdir(), 'inkwell-logs-'))
  vaultPath = join(profilePath, 'my "vault"')
  const opened = openStorage(join(profilePath, 'inkwell.db'), { clock: { now: () => nowMs }, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  storage = opened.value
  log = createLog(profilePath, { maxBytes: 3_000, maxFiles: 1_000 })
  const events = createEvents((error) => {
    throw error
  })
  emitted.length = 0
  events.onAny((event) => emitted.push(event))
  saveAs = join(profilePath, 'saved.txt')
  logs = createLogsService({
    reader: storage,
    events,
    clock: { now: () => nowMs },
    log,
    desktop: { chooseSavePath: async () => saveAs },
    profilePath,
    vaultPath: () => vaultPath,
    version: '1.2.3',
    health: () => ({
      atMs: nowMs,
      checks: [
        {
          check: 'notes',
          findings: [{ title: `1 file in ${vaultPath}/The Lamp`, subjects: ['The Lamp/a.md'], subjectCount: 1 }],
        },
      ],
    }),
  })
})
afterEach(() => {
  logs.close()
  storage.close()
  rmSync(profilePath, { recursive: true, force: true })
})

const logFolder = (): string => join(profilePath, 'logs')

describe('the tail', () => {
  it('is read back across rotated files, newest first', async () => {
    for (let line = 0; line < 300; line += 1)
      log[line % 10 === 0 ? 'error' : line % 2 === 0 ? 'warn' : 'info']('test.line', {
        line,
        subject: `line/${line}`,
        durationMs: line,
        outcome: 'ok',
      })
    const all = await logs.tail({ limit: 1_000, minLevel: 'info' })
    expect(all.lines.map(({ subject }) => subject)).toEqual(Array.from({ length: 300 }, (_, at) => `line/${299 - at}`))
    expect(all.lines[0]).toEqual({
      atMs: expect.any(Number),
      level: 'info',
      operation: 'test.line',
      subject: 'line/299',
      durationMs: 299,
      outcome: 'ok',
      detailsJson: '{"line":299}',
    })
    expect(all.folder).toBe(logFolder())
    expect(all.bytes).toBeGreaterThan(30_000)
    const errors = await logs.tail({ limit: 20, minLevel: 'error' })
    expect(errors.lines.map(({ durationMs }) => durationMs)).toEqual(
      Array.from({ length: 20 }, (_, at) => 290 - at * 10),
    )
    expect((await logs.tail({ limit: 7, minLevel: 'warn' })).lines).toHaveLength(7)
  })

  it('leaves out torn lines and what is no line, reads those of earlier versions, masks again', async () => {
    log.info('first')
    const file = join(logFolder(), 'inkwell.log')
    const time = new Date(nowMs).toISOString()
    appendFileSync(file, '{"level":"info","time":"2026-11-2\n')
    appendFileSync(file, 'null\n[]\n5\n\n{"level":"info"}\n\0\0\0\0\n')
    appendFileSync(
      file,
      `${JSON.stringify({ level: 40, time, pid: 1, url: `https://u:${canary}@x.example`, msg: `old token=${canary}` })}\n`,
    )
    appendFileSync(
      file,
      `${JSON.stringify({ level: 'info', time, operation: 'later', said: 'a plain word' })}\n{"level":"er`,
    )
    log.hide('a plain word')
    const { lines } = await logs.tail({ limit: 100, minLevel: 'info' })
    expect(lines).toMatchObject([
      { operation: 'later', detailsJson: '{"said":"•••"}' },
      { operation: 'old token=•••', level: 'warn', atMs: nowMs, detailsJson: '{"url":"https://•••@x.example"}' },
      { operation: 'first' },
    ])
  })

  it('is empty where there is none, and tells views when lines come', async () => {
    expect(await logs.tail({ limit: 1, minLevel: 'info' })).toMatchObject({ lines: [], bytes: 0 })
    log.info('one')
    log.info('two')
    await expect.poll(() => emitted, { timeout: 60_000 }).toEqual(['logs.changed'])
  })
})

describe('the bundle', () => {
  beforeEach(() => {
    storage.writeUnaudited((tx) => {
      insertFeed(tx, {
        id: '0198c0de-1111-7222-8333-444455556666',
        kind: 'rss',
        own_title: 'The Lamp and the Log',
        author: 'Ada "Quill" Reed',
        url_key: 'key',
        added_at_ms: nowMs,
        state_kind: 'ok',
        state_message: 'Up to date',
      })
      writeSetting(tx, 'vaultPath', vaultPath, nowMs)
      writeSetting(tx, 'colorScheme', 'dark', nowMs)
      writeSetting(tx, 'profile.salt', canary, nowMs)
      writeSetting(tx, 'kit', { marks: [canary] }, nowMs)
    })
    mkdirSync(vaultPath)
    writeFileSync(join(vaultPath, 'note.md'), 'note')
  })

  it('holds what helps, and neither secrets nor what a person listens to', async () => {
    log.warn('notes.write-failed', {
      subject: `file ${vaultPath}/The Lamp and the Log/Episode one.md`,
      said: `“The Lamp and the Log” by Ada "Quill" Reed, ${homedir()}/x, ${hostname()}`,
      url: `https://u:${canary}@feeds.example/private/${canary}`,
      error: new Error(`password=${canary}`),
      at: join(profilePath, 'blobs', 'x'),
    })
    log.hide('a learned secret')
    appendFileSync(
      join(logFolder(), 'inkwell.log'),
      `${JSON.stringify({ level: 'info', time: new Date(nowMs).toISOString(), operation: 'x', a: 'a learned secret' })}\n`,
    )
    const { files } = await logs.prepareBundle()
    expect(files.map(({ name }) => name)).toEqual([
      'about.txt',
      'system.json',
      'database.json',
      'disk.json',
      'settings.json',
      'health.json',
      'log.txt',
    ])
    const text = joinFiles(files)
    for (const forbidden of [
      'cAn4ry',
      'Lamp and the Log',
      'Quill',
      'Episode one',
      'The Lamp/a.md',
      profilePath,
      'learned secret',
    ])
      expect(text, forbidden).not.toContain(forbidden)
    const home = homedir()
    if (home.length > 3) expect(text).not.toContain(`${home}/`)
    if (userInfo().username.length > 3) expect(text).not.toContain(userInfo().username)
    if (hostname().length > 3) expect(text).not.toContain(hostname())
    const named = Object.fromEntries(files.map(({ name, text: shown }) => [name, shown]))
    expect(JSON.parse(named['system.json']!)).toMatchObject({ inkwell: '1.2.3', platform: process.platform })
    expect(JSON.parse(named['database.json']!)).toMatchObject({
      quickCheck: 'ok',
      journalMode: 'wal',
      rows: { feeds: 1, episodes: 0 },
    })
    expect(JSON.parse(named['settings.json']!)).toEqual({ colorScheme: 'dark', vaultPath: 'set' })
    expect(JSON.parse(named['health.json']!)).toMatchObject({ checks: [{ findings: [{ subjectCount: 1 }] }] })
    expect(JSON.parse(named['disk.json']!)).toMatchObject({ parts: { 'inkwell.db': { files: 1 } }, log: null })
    expect(named['log.txt']).toContain('notes.write-failed file <notes folder>/…')
    expect(named['log.txt']).toContain('https://•••@feeds.example')
    for (const { text: shown, bytes } of files) expect(bytes).toBe(Buffer.byteLength(shown))
  })

  it('is saved exactly as it was shown, without what was left out, whatever was logged meanwhile', async () => {
    log.info('before')
    const { token, files } = await logs.prepareBundle()
    log.info('after it was shown')
    const left = files.filter(({ name }) => name !== 'health.json' && name !== 'settings.json')
    expect(await logs.saveBundle(token, ['health.json', 'settings.json', 'no such file'])).toEqual({
      ok: true,
      value: { fileName: 'saved.txt', bytes: statSync(saveAs!).size },
    })
    const saved = readFileSync(saveAs!, 'utf8')
    expect(saved).toBe(joinFiles(left))
    for (const { text } of left) expect(saved).toContain(text)
    expect(saved).not.toMatch(/after it was shown|colorScheme/)
    expect(statSync(saveAs!).mode & 0o777).toBe(0o600)
  })

  it('nothing else is saved: an unknown token, nothing left, the dialog left, no room', async () => {
    const { token, files } = await logs.prepareBundle()
    expect(await logs.saveBundle('something', [])).toMatchObject({ error: { code: 'not-shown' } })
    expect(
      await logs.saveBundle(
        token,
        files.map(({ name }) => name),
      ),
    ).toMatchObject({ error: { code: 'nothing-left' } })
    saveAs = null
    expect(await logs.saveBundle(token, [])).toEqual({ ok: true, value: null })
    expect(await logs.saveBundleAt(join(profilePath, 'none', 'x.txt'), token, [])).toMatchObject({
      error: { code: 'write-failed' },
    })
    for (let more = 0; more < 3; more += 1) await logs.prepareBundle()
    expect(await logs.saveBundleAt(join(profilePath, 'x.txt'), token, [])).toMatchObject({
      error: { code: 'not-shown' },
    })
  })

  it('is made of a damaged database too', async () => {
    storage.writeUnaudited((tx) => tx.run('ALTER TABLE settings RENAME TO other'))
    const { files } = await logs.prepareBundle()
    expect(files.find(({ name }) => name === 'settings.json')?.text).toContain('cannotBeRead')
    expect(files).toHaveLength(7)
  })
})
