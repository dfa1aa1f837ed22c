import type { RungId, Transcript, TranscriptFormat, TranscriptSource } from '#shared/contract/transcripts.ts'
import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Clock, Desktop, Events, Ids, Log, WorkerRunner } from '../ports.ts'
import type { EpisodeRecord, Episodes, FeedFetcher, TranscriptLadder } from '../services.ts'
import type { TranscriptRung } from '../services-sound.ts'
import type { Storage } from '../storage/storage.ts'
import { anyEpisode } from './any-episode.ts'
import { choiceOf, setChoice } from './choices.ts'
import { climb, offersOf, orderOf } from './climb.ts'
import { createTranscriptExports, type TranscriptExports } from './export/service.ts'
import { fetchChapters } from './fetch-chapters.ts'
import { plainLanguage } from './languages.ts'
import { transcriptWords } from './parse.ts'
import type { ParsedTranscript } from './parsed.ts'
import { dropPieces, piecesOf } from './pieces.ts'
import { fetchPublished } from './publisher.ts'
import { createTranscriptReader } from './reader.ts'
import { joinForReading } from './reading.ts'
import { nameSpeakers } from './speaker-names.ts'
import { changePlaces, readTranscript, versionsOf, writePoorer, writeTranscript } from './store.ts'
import { createWording, type Wording } from './wording.ts'

export interface TranscriptsDeps {
  readonly storage: Storage
  readonly events: Events
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly fetcher: FeedFetcher
  readonly episodes: Episodes
  readonly workers: WorkerRunner
  /** In order of price. */
  readonly rungs: readonly TranscriptRung[]
  /** Null without a window. */
  readonly desktop: Pick<Desktop, 'chooseSavePath'> | null
}
type Calls = Handlers<AppContract['transcripts']>
export interface TranscriptsService extends TranscriptLadder {
  /** As `stored`, with captions joined to paragraphs. */
  forReading(episodeId: string): Transcript | null
  /** What could run, with price and time; nothing is fetched but what tells that. */
  rungs: (episodeId: string) => ReturnType<Calls['rungs']>
  remember: Calls['remember']
  versions: Calls['versions']
  useVersion: Calls['useVersion']
  readonly wording: Wording
  readonly exports: TranscriptExports
}

const missing = () => fail('episode-missing', 'This episode is no longer in the library.')

