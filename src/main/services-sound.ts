/** What features ask of recordings and of the rungs that make transcripts; see services.ts. */
import type { RungId, RungOffer, Segment } from '#shared/contract/transcripts.ts'
import type { Result } from '#shared/result.ts'
import type { Downloaded, DownloadFailureCode, DownloadRequest } from './ports.ts'
import type { EpisodeRecord } from './services.ts'
import type { Transaction } from './storage/storage.ts'

/** Downloads what belongs to a feed into a file: opens `{secret:n}`, sends its credentials to its own origin only. */
export interface FeedDownloader {
  download(
    feedId: string,
    url: string,
    options: Pick<DownloadRequest, 'into' | 'maxBytes' | 'roomFor' | 'onProgress' | 'signal'>,
  ): Promise<Result<Downloaded, DownloadFailureCode | 'needs-password'>>
}
/** A recording as a file on this computer. */
export interface Recordings {
  /** Fetches the episode's recording when it is not here yet (resumed after a break) and answers its absolute path. */
  obtain(
    episodeId: string,
    options: { signal: AbortSignal; onProgress: (fraction: number, words: string) => void },
  ): Promise<Result<{ path: string; durationSeconds: number | null }, RecordingFailure>>
}
export type RecordingFailure =
  | 'no-recording'
  | 'recording-unreachable'
  | 'recording-unreadable'
  | 'recording-too-large'
  | 'no-room'
  | 'needs-password'
  | 'cancelled'
export type DecodeFailure = 'decoder-missing' | 'recording-unreadable' | 'no-room' | 'cancelled'
/** ffmpeg, with a whitelist of protocols: it opens files and nothing else. */
export interface Decoder {
  available(): Promise<boolean>
  durationSeconds(path: string, signal: AbortSignal): Promise<Result<number, DecodeFailure>>
  /** Writes the span to `target` anew, never by slicing bytes. `wav`: 16 kHz mono s16; the others mono at about 48 kbit/s. */
  encode(
    span: { path: string; fromSeconds: number; toSeconds: number },
    target: { path: string; format: 'wav' | 'mp3' | 'flac' | 'ogg' },
    signal: AbortSignal,
  ): Promise<Result<{ bytes: number }, DecodeFailure>>
}

export interface RungContext {
  readonly jobId: string | null
  readonly approvedMicroUsd: number | null
  readonly signal: AbortSignal
  readonly onProgress: (fraction: number, words: string) => void
  /** Finished pieces survive a kill: a crash at 99 % costs one. Keys hold everything the piece depends on. */
  readonly pieces: {
    get(key: string): Segment[] | null
    put(key: string, segments: readonly Segment[]): void
    /** The same within the transaction that enters the charge. */
    putIn(tx: Transaction, key: string, segments: readonly Segment[]): void
  }
}
export interface RungResult {
  readonly segments: readonly Segment[]
  readonly language: string | null
  readonly warnings: readonly string[]
  /** What made it, e.g. `parakeet-tdt-0.6b-v3`. */
  readonly model: string | null
  /** Parts are missing: finished pieces are kept for the next time. */
  readonly incomplete?: boolean
}
export interface TranscriptRung {
  readonly id: RungId
  offer(episode: EpisodeRecord): Promise<RungOffer>
  run(episode: EpisodeRecord, context: RungContext): Promise<Result<RungResult, string>>
}
