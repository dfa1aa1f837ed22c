import type { Transcript, TranscriptSource } from '#shared/contract/transcripts.ts'
import { fail, ok } from '#shared/result.ts'
import type { Clock, Events, Ids, Log, WorkerRunner } from '../ports.ts'
import type { EpisodeRecord, Episodes, FeedFetcher, TranscriptLadder } from '../services.ts'
import type { Storage } from '../storage/storage.ts'
import { parseChapters } from './chapters.ts'
import { plainLanguage } from './languages.ts'
import { maxChaptersBytes } from './limits.ts'
import type { ParsedTranscript } from './parsed.ts'
import { fetchPublished } from './publisher.ts'
import { createTranscriptReader } from './reader.ts'
import { joinForReading } from './reading.ts'
import { nameSpeakers } from './speaker-names.ts'
import { readTranscript, writeTranscript } from './store.ts'

export interface TranscriptsDeps {
  readonly storage: Storage
  readonly events: Events
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly fetcher: FeedFetcher
  readonly episodes: Episodes
  readonly workers: WorkerRunner
}
export interface TranscriptsService extends TranscriptLadder {
  /** As `stored`, with captions joined to paragraphs. */
  forReading(episodeId: string): Transcript | null
}

const noWords = (episode: EpisodeRecord): string =>
  episode.feedKind === 'local'
    ? `“${episode.title}” has no words beside it. The recording is kept. Inkwell cannot make a transcript from sound yet; put a transcript file with the same name beside the recording, or paste its words.`
    : `“${episode.title}” comes without a transcript. Nothing is lost: it stays in your list. Inkwell cannot make a transcript from sound yet; if you have its words as a file or text, drop or paste them.`

export function createTranscriptsService(deps: TranscriptsDeps): TranscriptsService {
  const { storage, events, clock, ids, log, fetcher, episodes } = deps
  const read = createTranscriptReader(deps.workers)

  const stored = (episodeId: string): Transcript | null => readTranscript(storage, episodeId, log)

  const keep = (episodeId: string, source: TranscriptSource, found: ParsedTranscript): Transcript => {
    const episode = episodes.get(episodeId)
    const transcript: Transcript = {
      id: ids.next(),
      episodeId,
      source,
      format: found.format,
      language: found.language ?? plainLanguage(episode?.language),
      segments: nameSpeakers(found.segments, episode?.persons ?? []),
      wordCount: found.wordCount,
      hasTimes: found.hasTimes,
      hasSpeakers: found.hasSpeakers,
      warnings: found.warnings,
    }
    storage.write('transcripts.store', (tx) => writeTranscript(tx, transcript, clock.now()))
    events.emit('transcripts.changed', { episodeId })
    events.emit('episodes.changed', { feedId: episode?.feedId ?? null })
    return transcript
  }

  /** A failure is only a warning: notes are fine without chapters. */
  const fetchChapters = async (episode: EpisodeRecord, signal: AbortSignal): Promise<string[]> => {
    if (episode.chaptersUrl === null || episode.chapters.length > 0) return []
    const answer = await fetcher.fetch(episode.feedId, episode.chaptersUrl, { maxBytes: maxChaptersBytes, signal })
    if (!answer.ok) return [`The chapters could not be fetched: ${answer.error.message}`]
    if (answer.value.status < 200 || answer.value.status > 299)
      return [`The chapters could not be fetched (the server says ${answer.value.status}).`]
    const chapters = parseChapters(answer.value.body)
    if (!chapters.ok) return [chapters.error.message]
    if (chapters.value.length > 0) episodes.setChapters(episode.id, chapters.value)
    return []
  }

  return {
    stored,
    forReading(episodeId) {
      const transcript = stored(episodeId)
      return transcript && { ...transcript, segments: joinForReading(transcript.segments) }
    },
    async obtain(episodeId, { signal, onProgress }) {
      const episode = episodes.get(episodeId)
      if (!episode) return fail('episode-missing', 'This episode is no longer in the library.')
      if (signal.aborted) return fail('cancelled', 'Cancelled.')
      const warnings = await fetchChapters(episode, signal)
      if (signal.aborted) return fail('cancelled', 'Cancelled.')
      for (const warning of warnings) log.warn('transcripts.chapters', { episodeId, warning })
      const known = stored(episodeId)
      if (known) {
        onProgress(1, 'The transcript is already here')
        return ok(known)
      }
      if (episode.transcriptRefs.length === 0) return fail('needs-speech-recognition', noWords(episode))
      const found = await fetchPublished({ fetcher, read }, episode, { signal, onProgress })
      if (!found.ok) return found
      if (signal.aborted) return fail('cancelled', 'Cancelled.')
      const transcript = keep(episodeId, 'publisher', {
        ...found.value,
        warnings: [...warnings, ...found.value.warnings],
      })
      onProgress(1, `The publisher's transcript, ${transcript.wordCount.toLocaleString('en')} words`)
      return ok(transcript)
    },
    async store(episodeId, source, { bytes, fileName, declaredType }) {
      const found = await read(bytes, { fileName, declaredType })
      return found.ok ? ok(keep(episodeId, source, found.value)) : found
    },
  }
}
