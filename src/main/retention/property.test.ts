import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addCost,
  addEarlierText,
  addEpisode,
  addFeed,
  addJob,
  addNote,
  addSession,
  addTranscript,
  hasFile,
  openRetentionHouse,
  putFile,
  type RetentionHouse,
} from './retention-testing.ts'

/** One thing that was made, and whether the rules below let it go: worked out here from the rules' words, not from their code. */
interface Made {
  readonly kind: string
  readonly goes: boolean
  readonly bytes: number | null
  readonly isThere: (house: RetentionHouse) => boolean
}
type Maker = (house: RetentionHouse, number: number) => Made

const rules = {
  transcripts: 20,
  extractions: 15,
  'completed-sessions': 30,
  'abandoned-sessions': 7,
  media: 40,
  'kept-texts': 35,
}

/** Never a limit to the day: a sweep takes two seconds, so that what was just young enough before it is due after it. */
const age = fc.integer({ min: 1, max: 60 }).filter((days) => !Object.values(rules).includes(days))
const has = (house: RetentionHouse, table: string, column: string, value: string): boolean =>
  house.storage.get(`SELECT 1 FROM ${table} WHERE ${column} = ?`, [value]) !== undefined

const transcript = fc
  .record({
    days: age,
    source: fc.constantFrom('publisher', 'publisher', 'publisher', 'file', 'text', 'sidecar'),
    state: fc.constantFrom('fine', 'fine', 'mended', 'gone', 'needs-password'),
    refs: fc.constantFrom(1, 1, 1, 0),
    inFeed: fc.constantFrom(true, true, true, false),
    job: fc.constantFrom('none', 'none', 'queued', 'done'),
  })
  .map(
    ({ days, source, state, refs, inFeed, job }): Maker =>
      (house) => {
        const id = addEpisode(house, { feedId: addFeed(house, { state }), refs, inFeed })
        addTranscript(house, id, source, days)
        if (job !== 'none') addJob(house, { episodeId: id, state: job as 'queued', ageDays: 1, steps: 0 })
        const again = source === 'publisher' && (state === 'fine' || state === 'mended') && refs > 0 && inFeed
        return {
          kind: 'transcripts',
          goes: days > rules.transcripts && again && job !== 'queued',
          bytes: 100,
          isThere: (now) => has(now, 'transcripts', 'episode_id', id),
        }
      },
  )

const extraction = fc
  .record({
    days: age,
    state: fc.constantFrom('queued', 'running', 'done', 'failed', 'cancelled'),
    paid: fc.boolean(),
    madeLater: fc.boolean(),
  })
  .map(
    ({ days, state, paid, madeLater }): Maker =>
      (house) => {
        const episodeId = addEpisode(house, { feedId: addFeed(house) })
        const id = addJob(house, { episodeId, state: state as 'done', ageDays: days, costMicroUsd: paid ? 5 : 0 })
        if (madeLater && state !== 'queued' && state !== 'running')
          addJob(house, { episodeId, state: 'done', ageDays: days - 1, steps: 0 })
        const ended = state !== 'queued' && state !== 'running'
        return {
          kind: 'extractions',
          goes: ended && days > rules.extractions && (state === 'done' || !paid || madeLater),
          bytes: 4,
          isThere: (now) => has(now, 'job_steps', 'job_id', id),
        }
      },
  )

const session = fc
  .record({
    days: age,
    state: fc.constantFrom('active', 'paused', 'completed', 'abandoned'),
    answer: fc.constantFrom(undefined, 'Much.'),
    exported: fc.constantFrom(undefined, 'before', 'after'),
    draft: fc.constantFrom(undefined, undefined, 'And '),
  })
  .map(
    ({ days, state, answer, exported, draft }): Maker =>
      (house) => {
        const id = addSession(house, {
          state: state as 'completed',
          ageDays: days,
          ...(answer === undefined ? {} : { answer }),
          ...(exported === undefined ? {} : { exported: exported as 'after' }),
          ...(draft === undefined ? {} : { draft }),
        })
        const saved = answer === undefined || exported === 'after'
        const goes =
          draft === undefined &&
          saved &&
          ((state === 'completed' && days > rules['completed-sessions'] && exported !== undefined) ||
            (state === 'abandoned' && days > rules['abandoned-sessions']))
        return {
          kind: state === 'completed' ? 'completed-sessions' : 'abandoned-sessions',
          goes,
          bytes: null,
          isThere: (now) =>
            has(now, 'interview_sessions', 'id', id) && has(now, 'interview_exchanges', 'session_id', id),
        }
      },
  )

