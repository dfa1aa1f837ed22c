import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contract } from '#shared/contract/index.ts'
import { compose, type House } from './compose.ts'
import { answer, matchHandlers } from './ipc/answer.ts'
import { silentLog } from './log.ts'

let folder: string
let houses: House[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-house-'))
  mkdirSync(join(folder, 'vault'))
  houses = []
})
afterEach(async () => {
  for (const house of houses) await house.close()
  rmSync(folder, { recursive: true, force: true })
})

async function open(origin: 'app' | 'headless' = 'app'): Promise<House> {
  const house = await compose({
    profilePath: join(folder, 'profile'),
    entry: new URL('./headless.ts', import.meta.url),
    origin,
    desktop: null,
  })
  if (!house.ok) throw new Error(house.error.message)
  houses.push(house.value)
  return house.value
}

/** Asks as a page does: parsed on the way in and on the way out. */
async function ask<Value>(house: House, channel: string, input: object = {}): Promise<Value> {
  const matched = matchHandlers(contract, house.handlers).get(channel)!
  const result = await answer(channel, matched, input, { ...silentLog, error: (_, fields) => console.error(fields) })
  if (!result.ok) throw new Error(`${channel}: ${result.error.code}: ${result.error.message}`)
  return result.value as Value
}

describe('the house', () => {
  it('answers every call of the contract', async () => {
    expect(matchHandlers(contract, (await open()).handlers).size).toBeGreaterThan(40)
  })

  it('makes notes of the sample, and every view can read what came of it', async () => {
    const house = await open()
    house.settings.takeVault(join(folder, 'vault'))
    house.jobs.begin()
    const { feedId, episodeId, jobId } = await ask<Record<string, string>>(house, 'intake.trySample')
    await house.jobs.idle()

    expect(await ask(house, 'jobs.get', { jobId })).toMatchObject({ state: 'done', words: '3 notes are made.' })
    expect(await ask(house, 'jobs.list')).toMatchObject([
      { episodeTitle: 'What the keepers wrote down', feedTitle: 'The Lamp and the Log' },
    ])
    expect(await ask(house, 'feeds.list')).toMatchObject([
      { id: feedId, kind: 'sample', episodeCount: 3, notedCount: 1 },
    ])
    expect(await ask(house, 'episodes.list', { feedId })).toMatchObject([
      { id: episodeId, state: 'processed', transcript: 'stored', noteCount: 3, activeJobId: null },
      { transcript: 'publisher', noteCount: 0 },
      { transcript: 'none' },
    ])
    const episode = await ask<{ chapters: unknown[]; persons: unknown[]; folderDisplay: string }>(
      house,
      'episodes.get',
      {
        episodeId,
      },
    )
    expect(episode.chapters).toHaveLength(9)
    expect(episode.persons).toHaveLength(3)
    expect(episode.folderDisplay).toContain('The Lamp and the Log')
    expect(await ask(house, 'transcripts.get', { episodeId })).toMatchObject({ hasTimes: true, hasSpeakers: true })
    const notes = await ask<{ id: string; templateName: string }[]>(house, 'notes.list', { episodeId })
    expect(notes.map(({ templateName }) => templateName).sort()).toEqual(['key-concepts', 'quotes', 'summary'])
    for (const { id } of notes) {
      const { markdown } = await ask<{ markdown: string }>(house, 'notes.read', { noteId: id })
      expect(markdown.length).toBeGreaterThan(100)
      expect(markdown).not.toContain('schema_version')
    }
    expect(await ask(house, 'notes.recent', { limit: 10 })).toMatchObject([{ episodeId, noteCount: 3 }])
    expect(await ask(house, 'app.info')).toMatchObject({ profilePath: join(folder, 'profile') })
    expect(await ask<unknown[]>(house, 'templates.list')).toHaveLength(8)
    await house.feeds.settled()
    expect(house.artworkFile(feedId!)).toMatchObject({ type: 'image/png' })
  })

  it('leaves a job to the process that has it, and both see it', async () => {
    const app = await open('app')
    app.settings.takeVault(join(folder, 'vault'))
    await ask(app, 'intake.trySample')
    const headless = await open('headless')
    headless.jobs.begin()
    await headless.jobs.idle()
    expect(headless.jobs.list()).toMatchObject([{ state: 'queued' }])
    const { episodeId } = headless.jobs.list()[0]!
    expect(headless.jobs.start({ episodeIds: [episodeId] })).toMatchObject({ value: { jobIds: [], skipped: 1 } })
    await headless.jobs.idle()
    app.jobs.begin()
    await app.jobs.idle()
    expect(app.jobs.list()).toMatchObject([{ state: 'done' }])
    expect(readdirSync(join(folder, 'vault'))).toEqual(['The Lamp and the Log'])
  })

  it('closes in the middle of a job, and the next house goes on with it', async () => {
    const first = await open()
    first.settings.takeVault(join(folder, 'vault'))
    first.jobs.begin()
    await ask(first, 'intake.trySample')
    await houses.pop()!.close()
    const second = await open()
    expect(second.jobs.list()).toMatchObject([{ state: 'queued' }])
    await second.start()
    await second.jobs.idle()
    expect(second.jobs.list()).toMatchObject([{ state: 'done' }])
  })

  it('says why a profile cannot be opened', async () => {
    writeFileSync(join(folder, 'profile'), 'not a folder')
    const house = await compose({
      profilePath: join(folder, 'profile'),
      entry: new URL('./headless.ts', import.meta.url),
      origin: 'app',
      desktop: null,
    })
    expect(house).toMatchObject({ ok: false, error: { code: 'database-unreadable' } })
  })
})
