import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEvents } from '../events.ts'
import { silentLog } from '../log.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { createTemplatesService, type TemplatesService } from './service.ts'

const assetsUrl = new URL('../../../assets/', import.meta.url)
const clock = { now: () => 1_790_000_000_000 }
const yamlOf = (name: string, extra = ''): string => `name: ${name}\nversion: "2"\nuser_prompt_template: hi\n${extra}`

let profilePath: string
let storage: Storage
let service: TemplatesService
let changes: number
const build = (): TemplatesService => {
  const events = createEvents((error) => {
    throw error
  })
  events.on('templates.changed', () => {
    changes += 1
  })
  return createTemplatesService({ storage, events, clock, log: silentLog, profilePath, assetsUrl })
}
const folder = (): string => join(profilePath, 'templates')
const actions = (): string[] => storage.all<{ action: string }>('SELECT action FROM audit').map(({ action }) => action)

beforeEach(() => {
  profilePath = mkdtempSync(join(tmpdir(), 'inkwell-templates-'))
  const opened = openStorage(':memory:', { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  storage = opened.value
  changes = 0
  service = build()
})
afterEach(() => {
  storage.close()
  rmSync(profilePath, { recursive: true, force: true })
})

describe('templates', () => {
  it('lists the built-in ones first and works without a folder of the user', () => {
    expect(service.list().map(({ name }) => name)).toEqual([
      'summary',
      'quotes',
      'key-concepts',
      'books-mentioned',
      'frameworks-mentioned',
      'people-mentioned',
      'tools-mentioned',
      'step-by-step-plan',
    ])
    expect(
      service
        .list()
        .filter(({ isDefault }) => isDefault)
        .map(({ title }) => title),
    ).toEqual(['Summary', 'Quotes', 'Key concepts'])
    expect(service.get('quotes')).toMatchObject({ ok: true, value: { offlineRecipe: 'quotes', builtIn: true } })
  })

  it('saves, replaces, and says what changed', async () => {
    expect(await service.save(yamlOf('mine'))).toMatchObject({
      ok: true,
      value: { name: 'mine', worksOffline: false, builtIn: false },
    })
    expect(await service.save(yamlOf('mine', 'description: second\n'))).toMatchObject({
      ok: true,
      value: { description: 'second' },
    })
    expect(readdirSync(folder())).toEqual(['mine.yaml'])
    expect(readFileSync(join(folder(), 'mine.yaml'), 'utf8')).toContain('second')
    expect(actions()).toEqual(['templates.save', 'templates.save'])
    expect(changes).toBe(2)
  })

  it('refuses the names of built-in templates in any case, and writes nothing', async () => {
    for (const name of ['summary', 'SUMMARY', 'Key-Concepts'])
      expect(await service.save(yamlOf(name))).toMatchObject({ ok: false, error: { code: 'name-taken' } })
    expect(await service.save('name: [')).toMatchObject({ ok: false, error: { code: 'invalid-template' } })
    expect(existsSync(folder())).toBe(false)
    expect(actions()).toEqual([])
  })

  it('reads files that were edited by hand, and lists a broken one with its problem', () => {
    mkdirSync(folder())
    writeFileSync(
      join(folder(), 'by-hand.yml'),
      yamlOf('by-hand', 'variables: [{name: offline_recipe, default: quotes}]\n'),
    )
    writeFileSync(join(folder(), 'broken.yaml'), 'name: broken\ntemperature: 9\n')
    writeFileSync(join(folder(), 'clash.yaml'), yamlOf('Summary'))
    writeFileSync(join(folder(), 'twin.yaml'), yamlOf('BY-HAND'))
    symlinkSync('/etc/passwd', join(folder(), 'link.yaml'))
    const own = new Map(
      service
        .list()
        .filter(({ builtIn }) => !builtIn)
        .map((entry) => [entry.name, entry.problem]),
    )
    expect(own.get('by-hand')).toBeNull()
    expect(own.get('broken')).toBe('Line 1: “user_prompt_template” is missing.')
    expect(own.get('Summary')).toContain('belongs to a template that comes with Inkwell')
    expect(own.get('BY-HAND')).toContain('by-hand.yml')
    expect(own.get('link')).toContain('not a plain file')
    expect(service.get('broken')).toMatchObject({ ok: false, error: { code: 'invalid-template' } })
    expect(service.get('summary')).toMatchObject({ ok: true, value: { builtIn: true } })
    expect(service.source('broken')).toMatchObject({ ok: true, value: { yaml: 'name: broken\ntemperature: 9\n' } })
    expect(service.get('by-hand')).toMatchObject({ ok: true, value: { offlineRecipe: 'quotes' } })
  })

  it('removes and brings back the same bytes, also after a restart, and also a broken one', async () => {
    await service.save(yamlOf('mine', '# a comment\n'))
    writeFileSync(join(folder(), 'broken.yaml'), 'name: [')
    expect(await service.remove('mine')).toMatchObject({ ok: true })
    expect(await service.remove('broken')).toMatchObject({ ok: true })
    expect(readdirSync(folder())).toEqual([])
    service = build()
    expect(await service.undoRemove('mine')).toMatchObject({ ok: true, value: { name: 'mine' } })
    expect(await service.undoRemove('broken')).toMatchObject({ ok: true, value: { name: 'broken' } })
    expect(readFileSync(join(folder(), 'mine.yaml'), 'utf8')).toBe(yamlOf('mine', '# a comment\n'))
    expect(readFileSync(join(folder(), 'broken.yaml'), 'utf8')).toBe('name: [')
    expect(await service.remove('summary')).toMatchObject({ ok: false, error: { code: 'built-in' } })
    expect(await service.remove('nobody')).toMatchObject({ ok: false, error: { code: 'no-such-template' } })
    expect(await service.undoRemove('mine')).toMatchObject({ ok: false, error: { code: 'name-taken' } })
  })

  it('keeps the chosen defaults, without those that are gone', async () => {
    await service.save(yamlOf('mine'))
    expect(service.setDefaults(['quotes', 'mine', 'quotes'])).toMatchObject({ ok: true })
    expect(service.defaults()).toEqual(['quotes', 'mine'])
    await service.remove('mine')
    expect(service.defaults()).toEqual(['quotes'])
    expect(service.setDefaults(['nobody'])).toMatchObject({ ok: false, error: { code: 'no-such-template' } })
    expect(build().defaults()).toEqual(['quotes'])
  })

  it('runs changes one after another', async () => {
    const results = await Promise.all([
      service.save(yamlOf('mine')),
      service.remove('mine'),
      service.undoRemove('mine'),
      service.save(yamlOf('mine')),
    ])
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true, true])
  })

  it('says so when the folder cannot be written, and changes nothing', async () => {
    writeFileSync(folder(), 'a file where the folder should be')
    expect(await service.save(yamlOf('mine'))).toMatchObject({ ok: false, error: { code: 'template-not-written' } })
    expect(service.list()).toHaveLength(8)
    expect(actions()).toEqual([])
  })
})
