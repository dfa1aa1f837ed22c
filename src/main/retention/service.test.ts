import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  addEpisode,
  addFeed,
  addTranscript,
  dayMs,
  openRetentionHouse,
  type RetentionHouse,
} from './retention-testing.ts'

let house: RetentionHouse
let feedId: string
beforeEach(() => {
  house = openRetentionHouse()
  feedId = addFeed(house)
})
afterEach(() => house.close())

const add = (ageDays: number): string => {
  const id = addEpisode(house, { feedId })
  addTranscript(house, id, 'publisher', ageDays)
  return id
}
const stored = (): string[] =>
  house.storage.all<{ id: string }>('SELECT episode_id AS id FROM transcripts ORDER BY id').map(({ id }) => id)
const trail = () =>
  house.storage.all<{ action: string; subject: string }>('SELECT action, subject FROM audit ORDER BY id')

describe('a sweep', () => {
  it('takes what was shown, not what came after it', async () => {
    add(100)
    const service = house.service()
    const { token } = await service.preview()
    const later = add(100)
    expect(await service.sweep(token)).toMatchObject({ value: { items: 1 } })
    expect(stored()).toEqual([later])
  })

  it('leaves what is not due any more', async () => {
    const id = add(100)
    const service = house.service()
    const { token } = await service.preview()
    await service.set({ kind: 'transcripts', days: null })
    expect(await service.sweep(token)).toEqual({ ok: true, value: { items: 0, bytes: 0 } })
    expect(stored()).toEqual([id])
  })

  it('wants a preview that this process made, and takes each once', async () => {
    add(100)
    const service = house.service()
    const { token } = await service.preview()
    expect(await house.service().sweep(token)).toMatchObject({ error: { code: 'preview-gone' } })
    expect(await service.sweep(token)).toMatchObject({ ok: true })
    expect(await service.sweep(token)).toMatchObject({ error: { code: 'preview-gone' } })
  })

  it('leaves one row in the trail for each kind, and none when nothing goes', async () => {
    add(100)
    add(101)
    const service = house.service()
    await service.sweep((await service.preview()).token)
    expect(trail()).toEqual([
      { action: 'retention.agree', subject: 'setting:retention.state' },
      { action: 'retention.sweep', subject: 'retention:transcripts' },
    ])
    await service.sweep((await service.preview()).token)
    expect(trail()).toHaveLength(2)
  })
})

describe('the daily sweep', () => {
  const runFor = async (days: number): Promise<void> => {
    house.clock.nowMs += days * dayMs
    const service = house.service()
    await service.start()
    await service.close()
  }
  const agree = async (): Promise<void> => {
    const service = house.service()
    await service.sweep((await service.preview()).token)
  }

  it('waits for the first yes, and then goes once a day', async () => {
    const first = add(100)
    await runFor(1)
    expect(stored()).toEqual([first])
    await agree()
    expect(stored()).toEqual([])
    const second = add(100)
    await runFor(0.9)
    expect(stored()).toEqual([second])
    await runFor(0.2)
    expect(stored()).toEqual([])
  })

  it('waits a day after a leap of the clock', async () => {
    await agree()
    const kept = add(1)
    await runFor(400)
    expect(stored()).toEqual([kept])
    await runFor(0.5)
    expect(stored()).toEqual([kept])
    await runFor(0.6)
    expect(stored()).toEqual([])
  })

  it('waits when the clock was set back, and goes on', async () => {
    await agree()
    add(100)
    await runFor(-10)
    await runFor(0.5)
    expect(stored()).toHaveLength(1)
    await runFor(0.6)
    expect(stored()).toEqual([])
  })
})

describe('rules', () => {
  it('start as promised and say what is stored', async () => {
    add(1)
    const { rules } = await house.service().rules()
    expect(Object.fromEntries(rules.map(({ kind, days }) => [kind, days]))).toEqual({
      transcripts: 90,
      extractions: 90,
      'completed-sessions': 30,
      'abandoned-sessions': 7,
      'cost-history': null,
      media: null,
      'kept-texts': 30,
      leftovers: 90,
    })
    expect(rules[0]).toMatchObject({ items: 1, bytes: 100 })
  })

  it('keep everything when one cannot be read', async () => {
    const id = add(1_000)
    const service = house.service()
    await service.set({ kind: 'transcripts', days: 5 })
    house.storage.writeUnaudited((tx) =>
      tx.run(`UPDATE settings SET value_json = '{"days":"soon"}' WHERE name = 'retention.transcripts'`),
    )
    await service.sweep((await service.preview()).token)
    expect(stored()).toEqual([id])
  })
})
