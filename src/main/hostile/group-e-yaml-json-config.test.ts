import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Episode } from '#shared/contract/episodes.ts'
import type { IntakeItem } from '#shared/contract/intake.ts'
import type { TemplateSummary } from '#shared/contract/templates.ts'
import type { Transcript } from '#shared/contract/transcripts.ts'
import { compose } from '../compose.ts'
import { metadataFileName } from '../notes/metadata.ts'
import { asFeed, everythingUnder, feedOf, type HostileHouse, openHostileHouse } from './hostile-house.ts'

let home: HostileHouse
beforeAll(async () => {
  home = await openHostileHouse()
})
afterAll(() => home.close())

const minimal = 'name: mine\nversion: "1"\nuser_prompt_template: "{{ transcript }}"\n'
const save = (yaml: string) => home.tell('templates.save', { yaml })
const listed = () => home.ask<TemplateSummary[]>('templates.list')

describe('templates', () => {
  const levels = Array.from(
    { length: 9 },
    (_, index) =>
      `a${index}: &a${index} [${Array.from({ length: 9 }, () => (index ? `*a${index - 1}` : 'x')).join(', ')}]`,
  )
  it.each([
    ['69 an alias bomb', `${minimal}${levels.join('\n')}\n`],
    ['70 50,000 keys', minimal + Array.from({ length: 50_000 }, (_, index) => `key${index}: 1\n`).join('')],
    ['71 an alias of itself', `${minimal}a: &a [*a]\n`],
    ['72 a function', `${minimal}a: !!js/function 'function () { return process }'\n`],
    ['72 a call', `${minimal}a: !!python/object/apply:os.system ['touch /tmp/x']\n`],
    ['74 a key that is there twice', `${minimal}name: other\n`],
    ['74 a tab', `${minimal}a:\n\t- b\n`],
    ['74 a zero byte', `${minimal}a: "\0"\n`],
    ['74 two documents', `${minimal}---\nname: b\n`],
    ['75 a path as a name', 'name: ../../x\nuser_prompt_template: a\n'],
    ['75 a device as a name', 'name: con\nuser_prompt_template: a\n'],
    ['75 no name', 'name: ""\nuser_prompt_template: a\n'],
    ['75 a name of 200 kB', `name: ${'x'.repeat(200_000)}\nuser_prompt_template: a\n`],
    ['75 the name of one of ours in another case', 'name: SUMMARY\nuser_prompt_template: a\n'],
  ])('%s is refused, also when it lies in the folder', async (_name, yaml) => {
    expect(await save(yaml)).toMatchObject({ ok: false })
    const folder = join(home.profilePath, 'templates')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'planted.yaml'), yaml)
    const own = (await listed()).filter(({ builtIn }) => !builtIn)
    expect(own).toHaveLength(1)
    expect(own[0]?.problem).not.toBeNull()
    expect((await listed()).filter(({ builtIn }) => builtIn)).toHaveLength(8)
    home.expectHarmless()
  })

  it('73 keys that reach a prototype are dropped; 74 scalars stay what was written', async () => {
    writeFileSync(join(home.profilePath, 'templates/planted.yaml'), '')
    const yaml = `\ufeff${minimal.replace('"1"', '1.10')}description: no\ncategory: 22:22\n__proto__: {polluted: yes}\nconstructor: {prototype: {polluted: yes}}\n`
    expect(await save(yaml)).toMatchObject({
      value: { name: 'mine', version: '1.10', description: 'no', category: '22:22' },
    })
    home.expectHarmless()
  })

  it('75 a link in the folder of templates is not followed', async () => {
    symlinkSync(join(home.root, 'sentinel/passwd'), join(home.profilePath, 'templates/link.yaml'))
    expect((await listed()).find(({ name }) => name === 'link')?.problem).toContain('not a plain file')
    home.expectHarmless()
  })

  it('76 what looks like code in a template is text, and 77 no template brings a pattern to be run', async () => {
    const prompt = "{{constructor.constructor('return process')().exit()}}{% include '/etc/passwd' %}"
    const yaml = `name: code\nversion: "(a+)+$"\nuser_prompt_template: "${prompt}"\nregex: "(a+)+$"\nvariables:\n  - {name: offline_recipe, default: summary}\n`
    expect(await save(yaml)).toMatchObject({ ok: true })
    home.routes['/talks.xml'] = asFeed(feedOf([{ title: `T ${'a'.repeat(400)}!`, inside: home.spoken() }]))
    const feed = await home.follow('/talks.xml')
    const [episode] = await home.episodes(feed.id)
    expect(await home.process(episode!.id, ['code'])).toMatchObject({ state: 'done' })
    const note = everythingUnder(home.vaultPath).find((path) => path.endsWith('code.md'))!
    expect(readFileSync(note, 'utf8')).not.toContain('root:')
    home.expectHarmless()
  })
})

