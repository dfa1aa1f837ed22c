import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Segment } from '#shared/contract/transcripts.ts'
import { fail, ok } from '#shared/result.ts'
import { pieceSeconds } from './plan.ts'
import { rungHouse } from './testing/rung-house.ts'
import type { ScriptLine } from './testing/script.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-rung-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const hour = 3_600
const wordsOf = (segments: readonly Segment[]): string[] =>
  segments.flatMap(({ text }) => text.replaceAll('.', '').split(' '))
const wordsSaid = (script: readonly ScriptLine[]): string[] => script.flatMap(({ words }) => [...words])
const ledger = (house: Awaited<ReturnType<typeof rungHouse>>) =>
  house.storage.all<{ provider: string; model: string; cost: number | null; seconds: number | null; outcome: string }>(
    `SELECT provider, model, cost_micro_usd AS cost, audio_ms / 1000.0 AS seconds, outcome FROM cost_entries ORDER BY id`,
  )

describe('a long recording', () => {
  it('has each word once and in order, at its time, and one row of $0 for each piece in the ledger', async () => {
    const house = await rungHouse(folder, hour)
    const made = await house.run()
    if (!made.ok) throw new Error(made.error.message)
    expect(wordsOf(made.value.segments)).toEqual(wordsSaid(house.script))
    const starts = made.value.segments.map(({ startSeconds }) => startSeconds!)
    expect(starts).toEqual(starts.toSorted((a, b) => a - b))
    for (const line of house.script) {
      const segment = made.value.segments.find(({ text }) => text.split(' ').includes(line.words[0]!))!
      expect(Math.abs(segment.startSeconds! - line.startSeconds)).toBeLessThan(12)
    }
    const rows = ledger(house)
    expect(rows).toHaveLength(Math.round(hour / pieceSeconds))
    expect(new Set(rows.map(({ cost }) => cost))).toEqual(new Set([0]))
    expect(rows.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0)).toBe(hour)
    expect(made.value).toMatchObject({ model: 'ear-1', language: 'en', warnings: [], incomplete: false })
    expect(house.said.some((words) => /^\d+ of 60 minutes, .+ left$/.test(words))).toBe(true)
    expect(readdirSync(folder).filter((name) => name.startsWith('.incoming-'))).toEqual([])
    house.storage.close()
  })

  it('marks a piece that fails, and tries only that one the next time', async () => {
    let broken = true
    const house = await rungHouse(folder, hour, {
      engine: {
        transcribe: async (_, { fromSeconds }) =>
          (broken && fromSeconds === 2 * pieceSeconds - 10 ? fail('engine-crashed', 'It ended.') : undefined) as never,
      },
    })
    const first = await house.run()
    if (!first.ok) throw new Error(first.error.message)
    expect(first.value.incomplete).toBe(true)
    expect(first.value.segments.find(({ text }) => text.startsWith('['))).toMatchObject({
      startSeconds: 960,
      endSeconds: 1440,
      text: '[no transcript from 16:00 to 24:00]',
    })
    expect(first.value.warnings.join(' ')).toContain('From 16:00 to 24:00 there is no transcript')
    broken = false
    const before = house.heard.length
    const second = await house.run()
    if (!second.ok) throw new Error(second.error.message)
    expect(house.heard.length - before).toBe(1)
    expect(wordsOf(second.value.segments)).toEqual(wordsSaid(house.script))
    house.storage.close()
  })

  it('stops when nothing works, and keeps what is done', async () => {
    const house = await rungHouse(folder, hour, {
      engine: {
        transcribe: async (_, { fromSeconds }) =>
          (fromSeconds > 900 ? fail('engine-crashed', 'It ended.') : undefined) as never,
      },
    })
    expect(await house.run()).toMatchObject({ ok: false, error: { code: 'speech-failed', retryable: true } })
    expect(house.heard).toHaveLength(5)
    house.storage.close()
  })

  it('says that the model is damaged instead of trying it for each piece', async () => {
    const house = await rungHouse(folder, hour, {
      engine: { transcribe: async () => fail('model-unusable', 'The speech model cannot be loaded.') as never },
    })
    expect(await house.run()).toMatchObject({ ok: false, error: { code: 'speech-model-damaged' } })
    expect(house.doubted).toEqual(['ear-1'])
    expect(house.heard).toHaveLength(1)
    expect(ledger(house)).toMatchObject([{ outcome: 'failed', cost: 0 }])
    house.storage.close()
  })

  it('says that the disk is full and keeps what is done', async () => {
    let decoded = 0
    const house = await rungHouse(folder, hour, {
      decode: async () => {
        decoded += 1
        return fail('no-room', 'The disk is full.')
      },
    })
    expect(await house.run()).toMatchObject({ ok: false, error: { code: 'no-room' } })
    expect(decoded).toBe(1)
    house.storage.close()
  })

  it('stops at once when it is cancelled, and goes on from there', async () => {
    const stop = new AbortController()
    const house = await rungHouse(folder, hour, {
      engine: {
        transcribe: async (_, { fromSeconds }) => {
          if (fromSeconds < 1_400 || stop.signal.aborted) return undefined as never
          stop.abort()
          return fail('cancelled', 'Cancelled.') as never
        },
      },
    })
    expect(await house.run(stop.signal)).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(house.heard).toHaveLength(4)
    const made = await house.run()
    expect(made.ok && wordsOf(made.value.segments)).toEqual(wordsSaid(house.script))
    expect(house.heard).toHaveLength(4 + 8 - 3)
    house.storage.close()
  })
})

