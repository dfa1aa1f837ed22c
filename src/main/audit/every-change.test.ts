import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntry } from '#shared/contract/audit.ts'
import { contract } from '#shared/contract/index.ts'
import { channelOf } from '#shared/contract/names.ts'
import type { Note } from '#shared/contract/notes.ts'
import { canariesIn } from '../hostile/canaries.ts'
import { asFeed, feedOf, type HostileHouse, openHostileHouse } from '../hostile/hostile-house.ts'
import { followPrivately, servePrivateFeeds } from '../hostile/private-feeds.ts'
import { validFrom } from '../ipc/malformed.ts'
import { watchTransactions } from './watch-transactions.ts'
import { actionWords } from './words.ts'

const watch = watchTransactions()
let home: HostileHouse
let chosen: string | null = null
beforeAll(async () => {
  home = await openHostileHouse({
    desktop: {
      chooseFolder: async () => chosen,
      chooseFiles: async () => [],
      chooseSavePath: async (_, name) => join(home.root, 'vault', name),
      showInFolder: () => {},
      openFolder: async () => {},
      openExternal: async () => {},
      relaunch: () => {},
    },
  })
})
afterAll(async () => {
  await home.close()
  watch.stop()
})

const commands = Object.entries(contract).flatMap(([feature, entries]) =>
  Object.entries(entries).flatMap(([name, entry]) =>
    entry.kind === 'command' ? [{ channel: channelOf(feature, name), input: entry.input }] : [],
  ),
)
const trail = async (): Promise<AuditEntry[]> => {
  const entries: AuditEntry[] = []
  for (;;) {
    const beforeId = entries.at(-1)?.id
    const page = await home.ask<{ entries: AuditEntry[] }>('audit.list', {
      limit: 500,
      ...(beforeId === undefined ? {} : { beforeId }),
    })
    entries.push(...page.entries)
    if (page.entries.length < 500) return entries
  }
}
const yaml = (version: string): string =>
  readFileSync(new URL('../../../assets/templates/summary.yaml', import.meta.url), 'utf8')
    .replace('name: summary', 'name: mine')
    .replace('version: "1.0"', `version: "${version}"`)

describe('no change without its row in the trail', () => {
  it('the watch itself sees one that has none', () => {
    home.house.storage.writeUnaudited((tx) => tx.run('UPDATE settings SET updated_at_ms = updated_at_ms + 1'))
    expect(watch.unaudited.splice(0)).toEqual([{ tables: ['settings UPDATE'] }])
  })

  it('whatever a person does with feeds, episodes, notes, templates and settings', async () => {
    const { ask, house } = home
    home.routes['/feed.xml'] = asFeed(
      feedOf([
        { guid: 'a', title: 'First', inside: home.spoken() },
        { guid: 'b', title: 'Second', inside: home.spoken() },
      ]),
    )
    const { id: feedId } = await home.follow('/feed.xml')
    await ask('feeds.rename', { feedId, title: 'My name for it' })
    await ask('feeds.setCategory', { feedId, category: 'Rivers' })
    await ask('feeds.setPaused', { feedId, paused: true })
    await ask('feeds.setPaused', { feedId, paused: false })
    await ask('feeds.remove', { feedId })
    await ask('feeds.undoRemove', { feedId })
    const list = `<opml version="2.0"><body><outline type="rss" text="Other" xmlUrl="${home.at('/other.xml')}"/></body></opml>`
    await house.feeds.importOpmlBytes(Buffer.from(list))
    const [first, second] = await home.episodes(feedId)
    await ask('episodes.setSeen', { feedId, seen: true }).catch(() =>
      ask('episodes.setSeen', { episodeIds: [first!.id], seen: true }),
    )
    expect(await home.process(first!.id)).toMatchObject({ state: 'done' })

    const [note] = await ask<Note[]>('notes.list', { episodeId: first!.id })
    const path = join(house.notes.folderOf(first!.id)!, note!.fileName)
    writeFileSync(path, `${readFileSync(path, 'utf8')}\nMine.\n`)
    await home.write(first!.id, 'A newer summary.')
    await ask('notes.takeNew', { noteId: note!.id })
    writeFileSync(path, `${readFileSync(path, 'utf8')}\nMine again.\n`)
    await home.write(first!.id, 'An even newer summary.', 'run-2')
    await ask('notes.keepMine', { noteId: note!.id })

    const { jobIds } = await ask<{ jobIds: string[] }>('jobs.start', {
      episodeIds: [second!.id],
      templates: ['summary'],
    })
    await ask('jobs.cancel', { jobId: jobIds[0] })
    await house.jobs.idle()
    await home.tell('jobs.retry', { jobId: jobIds[0] })
    await house.jobs.idle()
    await ask('jobs.clearFinished')

    await ask('templates.save', { yaml: yaml('1.0') })
    await ask('templates.save', { yaml: yaml('1.1') })
    await ask('templates.remove', { name: 'mine' })
    await ask('templates.undoRemove', { name: 'mine' })
    await ask('templates.setDefaults', { names: ['mine', 'summary'] })
    await ask('settings.set', { colorScheme: 'dark' })
    chosen = join(home.root, 'vault', 'other')
    mkdirSync(chosen)
    await ask('settings.chooseVault')
    chosen = null

    await ask('intake.accept', { text: 'Words that somebody pasted. '.repeat(40) })
    await house.jobs.idle()
    await ask('retention.set', { kind: 'transcripts', days: 30 })
    const { token } = await ask<{ token: string }>('retention.preview')
    await ask('retention.sweep', { token })
    await ask('backup.create', {})
    await house.feeds.settled()
    expect(watch.unaudited).toEqual([])
  })

  it('whatever is asked of it, by every command there is', async () => {
    for (const { channel, input } of commands) {
      await home.tell(channel, validFrom(input) as object)
      await home.house.jobs.idle()
      expect([channel, watch.unaudited.splice(0)]).toEqual([channel, []])
    }
    await home.house.feeds.settled()
    expect(watch.audited()).toBeGreaterThan(40)
  })

  it('and each is there, whole, in words', async () => {
    const entries = await trail()
    const actions = new Set(entries.map(({ action }) => action))
    expect(actions.size).toBeGreaterThan(24)
    expect([...actions].filter((action) => !Object.hasOwn(actionWords, action))).toEqual([])
    expect(entries.filter(({ intact }) => !intact)).toEqual([])
    expect(entries.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(entries.map((_, at) => at + 1))
    const named = entries.findLast(({ action }) => action === 'feeds.rename')
    expect(named).toMatchObject({ subject: 'My name for it', summary: 'title: none → My name for it' })
  })
})

it('no secret and no private address is in the trail, nor in what is exported of it', async () => {
  const privates = servePrivateFeeds(home.routes, home.at)
  for (const one of privates) {
    const feedId = await followPrivately(home, one)
    await home.tell('feeds.refresh', { feedIds: [feedId] })
    if (one.credentials)
      await home.tell('feeds.setCredentials', { feedId, credentials: one.credentials, secretStorage: 'session' })
    for (const { id } of await home.episodes(feedId)) await home.process(id)
    await home.ask('feeds.remove', { feedId })
  }
  expect(watch.unaudited).toEqual([])
  expect(canariesIn(Buffer.from(JSON.stringify(await trail())))).toEqual([])
  for (const format of ['json', 'csv'] as const) {
    const path = join(home.root, 'vault', `trail.${format}`)
    expect(await home.house.audit.exportFile(path, { filter: {}, format })).toMatchObject({ ok: true })
    expect(canariesIn(readFileSync(path))).toEqual([])
  }
})