describe('JSON from outside', () => {
  it('73 transcripts and chapters with keys that reach a prototype, and 200,000 deep', async () => {
    const poison = '"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}'
    home.routes['/poison.json'] = {
      body: `{${poison},"version":"1.0.0","segments":[{${poison},"startTime":0,"endTime":2,"speaker":"A","body":"Hello there."}]}`,
    }
    home.routes['/chapters.json'] = {
      body: `{${poison},"version":"1.2.0","chapters":[{${poison},"startTime":0,"title":"One"}]}`,
    }
    home.routes['/deep.json'] = { body: `{"segments":${'['.repeat(200_000)}${']'.repeat(200_000)}}` }
    const words = (path: string) => `<podcast:transcript url="${home.at(path)}" type="application/json"/>`
    const chapters = `<podcast:chapters url="${home.at('/chapters.json')}" type="application/json+chapters"/>`
    home.routes['/json.xml'] = asFeed(
      feedOf([
        { title: 'Poison', inside: words('/poison.json') + chapters },
        { title: 'Deep', inside: words('/deep.json') },
      ]),
    )
    const feed = await home.follow('/json.xml')
    const ids = new Map((await home.episodes(feed.id)).map(({ id, title }) => [title, id]))
    await home.process(ids.get('Poison')!)
    expect(await home.ask<Transcript>('transcripts.get', { episodeId: ids.get('Poison')! })).toMatchObject({
      segments: [{ text: 'Hello there.', speaker: 'Speaker A' }],
    })
    expect((await home.ask<Episode>('episodes.get', { episodeId: ids.get('Poison')! })).chapters).toHaveLength(1)
    expect((await home.process(ids.get('Deep')!)).error?.code).toBe('transcript-unreadable')
    home.expectHarmless()
  })

  it('93 and 70 pasted texts of megabytes are judged beside the window', async () => {
    const page = `<html><body>${'<b>a</b>'.repeat(200_000)}</body></html>`
    for (const text of [page, `{"a":${'['.repeat(300_000)}`, '>'.repeat(300_000)]) {
      const [item] = await home.ask<IntakeItem[]>('intake.inspect', { text })
      expect(item?.kind).toBe('unsupported')
    }
    home.expectHarmless()
  })
})

it('78 metadata of a later Inkwell, or of no version that there is, is not written over', async () => {
  const versions = ['999', '-1', '"1"', '', '1e99']
  home.routes['/meta.xml'] = asFeed(feedOf(versions.map((version, index) => ({ title: `${index}: ${version}` }))))
  const feed = await home.follow('/meta.xml')
  for (const { id, title } of await home.episodes(feed.id)) {
    const { folder } = await home.write(id, 'One.')
    const path = join(folder, metadataFileName)
    const theirs = `schema_version: ${versions[Number(title[0])]}\nmine: kept\n`
    writeFileSync(path, theirs)
    await home.write(id, 'Two.', 'run-2')
    expect(readFileSync(path, 'utf8')).toBe(theirs)
  }
  home.expectHarmless()
})

describe('79 a database that is not what it was', () => {
  const open = (profilePath: string) =>
    compose({ profilePath, entry: new URL('../headless.ts', import.meta.url), origin: 'app', desktop: null })
  const pages: Record<string, (good: Buffer) => Buffer> = {
    'zeros after a power cut': (good) => Buffer.alloc(good.length),
    'other bytes': () => Buffer.from('not a database '.repeat(2_000)),
    'its first page lost': (good) => Buffer.concat([Buffer.alloc(4_096), good.subarray(4_096)]),
    'its second page lost': (good) =>
      Buffer.concat([good.subarray(0, 4_096), Buffer.alloc(4_096), good.subarray(8_192)]),
    'torn in its header': (good) => good.subarray(0, 50),
    'torn after a page': (good) => good.subarray(0, 4_096),
    'torn in the middle': (good) => good.subarray(0, Math.floor(good.length / 2)),
  }
  it.each(Object.entries(pages))('%s: it says so, sets the file aside as it is, and goes on', async (name, damage) => {
    const profilePath = join(home.profilePath, 'others', name.replaceAll(' ', '-'))
    const first = await open(profilePath)
    if (!first.ok) throw new Error(first.error.message)
    await first.value.close()
    const path = join(profilePath, 'inkwell.db')
    const damaged = damage(readFileSync(path))
    writeFileSync(path, damaged)
    const second = await open(profilePath)
    if (!second.ok) throw new Error(second.error.message)
    const [notice] = second.value.storageNotices.list()
    await second.value.close()
    expect(notice).toMatchObject({ kind: 'recovered', seenAtMs: null })
    expect(readFileSync(join(profilePath, notice!.keptIn!, 'inkwell.db')).equals(damaged)).toBe(true)
  })
  it('78 one of a newer Inkwell is not touched', async () => {
    const profilePath = join(home.profilePath, 'others/newer')
    const first = await open(profilePath)
    if (first.ok) await first.value.close()
    const path = join(profilePath, 'inkwell.db')
    const database = new DatabaseSync(path)
    database.exec('PRAGMA user_version = 999; PRAGMA wal_checkpoint(TRUNCATE)')
    database.close()
    const before = readFileSync(path)
    expect(await open(profilePath)).toMatchObject({ ok: false, error: { code: 'profile-is-newer' } })
    expect(readFileSync(path).equals(before)).toBe(true)
  })
})