describe('killed with kill -9', () => {
  const child = fileURLToPath(new URL('./testing/kill-child.ts', import.meta.url))
  it.each([1, 3, 8].flatMap((piece) => ['before', 'after'].map((when) => [piece, when] as const)))(
    'at piece %i, %s it is kept: one piece is lost at most',
    async (piece, when) => {
      const seconds = 8 * pieceSeconds + (when === 'after' ? pieceSeconds : 0)
      const ended = spawnSync(process.execPath, [child, folder, String(seconds), String(piece), when])
      expect(ended.signal).toBe('SIGKILL')
      const house = await rungHouse(folder, seconds)
      const made = await house.run()
      if (!made.ok) throw new Error(made.error.message)
      expect(wordsOf(made.value.segments)).toEqual(wordsSaid(house.script))
      const all = Math.round(seconds / pieceSeconds)
      const kept = when === 'after' ? piece : piece - 1
      expect(house.heard).toHaveLength(all - kept)
      house.storage.close()
    },
  )
})

describe('speakers', () => {
  const turns = [
    { startSeconds: 0, endSeconds: 300, speaker: 4 },
    { startSeconds: 300, endSeconds: 700, speaker: 2 },
  ]
  it('are named in order of appearance', async () => {
    const house = await rungHouse(folder, 700, {
      diarisation: true,
      engine: { diarise: async () => ok({ turns }) as never },
    })
    const made = await house.run()
    if (!made.ok) throw new Error(made.error.message)
    const { segments } = made.value
    expect(segments[0]!.speaker).toBe('Speaker 1')
    expect(segments.at(-1)!.speaker).toBe('Speaker 2')
    expect(
      segments.filter(({ startSeconds }) => startSeconds! < 280).every(({ speaker }) => speaker === 'Speaker 1'),
    ).toBe(true)
    house.storage.close()
  })
  it('that cannot be told apart lose no word', async () => {
    const house = await rungHouse(folder, 700, { diarisation: true })
    const made = await house.run()
    if (!made.ok) throw new Error(made.error.message)
    expect(wordsOf(made.value.segments)).toEqual(wordsSaid(house.script))
    expect(made.value.warnings.join(' ')).toContain('The speakers are not told apart')
    house.storage.close()
  })
})

it('offers itself with time and price, or says why it cannot', async () => {
  const house = await rungHouse(folder, hour)
  expect(await house.rung.offer(house.episode)).toMatchObject({
    ready: true,
    model: 'ear-1',
    seconds: 396,
    estimate: { lowMicroUsd: 0, highMicroUsd: 0 },
    words: 'Ear 1 on this computer, free, about 7 min.',
  })
  expect(await house.rung.offer({ ...house.episode, language: 'ja-JP' })).toMatchObject({ ready: false })
  house.storage.close()
})
