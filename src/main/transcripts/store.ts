import { createHash } from 'node:crypto'
import { z } from 'zod'
import {
  Segment,
  type Transcript,
  TranscriptFormat,
  TranscriptSource,
  type TranscriptVersion,
} from '#shared/contract/transcripts.ts'
import type { Log } from '../ports.ts'
import type { Reader, Transaction } from '../storage/storage.ts'

interface Row {
  id: string
  episode_id: string
  source: string
  model: string | null
  format: string
  language: string | null
  word_count: number
  has_times: number
  has_speakers: number
  warnings_json: string
  segments_json: string
  segments_bytes: number
  segments_sha256: string
  stored_at_ms: number
}
type VersionRow = Row & { why: TranscriptVersion['why'] }

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** SQLite does not notice most rot of content (docs/architecture.md), so the row carries its own proof. */
const isIntact = (row: Row): boolean =>
  Buffer.byteLength(row.segments_json) === row.segments_bytes && sha256(row.segments_json) === row.segments_sha256

const transcriptOf = (row: Row): Transcript => ({
  id: row.id,
  episodeId: row.episode_id,
  source: TranscriptSource.parse(row.source),
  model: row.model,
  format: TranscriptFormat.parse(row.format),
  language: row.language,
  segments: z.array(Segment).parse(JSON.parse(row.segments_json)),
  wordCount: row.word_count,
  hasTimes: row.has_times === 1,
  hasSpeakers: row.has_speakers === 1,
  warnings: z.array(z.string()).parse(JSON.parse(row.warnings_json)),
})

/** Null when there is none, or when what is stored is not what was written: then it counts as missing and is made anew. */
export function readTranscript(reader: Reader, episodeId: string, log: Log): Transcript | null {
  const row = reader.get<Row>('SELECT * FROM transcripts WHERE episode_id = ?', [episodeId])
  if (!row) return null
  if (isIntact(row)) return transcriptOf(row)
  log.warn('transcripts.damaged', { episodeId, bytes: row.segments_bytes })
  return null
}

const summaryOf = (row: Pick<Row, 'source' | 'format' | 'word_count' | 'segments_sha256'>) => ({
  source: row.source,
  format: row.format,
  wordCount: row.word_count,
  sha256: row.segments_sha256,
})

const columns = [
  'id',
  'episode_id',
  'source',
  'model',
  'format',
  'language',
  'word_count',
  'has_times',
  'has_speakers',
  'warnings_json',
  'segments_json',
  'segments_bytes',
  'segments_sha256',
  'stored_at_ms',
] as const satisfies readonly (keyof Row)[]
const list = columns.join(', ')
const marks = columns.map(() => '?').join(', ')

function rowOf(transcript: Transcript, nowMs: number): Row {
  const segments = JSON.stringify(transcript.segments)
  return {
    id: transcript.id,
    episode_id: transcript.episodeId,
    source: transcript.source,
    model: transcript.model,
    format: transcript.format,
    language: transcript.language,
    word_count: transcript.wordCount,
    has_times: transcript.hasTimes ? 1 : 0,
    has_speakers: transcript.hasSpeakers ? 1 : 0,
    warnings_json: JSON.stringify(transcript.warnings),
    segments_json: segments,
    segments_bytes: Buffer.byteLength(segments),
    segments_sha256: sha256(segments),
    stored_at_ms: nowMs,
  }
}

const valuesOf = (row: Row) => columns.map((column) => row[column])

/** One in use per episode: the newer takes the place of the older, which becomes a version. */
export function writeTranscript(tx: Transaction, transcript: Transcript, nowMs: number): void {
  const before = tx.get<Row>('SELECT * FROM transcripts WHERE episode_id = ?', [transcript.episodeId])
  const row = rowOf(transcript, nowMs)
  if (before && before.segments_sha256 !== row.segments_sha256 && isIntact(before)) setAside(tx, before, 'replaced')
  tx.run('DELETE FROM transcripts WHERE episode_id = ?', [transcript.episodeId])
  tx.run(`INSERT INTO transcripts (${list}) VALUES (${marks})`, valuesOf(row))
  tx.audit(`transcript:${transcript.episodeId}`, before ? summaryOf(before) : null, summaryOf(row))
}

/** Keeps a transcript that does not take the place of the one in use. */
export function writePoorer(tx: Transaction, transcript: Transcript, nowMs: number): void {
  const row = rowOf(transcript, nowMs)
  setAside(tx, row, 'poorer')
  tx.audit(`transcript:${transcript.episodeId}`, null, { ...summaryOf(row), setAside: 'poorer' })
}

function setAside(tx: Transaction, row: Row, why: TranscriptVersion['why']): void {
  tx.run(`INSERT OR REPLACE INTO transcript_versions (${list}, why) VALUES (${marks}, ?)`, [...valuesOf(row), why])
}

/** Newest first. */
export const versionsOf = (reader: Reader, episodeId: string): TranscriptVersion[] =>
  reader
    .all<VersionRow>(
      `SELECT id, source, model, word_count, has_times, has_speakers, stored_at_ms, why FROM transcript_versions
       WHERE episode_id = ? ORDER BY stored_at_ms DESC, id DESC`,
      [episodeId],
    )
    .map((row) => ({
      id: row.id,
      source: TranscriptSource.parse(row.source),
      model: row.model,
      wordCount: row.word_count,
      hasTimes: row.has_times === 1,
      hasSpeakers: row.has_speakers === 1,
      storedAtMs: row.stored_at_ms,
      why: row.why,
    }))

/** A version and the one in use change places. Answers what went wrong, null when nothing did. */
export function changePlaces(tx: Transaction, episodeId: string, versionId: string): 'missing' | 'damaged' | null {
  const version = tx.get<VersionRow>('SELECT * FROM transcript_versions WHERE id = ? AND episode_id = ?', [
    versionId,
    episodeId,
  ])
  if (!version) return 'missing'
  if (!isIntact(version)) return 'damaged'
  tx.run('DELETE FROM transcript_versions WHERE id = ?', [versionId])
  writeTranscript(tx, transcriptOf(version), version.stored_at_ms)
  return null
}
