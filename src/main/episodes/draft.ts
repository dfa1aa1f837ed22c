import { hash } from 'node:crypto'
import type { Chapter, Person } from '#shared/contract/episodes.ts'
import type { TranscriptRef } from '../services.ts'

export interface EpisodeKey {
  readonly kind: 'guid' | 'media' | 'title-date-duration'
  /** Hashed with the profile's salt: guids and media addresses of private feeds may hold tokens. */
  readonly key: string
}

/** An episode as a feed tells it, ready to be stored: secrets replaced, keys hashed. */
export interface EpisodeDraft {
  readonly keys: readonly EpisodeKey[]
  readonly title: string
  readonly number: string | null
  readonly season: string | null
  readonly publishedAtMs: number | null
  readonly durationSeconds: number | null
  readonly language: string | null
  readonly guid: string | null
  readonly link: string | null
  readonly mediaUrl: string | null
  readonly mediaType: string | null
  readonly mediaBytes: number | null
  readonly imageUrl: string | null
  readonly episodeType: string | null
  readonly explicit: boolean | null
  readonly transcripts: readonly TranscriptRef[]
  readonly chaptersUrl: string | null
  readonly chapters: readonly Chapter[]
  readonly persons: readonly Person[]
  readonly descriptionHtml: string | null
}

export const keyOf = (draft: Pick<EpisodeDraft, 'keys'>, kind: EpisodeKey['kind']): string | null =>
  draft.keys.find((key) => key.kind === kind)?.key ?? null

/** Equal for drafts that say the same: then there is nothing to write. */
export const draftHash = (draft: EpisodeDraft): string => hash('sha256', JSON.stringify(draft), 'base64url')

export const hashKey = (salt: Buffer, kind: EpisodeKey['kind'], key: string): string =>
  hash('sha256', `${salt.toString('base64')}\0${kind}\0${key}`, 'base64url').slice(0, 27)
