import { beforeEach, expect, test } from 'vitest'
import type { Transcript } from '#shared/contract/transcripts.ts'
import { ok } from '#shared/result.ts'
import { createEpisodesService } from '../episodes/service.ts'
import { createEvents } from '../events.ts'
import { createIds } from '../ids.ts'
import type { EpisodeRecord } from '../services.ts'
import { isSealed } from '../storage/seals.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { corrector } from './corrections.ts'
import { createWording, type Wording } from './wording.ts'
import { correctionsTable, speakerNamesTable } from './wording-store.ts'

const clock = { now: () => Date.UTC(2026, 10, 23) }
const ids = createIds(clock)
let storage: Storage
let wording: Wording
let first: EpisodeRecord
let second: EpisodeRecord
const transcriptOf = (episodeId: string): Transcript => ({
  id: 'i',
  episodeId,
  source: 'this-computer',
  model: 'ear-1',
  format: 'speech',
  language: 'en',
  segments: [
    { startSeconds: 0, endSeconds: 10, speaker: 'Speaker 1', text: 'Deep wave says hello.' },
    { startSeconds: 10, endSeconds: 40, speaker: 'Speaker 2', text: 'Hello, deep  waves and deep wave.' },
    { startSeconds: 40, endSeconds: 41, speaker: 'Mareen', text: 'Ja.' },
  ],
  wordCount: 10,
  hasTimes: true,
  hasSpeakers: true,
  warnings: [],
})

beforeEach(() => {
  const opened = openStorage(':memory:', { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  storage = opened.value
  const events = createEvents((error) => {
    throw error
  })
  const episodes = createEpisodesService({ storage, events, clock, ids, desktop: null })
  const local = (contentSha256: string) =>
    episodes.addLocal({
      title: 'Tides',
      contentSha256,
      publishedAtMs: null,
      durationSeconds: 60,
      language: 'en',
      mediaPath: null,
      mediaType: null,
      link: null,
    })
  first = local('a')
  second = local('b')
  wording = createWording({ storage, clock, ids, episodes, stored: transcriptOf, changed: () => {} })
})

const said = (episode: EpisodeRecord) => wording.apply(transcriptOf(episode.id)).segments.map(({ text }) => text)
const voices = (episode: EpisodeRecord) =>
  wording.apply(transcriptOf(episode.id)).segments.map(({ speaker }) => speaker)

test('what was heard wrong is put right in every episode of the feed, and stays as it came in the store', async () => {
  const heard = { heard: 'deep wave', meant: 'Deepwave' }
  expect(await wording.previewCorrection({ episodeId: first.id, ...heard })).toMatchObject({
    ok: true,
    value: { places: 2, samples: [{ after: 'Deepwave says hello.' }, { after: 'Hello, deep  waves and Deepwave.' }] },
  })
  const added = await wording.addCorrection({ feedId: first.feedId, ...heard })
  expect(said(second)).toEqual(['Deepwave says hello.', 'Hello, deep  waves and Deepwave.', 'Ja.'])
  // The same words again: what was meant is changed, not added.
  await wording.addCorrection({ feedId: first.feedId, heard: 'Deep Wave', meant: 'DeepWave' })
  expect(await wording.corrections({ feedId: first.feedId })).toMatchObject({
    ok: true,
    value: [{ meant: 'DeepWave' }],
  })
  expect(added.ok && (await wording.removeCorrection({ id: added.value.id }))).toMatchObject({ ok: false })
})

test('a correction of the feed goes before one of all feeds', async () => {
  await wording.addCorrection({ feedId: null, heard: 'ja', meant: 'Yes' })
  expect(said(first)[2]).toBe('Yes.')
  const own = await wording.addCorrection({ feedId: first.feedId, heard: 'ja', meant: 'Jah' })
  expect(said(first)[2]).toBe('Jah.')
  if (own.ok) await wording.removeCorrection({ id: own.value.id })
  expect(said(first)[2]).toBe('Yes.')
})

test('a numbered voice is named in its episode only, and its name is proposed in the next', async () => {
  await wording.nameSpeaker({ episodeId: first.id, label: 'Speaker 1', name: 'Maren' })
  expect(voices(first)).toEqual(['Maren', 'Speaker 2', 'Mareen'])
  expect(voices(second)).toEqual(['Speaker 1', 'Speaker 2', 'Mareen'])
  expect(await wording.speakers({ episodeId: second.id })).toMatchObject({
    ok: true,
    value: [{ label: 'Speaker 1', seconds: 10, firstSeconds: 0, proposals: ['Maren'] }, { seconds: 30 }, {}],
  })
  expect(await wording.speakers({ episodeId: first.id })).toMatchObject({
    ok: true,
    value: [{ label: 'Speaker 1', name: 'Maren', proposals: [] }, {}, {}],
  })
})

test('a name that was heard wrong is put right in the whole feed, and can be taken back', async () => {
  await wording.nameSpeaker({ episodeId: first.id, label: 'Mareen', name: 'Maren' })
  expect(voices(second)[2]).toBe('Maren')
  await wording.nameSpeaker({ episodeId: second.id, label: 'Mareen', name: null })
  expect(voices(first)[2]).toBe('Mareen')
})

test('each change has its row in the trail, and what was typed is sealed', async () => {
  await wording.addCorrection({ feedId: null, heard: 'a', meant: 'b' })
  await wording.nameSpeaker({ episodeId: first.id, label: 'Speaker 1', name: 'Maren' })
  expect(storage.all("SELECT action FROM audit WHERE action LIKE 'transcripts.%' ORDER BY id")).toEqual([
    { action: 'transcripts.addCorrection' },
    { action: 'transcripts.nameSpeaker' },
  ])
  for (const table of [correctionsTable, speakerNamesTable]) {
    const rows = storage.all<Record<string, string | number | null>>(`SELECT * FROM ${table.name}`)
    expect(rows.map((row) => isSealed(table, row))).toEqual([true])
  }
})

test('entries do not chase each other, and signs of patterns are plain signs', () => {
  const correct = corrector([
    { heard: 'a', meant: 'b' },
    { heard: 'b', meant: 'a' },
    { heard: 'c++', meant: 'C plus plus' },
    { heard: '(x', meant: '$&' },
  ])
  expect(correct('a b c++ (x ab')).toBe('b a C plus plus $& ab')
  expect(ok(corrector([])('as it was'))).toEqual(ok('as it was'))
})