const recording = fc
  .record({
    days: age,
    fetched: fc.boolean(),
    notedDays: fc.option(age),
    transcribed: fc.boolean(),
    bytes: fc.integer({ min: 1, max: 500 }),
  })
  .map(
    ({ days, fetched, notedDays, transcribed, bytes }): Maker =>
      (house, number) => {
        const path = `media/${number.toString(16).padStart(64, '0')}.mp3`
        putFile(house, path, 'x'.repeat(bytes), 0)
        const id = addEpisode(house, {
          feedId: addFeed(house, { kind: 'local' }),
          mediaUrl: fetched,
          media: { path, seenDaysAgo: days },
        })
        if (notedDays !== null) addNote(house, id, notedDays)
        if (transcribed) addTranscript(house, id, 'file', days)
        const noted = notedDays !== null
        return {
          kind: 'media',
          goes:
            Math.min(days, notedDays ?? days) > rules.media && (fetched ? noted || transcribed : noted && transcribed),
          bytes,
          isThere: (now) => hasFile(now, path) && has(now, 'episodes', 'media_path', path),
        }
      },
  )

const earlierText = fc.record({ days: age }).map(
  ({ days }): Maker =>
    (house, number) => {
      const path = addEarlierText(house, `text ${number}`, days)
      return {
        kind: 'kept-texts',
        goes: days > rules['kept-texts'],
        bytes: `text ${number}`.length,
        isThere: (now) => hasFile(now, path) && has(now, 'note_history', 'sha256', path.slice(-64)),
      }
    },
)

const charge = fc.record({ days: age }).map(
  ({ days }): Maker =>
    (house) => {
      addCost(house, days, days)
      const { id } = house.storage.get<{ id: string }>('SELECT id FROM cost_entries ORDER BY rowid DESC LIMIT 1')!
      return { kind: 'cost-history', goes: false, bytes: null, isThere: (now) => has(now, 'cost_entries', 'id', id) }
    },
)

const history = fc.array(fc.oneof(transcript, extraction, session, recording, earlierText, charge), {
  minLength: 1,
  maxLength: 14,
})

describe('a sweep of any history', () => {
  it('takes all that its rules say and nothing else, and its sums are right', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (makers) => {
        const house = openRetentionHouse()
        try {
          const made = makers.map((make, number) => make(house, number))
          const service = house.service()
          for (const [kind, days] of Object.entries(rules)) await service.set({ kind: kind as 'media', days })
          const preview = await service.preview()
          const swept = await service.sweep(preview.token)
          const gone = made.filter(({ goes }) => goes)
          expect(made.map(({ isThere }) => isThere(house))).toEqual(made.map(({ goes }) => !goes))
          expect(preview.items).toBe(gone.length)
          expect(swept).toEqual({ ok: true, value: { items: preview.items, bytes: preview.bytes } })
          for (const { kind, items, bytes } of preview.kinds) {
            const ofKind = gone.filter((one) => one.kind === kind)
            expect([kind, items]).toEqual([kind, ofKind.length])
            if (ofKind.every((one) => one.bytes !== null))
              expect([kind, bytes]).toEqual([kind, ofKind.reduce((sum, one) => sum + one.bytes!, 0)])
          }
          expect((await service.preview()).items).toBe(0)
        } finally {
          house.close()
        }
      }),
      { numRuns: 40 },
    )
  })
})
