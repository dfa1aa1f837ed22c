import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { HearRequest } from '../services-models.ts'
import { readLines } from './hear-gemini.ts'
import { canary, type ModelsHouse, must, openModelsHouse } from './testing/models-house.ts'

let house: ModelsHouse
beforeEach(async () => {
  house = await openModelsHouse()
})
afterEach(() => house.close())

function piece(change: Partial<HearRequest> = {}): HearRequest {
  const path = join(house.folder, 'piece.mp3')
  writeFileSync(path, 'not really sound')
  return {
    choice: { providerId: 'local', model: 'whisper-large-v3' },
    path,
    mediaType: 'audio/mpeg',
    seconds: 10,
    language: 'en-GB',
    hints: ['Maren', 'Skerry'],
    purpose: { operation: 'transcription', jobId: null, feedId: null, episodeId: null, templateName: null },
    approvedMicroUsd: null,
    signal: new AbortController().signal,
    ...change,
  }
}

it('a server hears a piece: its segments, and a row of $0 on the own network', async () => {
  house.servers.local.setModels([{ id: 'whisper-large-v3' }])
  house.servers.local.next({ chunks: ['Low water ', ' at six.'] })
  must(await house.models.check('local'))
  expect(house.models.hearer('own-server')).toEqual({
    choice: { providerId: 'local', model: 'whisper-large-v3' },
    title: 'Ollama',
  })
  const kept: unknown[] = []
  const heard = must(await house.models.hear(piece({ keep: (tx, value) => kept.push(value, tx.get('SELECT 1')) })))
  expect(heard).toEqual({
    language: 'english',
    segments: [
      { startSeconds: 0, endSeconds: 2, speaker: null, text: 'Low water' },
      { startSeconds: 2, endSeconds: 4, speaker: null, text: 'at six.' },
    ],
  })
  expect(kept[0]).toEqual(heard)
  const { text, headers } = house.servers.local.seen.at(-1)!
  expect(headers.authorization).toBe(`Bearer ${canary}`)
  for (const part of ['not really sound', 'verbose_json', 'Maren, Skerry', 'filename="piece.mp3"'])
    expect(text).toContain(part)
  expect(text).toMatch(/name="language"\r\n\r\nen\r\n/)
  expect(house.ledger()).toMatchObject([{ operation: 'transcription', outcome: 'succeeded', cost_micro_usd: 0 }])
})

it('Gemini hears a piece: its lines become segments, and tokens are charged', async () => {
  expect(house.models.hearer('gemini')?.choice.providerId).toBe('gemini')
  house.servers.gemini.next({
    chunks: ['[00:00] Maren: Low water ', 'at six.\n[00:04] Speaker 2: Noted.'],
    usage: { promptTokenCount: 400, candidatesTokenCount: 30 },
  })
  const heard = must(await house.models.hear(piece({ choice: { providerId: 'gemini', model: 'gemini-3-flash' } })))
  expect(heard.segments).toEqual([
    { startSeconds: 0, endSeconds: 4, speaker: 'Maren', text: 'Low water at six.' },
    { startSeconds: 4, endSeconds: 10, speaker: 'Speaker 2', text: 'Noted.' },
  ])
  const body = house.servers.gemini.seen.at(-1)!.body as { contents: { parts: object[] }[] }
  expect(body.contents[0]!.parts[0]).toMatchObject({ inlineData: { mimeType: 'audio/mpeg' } })
  expect(house.ledger()).toMatchObject([{ outcome: 'succeeded', input_tokens: 400, output_tokens: 30 }])
})

it.each([
  [{ chunks: ['I cannot do that.'] }, 'answer-unreadable'],
  [{ chunks: ['[00:01] A: x'], finish: 'MAX_TOKENS' }, 'too-long'],
  [{ chunks: [], finish: 'SAFETY' }, 'request-refused'],
])('what Gemini gives instead of lines is a failure that was charged: %j', async (reply, code) => {
  house.servers.gemini.next(reply)
  const result = await house.models.hear(piece({ choice: { providerId: 'gemini', model: 'gemini-3-flash' } }))
  expect(result).toMatchObject({ error: { code } })
  expect(house.ledger()).toMatchObject([{ outcome: 'failed' }])
  expect(house.ledger()[0]!.cost_micro_usd).toBeGreaterThan(0)
})

it('silence is heard as nothing, by both', async () => {
  house.servers.gemini.next({ chunks: ['[silence]'] })
  house.servers.local.setModels([{ id: 'whisper-large-v3' }])
  house.servers.local.next({ raw: '{"text":"","segments":[]}' })
  must(await house.models.check('local'))
  expect(
    must(await house.models.hear(piece({ choice: { providerId: 'gemini', model: 'gemini-3-flash' } }))).segments,
  ).toEqual([])
  expect(must(await house.models.hear(piece())).segments).toEqual([])
})

it('a server that fails is asked again and named like any other', async () => {
  house.servers.local.setModels([{ id: 'whisper-large-v3' }])
  must(await house.models.check('local'))
  house.servers.local.next({ status: 503 }, { chunks: ['Low water.'] })
  expect((await house.models.hear(piece())).ok).toBe(true)
  house.servers.local.next({ status: 401 })
  expect(await house.models.hear(piece())).toMatchObject({ error: { code: 'key-refused' } })
  house.servers.local.next({ raw: '<html>' })
  expect(await house.models.hear(piece())).toMatchObject({ error: { code: 'answer-unreadable' } })
  expect(house.ledger().map(({ outcome }) => outcome)).toEqual(['failed', 'succeeded', 'failed', 'failed'])
  expect(house.held()).toBe(0)
})

it('lines keep every word, and times never run backwards or out of the piece', () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/)
  const lines = fc.array(
    fc.record({ at: fc.nat(7_000), speaker: fc.option(word), words: fc.array(word, { minLength: 1 }) }),
  )
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 3_600 }), (spoken, seconds) => {
      const clock = (at: number): string =>
        `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`
      const text = spoken.map(
        ({ at, speaker, words }) => `[${clock(at)}] ${speaker === null ? '' : `${speaker}: `}${words.join(' ')}`,
      )
      const segments = readLines(text.join('\n'), seconds)
      expect(segments.map((one) => one.text)).toEqual(spoken.map(({ words }) => words.join(' ')))
      expect(segments.map((one) => one.speaker)).toEqual(spoken.map(({ speaker }) => speaker))
      let last = 0
      for (const { startSeconds, endSeconds } of segments) {
        expect(startSeconds).toBeGreaterThanOrEqual(last)
        expect(endSeconds).toBeGreaterThanOrEqual(startSeconds!)
        expect(endSeconds).toBeLessThanOrEqual(seconds)
        last = startSeconds!
      }
    }),
  )
  expect(readLines('```\n**[1:02:03] Ann:** Hello\nand on.\n```', 4_000)).toMatchObject([
    { startSeconds: 3_723, speaker: 'Ann', text: 'Hello and on.' },
  ])
})