export function createTranscriptsService(deps: TranscriptsDeps): TranscriptsService {
  const { storage, events, clock, ids, log, fetcher, episodes, rungs } = deps
  const read = createTranscriptReader(deps.workers)

  /** As it was stored; `stored` is as the user corrected it. */
  const original = (episodeId: string): Transcript | null => readTranscript(storage, episodeId, log)
  const stored = (episodeId: string): Transcript | null => {
    const transcript = original(episodeId)
    return transcript && wording.apply(transcript)
  }
  const announce = (episodeId: string): void => {
    events.emit('transcripts.changed', { episodeId })
    events.emit('episodes.changed', { feedId: episodes.get(episodeId)?.feedId ?? null })
  }

  const wording = createWording({
    storage,
    clock,
    ids,
    episodes,
    stored: original,
    // A correction touches every episode of a feed: views read again whatever they show.
    changed: (episodeId) => announce(episodeId ?? anyEpisode),
  })

  type Found = Omit<ParsedTranscript, 'title'> & { readonly model?: string | null; readonly incomplete?: boolean }
  const keep = (episodeId: string, source: TranscriptSource, found: Found): Transcript => {
    const episode = episodes.get(episodeId)
    const transcript: Transcript = {
      id: ids.next(),
      episodeId,
      source,
      model: found.model ?? null,
      format: found.format,
      language: found.language ?? plainLanguage(episode?.language),
      segments: nameSpeakers(found.segments, episode?.persons ?? []),
      wordCount: found.wordCount,
      hasTimes: found.hasTimes,
      hasSpeakers: found.hasSpeakers,
      warnings: found.warnings,
    }
    const known = original(episodeId)
    const lost = known ? lostIn(known, transcript) : null
    const nowMs = clock.now()
    storage.write('transcripts.store', (tx) => {
      if (lost === null) writeTranscript(tx, transcript, nowMs)
      else writePoorer(tx, transcript, nowMs)
      // The next run makes what is missing, and only that.
      if (!found.incomplete) dropPieces(tx, episodeId)
    })
    announce(episodeId)
    if (known === null || lost === null) return wording.apply(transcript)
    const said = `The new transcript has no ${lost}, so the one that has them stays in use. The new one is kept beside it.`
    return wording.apply({ ...known, warnings: [said, ...known.warnings] })
  }

  const fromRungs = async (
    episode: EpisodeRecord,
    options: Parameters<TranscriptLadder['obtain']>[1],
  ): ReturnType<TranscriptLadder['obtain']> => {
    const made = await climb({
      episode,
      rungs,
      chosen: options.rung ?? choiceOf(storage, episode.feedId),
      context: {
        jobId: options.jobId ?? null,
        approvedMicroUsd: options.approvedMicroUsd ?? null,
        signal: options.signal,
        onProgress: options.onProgress,
      },
      piecesOf: (rung) => piecesOf({ storage, clock }, episode.id, rung),
    })
    if (!made.ok) return made
    const { rung, segments, language, warnings, model, incomplete = false } = made.value
    const wordCount = transcriptWords(segments)
    if (wordCount === 0)
      return fail('rung-failed', `No words were found in “${episode.title}”: it is silence or music. It is kept.`)
    return ok(
      keep(episode.id, rung, {
        format: formats[rung],
        segments: [...segments],
        language,
        warnings: [...warnings],
        model,
        incomplete,
        wordCount,
        hasTimes: segments.some(({ startSeconds }) => startSeconds !== null),
        hasSpeakers: segments.some(({ speaker }) => speaker !== null),
      }),
    )
  }

  return {
    stored,
    wording,
    exports: createTranscriptExports({ episodes, stored, desktop: deps.desktop }),
    forReading(episodeId) {
      const transcript = stored(episodeId)
      return transcript && { ...transcript, segments: joinForReading(transcript.segments) }
    },
    async obtain(episodeId, options) {
      const { signal, onProgress } = options
      const episode = episodes.get(episodeId)
      if (!episode) return missing()
      if (signal.aborted) return fail('cancelled', 'Cancelled.')
      const warnings = await fetchChapters({ fetcher, episodes }, episode, signal)
      if (signal.aborted) return fail('cancelled', 'Cancelled.')
      for (const warning of warnings) log.warn('transcripts.chapters', { episodeId, warning })
      const known = stored(episodeId)
      if (known && !options.again) {
        onProgress(1, 'The transcript is already here')
        return ok(known)
      }
      // What the publisher gives is free and was read by people: only a rung chosen for this very episode goes before it.
      if (options.rung !== undefined || episode.transcriptRefs.length === 0) return fromRungs(episode, options)
      const found = await fetchPublished({ fetcher, read }, episode, { signal, onProgress })
      if (signal.aborted) return fail('cancelled', 'Cancelled.')
      if (!found.ok) {
        const instead = await fromRungs(episode, options)
        // Nothing else was ready: why the publisher's own failed is what matters.
        return !instead.ok && instead.error.code === 'needs-speech-recognition' ? found : instead
      }
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
    async rungs(episodeId) {
      const episode = episodes.get(episodeId)
      if (!episode) return missing()
      const offers = await offersOf(rungs, episode)
      const remembered = choiceOf(storage, episode.feedId)
      const next = orderOf(offers, remembered, false).find(({ ready }) => ready)?.rung ?? null
      return ok({ published: episode.transcriptRefs.length > 0, offers, remembered, next })
    },
    remember({ feedId, rung }) {
      setChoice(storage, feedId, rung, clock.now())
      events.emit('episodes.changed', { feedId })
      return ok({})
    },
    versions: ({ episodeId }) => ok(versionsOf(storage, episodeId)),
    useVersion({ episodeId, versionId }) {
      const done = storage.write('transcripts.useVersion', (tx): Result<Record<string, never>, string> => {
        const wrong = changePlaces(tx, episodeId, versionId)
        if (wrong === null) return ok({})
        return fail(
          wrong === 'missing' ? 'version-missing' : 'version-damaged',
          wrong === 'missing'
            ? 'This transcript is not kept any more. Nothing was changed.'
            : 'This transcript is not as it was written. Nothing was changed; the one in use stays.',
        )
      })
      if (done.ok) announce(episodeId)
      return done
    },
  }
}

const formats = {
  'youtube-captions': 'service-json',
  scan: 'text',
  'this-computer': 'speech',
  'own-server': 'speech',
  gemini: 'speech',
} as const satisfies Record<RungId, TranscriptFormat>

/** What the older one has and the newer has not: a transcript never loses it unseen. */
function lostIn(known: Transcript, made: Transcript): string | null {
  const lost = [
    ...(known.hasTimes && !made.hasTimes ? ['times'] : []),
    ...(known.hasSpeakers && !made.hasSpeakers ? ['speakers'] : []),
  ]
  return lost.length > 0 ? lost.join(' and no ') : null
}
