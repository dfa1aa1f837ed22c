import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createEvents } from '../events.ts'
import { silentLog } from '../log.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { createTemplatesService, type TemplatesService } from './service.ts'

const assetsUrl = new URL('../../../assets/', import.meta.url)
const clock = { now: () => Date.UTC(2026, 10, 23) }
const yaml = 'name: mine\nuser_prompt_template: hi\n'

let profilePath: string
let storage: Storage
let service: TemplatesService
const file = (): string => join(profilePath, 'templates', 'mine.yaml')
const kinds = (): string[] => service.upkeep.inspect().map(({ kind }) => kind)

beforeEach(async () => {
  profilePath = mkdtempSync(join(tmpdir(), 'inkwell-template-upkeep-'))
  const opened = openStorage(':memory:', { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  storage = opened.value
  const events = createEvents((error) => {
    throw error
  })
  service = createTemplatesService({ storage, events, clock, log: silentLog, profilePath, assetsUrl })
  await service.save(yaml)
})
afterEach(() => {
  storage.close()
  rmSync(profilePath, { recursive: true, force: true })
})

it('knows what earlier versions saved by the trail alone', async () => {
  storage.writeUnaudited((tx) => tx.run("DELETE FROM settings WHERE name = 'templates.saved'"))
  expect(kinds()).toEqual(['fine'])
  writeFileSync(file(), 'name: [')
  const [fact] = service.upkeep.inspect()
  expect(fact).toMatchObject({ kind: 'damaged', saved: { yaml } })
  expect(await service.upkeep.putBack([fact!])).toMatchObject({ ok: true })
  expect(readFileSync(file(), 'utf8')).toBe(yaml)
  await service.remove('mine')
  expect(kinds()).toEqual([])
})

it('keeps what it displaces under a name of its own, each time', async () => {
  for (const text of ['name: [', 'other: [']) {
    writeFileSync(file(), text)
    expect(await service.upkeep.putBack(service.upkeep.inspect())).toMatchObject({ ok: true })
  }
  expect(readdirSync(join(profilePath, 'templates')).sort()).toEqual([
    'mine.yaml',
    'mine.yaml.set-aside-2026-11-23',
    'mine.yaml.set-aside-2026-11-23-2',
  ])
  expect(readFileSync(`${file()}.set-aside-2026-11-23-2`, 'utf8')).toBe('other: [')
  expect(service.list().filter(({ builtIn }) => !builtIn)).toHaveLength(1)
})

it('puts nothing back when the file has changed since it was looked at', async () => {
  writeFileSync(file(), 'name: [')
  const seen = service.upkeep.inspect()
  writeFileSync(file(), `${yaml}category: talks\n`)
  expect(await service.upkeep.putBack(seen)).toMatchObject({ ok: false, error: { code: 'changed-meanwhile' } })
  expect(readFileSync(file(), 'utf8')).toContain('talks')
})

it('does not put back a text whose row in the trail has rotted', () => {
  storage.writeUnaudited((tx) => tx.run("UPDATE audit SET after_json = replace(after_json, 'hi', 'ho')"))
  rmSync(file())
  expect(kinds()).toEqual([])
})
