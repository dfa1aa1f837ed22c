import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type CostsService, createCostsService } from '../costs/service.ts'
import { createEvents } from '../events.ts'
import { createIds } from '../ids.ts'
import { createInterviewsService } from '../interviews/service.ts'
import { silentLog } from '../log.ts'
import { fileTable, folderTable, historyTable, putSealed } from '../notes/note-tables.ts'
import { sha256 } from '../notes/note-text.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { createRetentionService, type RetentionDeps, type RetentionService } from './service.ts'

export const dayMs = 86_400_000
export const startMs = Date.UTC(2026, 5, 1)

export interface RetentionHouse {
  readonly folder: string
  readonly storage: Storage
  readonly costs: CostsService
  readonly clock: { nowMs: number; now(): number }
  readonly interviews: ReturnType<typeof createInterviewsService>
  /** Of the keychain, by subject. */
  readonly secrets: Set<string>
  id(): string
  service(deps?: Partial<RetentionDeps>): RetentionService
  /** A second process on the same profile. */
  other(): Storage
  /** Closes the database; the folder stays. */
  leave(): void
  close(): void
}

/**
 * A profile in a real folder, with the clock in the test's hand.
 * @param template a closed profile to begin with a copy of
 */
export function openRetentionHouse(template?: string): RetentionHouse {
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-retention-'))
  if (template !== undefined) cpSync(template, folder, { recursive: true, preserveTimestamps: true })
  const clock = { nowMs: startMs, now: () => clock.nowMs }
  const ids = createIds(clock)
  const opened: Storage[] = []
  const open = (): Storage => {
    const result = openStorage(join(folder, 'inkwell.db'), { clock, origin: 'app' })
    if (!result.ok) throw new Error(result.error.message)
    opened.push(result.value)
    return result.value
  }
  const storage = open()
  const secrets = new Set<string>()
  const costs = createCostsService({ storage })
  return {
    folder,
    storage,
    clock,
    costs,
    interviews: createInterviewsService({ storage, clock, ids }),
    secrets,
    id: () => ids.next(),
    other: open,
    service: (deps = {}) =>
      createRetentionService({
        storage,
        events: createEvents((error) => {
          throw error
        }),
        clock,
        log: silentLog,
        profilePath: folder,
        costs,
        credentials: {
          delete: async (subject) => {
            secrets.delete(subject)
            return { ok: true, value: null }
          },
        },
        hasVerifiedBackup: async () => true,
        mayHoldUp: false,
        wait: async (ms) => {
          clock.nowMs += ms
        },
        ...deps,
      }),
    leave: () => {
      for (const one of opened) one.close()
    },
    close: () => {
      for (const one of opened) one.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const daysAgo = (house: RetentionHouse, days: number): number => house.clock.nowMs - days * dayMs

/** @param ageDays of its modification time */
export function putFile(house: RetentionHouse, path: string, content: string, ageDays: number): void {
  const full = join(house.folder, path)
  mkdirSync(dirname(full), { recursive: true })
  writeFileSync(full, content)
  const at = new Date(daysAgo(house, ageDays))
  utimesSync(full, at, at)
}
export const hasFile = (house: RetentionHouse, path: string): boolean => existsSync(join(house.folder, path))
export const filesIn = (house: RetentionHouse, path: string): string[] =>
  existsSync(join(house.folder, path)) ? readdirSync(join(house.folder, path)).sort() : []

export interface FeedFacts {
  readonly kind?: 'rss' | 'local' | 'sample'
  readonly state?: string
  readonly removedDaysAgo?: number
  readonly artwork?: string
}
export function addFeed(house: RetentionHouse, facts: FeedFacts = {}): string {
  const id = house.id()
  house.storage.writeUnaudited((tx) =>
    tx.run(
      `INSERT INTO feeds (id, kind, own_title, url_key, added_at_ms, state_kind, state_message, removed_at_ms,
         artwork_sha256, artwork_type, row_sha256) VALUES (?, ?, 'A feed', ?, 0, ?, '', ?, ?, 'image/png', '')`,
      [
        id,
        facts.kind ?? 'rss',
        id,
        facts.state ?? 'fine',
        facts.removedDaysAgo === undefined ? null : daysAgo(house, facts.removedDaysAgo),
        facts.artwork ?? null,
      ],
    ),
  )
  return id
}

export interface EpisodeFacts {
  readonly feedId: string
  readonly title?: string
  readonly refs?: number
  readonly inFeed?: boolean
  readonly mediaUrl?: boolean
  readonly media?: { path: string; seenDaysAgo: number }
}
export function addEpisode(house: RetentionHouse, facts: EpisodeFacts): string {
  const id = house.id()
  const refs = JSON.stringify(Array.from({ length: facts.refs ?? 1 }, () => ({ url: 'https://a.example/t.vtt' })))
  house.storage.writeUnaudited((tx) =>
    tx.run(
      `INSERT INTO episodes (id, feed_id, title, state, in_feed, transcripts_json, media_url, media_path,
         first_seen_at_ms, updated_at_ms) VALUES (?, ?, ?, 'new', ?, ?, ?, ?, ?, 0)`,
      [
        id,
        facts.feedId,
        facts.title ?? `Episode ${id.slice(-4)}`,
        (facts.inFeed ?? true) ? 1 : 0,
        refs,
        facts.mediaUrl ? 'https://a.example/a.mp3' : null,
        facts.media?.path ?? null,
        daysAgo(house, facts.media?.seenDaysAgo ?? 1_000),
      ],
    ),
  )
  return id
}

export const addTranscript = (house: RetentionHouse, episodeId: string, source: string, ageDays: number): void =>
  house.storage.writeUnaudited(
    (tx) =>
      void tx.run(
        `INSERT INTO transcripts (id, episode_id, source, format, word_count, has_times, has_speakers, warnings_json,
         segments_json, segments_bytes, segments_sha256, stored_at_ms) VALUES (?, ?, ?, 'vtt', 1, 1, 1, '[]', '[]', 100, '', ?)`,
        [house.id(), episodeId, source, daysAgo(house, ageDays)],
      ),
  )

export interface JobFacts {
  readonly episodeId: string
  readonly state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  readonly ageDays: number
  readonly costMicroUsd?: number
  readonly steps?: number
}
export function addJob(house: RetentionHouse, facts: JobFacts): string {
  const id = house.id()
  const atMs = daysAgo(house, facts.ageDays)
  const ended = facts.state !== 'queued' && facts.state !== 'running'
  house.storage.writeUnaudited((tx) => {
    tx.run(
      `INSERT INTO jobs (id, episode_id, params_json, state, stage, words, cost_micro_usd, created_at_ms, finished_at_ms)
       VALUES (?, ?, '{"episodeTitle":"An episode"}', ?, 'notes', '', ?, ?, ?)`,
      [id, facts.episodeId, facts.state, facts.costMicroUsd ?? 0, atMs, ended ? atMs : null],
    )
    for (let step = 0; step < (facts.steps ?? 2); step++)
      tx.run("INSERT INTO job_steps (job_id, stage, key, result_json) VALUES (?, 'extraction', ?, '{}')", [
        id,
        `${step}`,
      ])
  })
  return id
}

export const addNote = (house: RetentionHouse, episodeId: string, ageDays: number): void =>
  house.storage.writeUnaudited((tx) => {
    const folderId = house.id()
    putSealed(tx, folderTable, {
      id: folderId,
      episode_id: episodeId,
      feed_id: '',
      vault_path: '/v',
      podcast: 'p',
      name: 'n',
      unique_key: folderId,
      is_current: 1,
      made_at_ms: 0,
    })
    putSealed(tx, fileTable, {
      id: house.id(),
      folder_id: folderId,
      episode_id: episodeId,
      kind: 'template',
      template_name: 'summary',
      file_name: 'summary.md',
      file_key: 'summary.md',
      state: 'current',
      details_json: '{}',
      run_id: 'run',
      written_at_ms: daysAgo(house, ageDays),
    })
  })

/** An earlier text of a note, with its blob. @returns its path */
export function addEarlierText(house: RetentionHouse, text: string, ageDays: number): string {
  const sha = sha256(Buffer.from(text))
  const path = `blobs/${sha.slice(0, 2)}/${sha}`
  if (!hasFile(house, path)) putFile(house, path, text, ageDays)
  house.storage.writeUnaudited((tx) =>
    putSealed(tx, historyTable, {
      id: house.id(),
      file_id: house.id(),
      episode_id: house.id(),
      file_name: 'summary.md',
      sha256: sha,
      saved_at_ms: daysAgo(house, ageDays),
    }),
  )
  return path
}

export const addCost = (house: RetentionHouse, ageDays: number, microUsd: number | null): void => {
  const written = house.costs.append({
    id: house.id(),
    at_ms: daysAgo(house, ageDays),
    provider: 'claude',
    model: 'm',
    operation: 'extract',
    outcome: 'succeeded',
    amount_kind: microUsd === null ? 'unknown' : 'known',
    cost_micro_usd: microUsd,
    input_tokens: null,
    output_tokens: null,
    cached_tokens: null,
    audio_ms: null,
    feed_id: null,
    episode_id: null,
    template_name: null,
    job_id: null,
    price_version: null,
    imported_from: null,
  })
  if (!written.ok) throw new Error(written.error.message)
}

export interface SessionFacts {
  readonly state: 'active' | 'paused' | 'completed' | 'abandoned'
  readonly ageDays: number
  readonly answer?: string
  readonly exported?: 'after' | 'before'
  readonly draft?: string
}
/** An interview as it is after its last change `ageDays` ago. */
export function addSession(house: RetentionHouse, facts: SessionFacts): string {
  const { clock, interviews } = house
  const nowMs = clock.nowMs
  const value = <Value>(result: { ok: true; value: Value } | { ok: false; error: { message: string } }): Value => {
    if (!result.ok) throw new Error(result.error.message)
    return result.value
  }
  clock.nowMs = daysAgo(house, facts.ageDays) - 5_000
  const session = interviews.start({
    episodeId: null,
    episodeTitle: 'An episode',
    feedTitle: 'A feed',
    style: 'plain',
    maxQuestions: 5,
    guidelines: {},
  })
  let revision = session.revision
  const exchangeId = house.id()
  revision = value(interviews.ask(session.id, revision, { exchangeId, text: 'What stayed?', details: {} })).revision
  clock.nowMs += 1_000
  if (facts.exported === 'before') revision = value(interviews.markExported(session.id, revision)).revision
  clock.nowMs += 1_000
  if (facts.answer !== undefined)
    revision = value(interviews.answer(session.id, revision, exchangeId, facts.answer)).revision
  clock.nowMs += 1_000
  if (facts.exported === 'after') revision = value(interviews.markExported(session.id, revision)).revision
  if (facts.draft !== undefined)
    value(interviews.saveDraft(session.id, { exchangeId, text: facts.draft, seenRevision: 0 }))
  clock.nowMs += 1_000
  if (facts.state !== 'active') value(interviews.setState(session.id, revision, facts.state))
  clock.nowMs = nowMs
  return session.id
}
