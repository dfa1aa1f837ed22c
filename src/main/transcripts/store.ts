import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Segment, type Transcript, TranscriptFormat, TranscriptSource } from '#shared/contract/transcripts.ts'
import type { Log } from '../ports.ts'
import type { Reader, Transaction } from '../storage/storage.ts'

interface Row {
  id: string
  episode_id: string
  source: string
  format: string
  language: string | null
  word_count: number
  has_times: number
  has_speakers: number
  warnings_json: string
  segments_json: string
  segments_bytes: number
  segments_sha256: string
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Null when there is none, or when what is stored is not what was written: then it counts as missing and is made anew. */
export function readTranscript(reader: Reader, episodeId: string, log: Log): Transcript | null {
  const row = reader.get<Row>('SELECT * FROM transcripts WHERE episode_id = ?', [episodeId])
  if (!row) return null
  // SQLite does not notice most rot of content (docs/architecture.md), so the row carries its own proof.
  const intact =
    Buffer.byteLength(row.segments_json) === row.segments_bytes && sha256(row.segments_json) === row.segments_sha256
  if (!intact) {
    log.warn('transcripts.damaged', { episodeId, bytes: row.segments_bytes })
    return null
  }
  return {
    id: row.id,
    episodeId: row.episode_id,
    source: TranscriptSource.parse(row.source),
    format: TranscriptFormat.parse(row.format),
    language: row.language,
    segments: z.array(Segment).parse(JSON.parse(row.segments_json)),
    wordCount: row.word_count,
    hasTimes: row.has_times === 1,
    hasSpeakers: row.has_speakers === 1,
    warnings: z.array(z.string()).parse(JSON.parse(row.warnings_json)),
  }
}

const summaryOf = (row: Pick<Row, 'source' | 'format' | 'word_count' | 'segments_sha256'>) => ({
  source: row.source,
  format: row.format,
  wordCount: row.word_count,
  sha256: row.segments_sha256,
})

/** One per episode: the newer takes the place of the older. */
export function writeTranscript(tx: Transaction, transcript: Transcript, nowMs: number): void {
  const segments = JSON.stringify(transcript.segments)
  const hash = sha256(segments)
  const before = tx.get<Row>(
    'SELECT source, format, word_count, segments_sha256 FROM transcripts WHERE episode_id = ?',
    [transcript.episodeId],
  )
  tx.run('DELETE FROM transcripts WHERE episode_id = ?', [transcript.episodeId])
  tx.run(
    `INSERT INTO transcripts (id, episode_id, source, format, language, word_count, has_times, has_speakers,
       warnings_json, segments_json, segments_bytes, segments_sha256, stored_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      transcript.id,
      transcript.episodeId,
      transcript.source,
      transcript.format,
      transcript.language,
      transcript.wordCount,
      transcript.hasTimes ? 1 : 0,
      transcript.hasSpeakers ? 1 : 0,
      JSON.stringify(transcript.warnings),
      segments,
      Buffer.byteLength(segments),
      hash,
      nowMs,
    ],
  )
  tx.audit(
    `transcript:${transcript.episodeId}`,
    before ? summaryOf(before) : null,
    summaryOf({
      source: transcript.source,
      format: transcript.format,
      word_count: transcript.wordCount,
      segments_sha256: hash,
    }),
  )
}
