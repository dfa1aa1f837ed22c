import { ok } from '#shared/result.ts'
import type { TranscriptRung } from '../services-sound.ts'
import { plainLanguage, sameLanguage } from '../transcripts/languages.ts'
import type { TranscriptReader } from '../transcripts/reader.ts'
import type { YouTube } from './client.ts'
import { videoIdOf } from './links.ts'

/** Captions of the video behind an episode: free, and there in seconds. */
export function createCaptionsRung(deps: {
  readonly youTube: YouTube
  readonly read: TranscriptReader
}): TranscriptRung {
  return {
    id: 'youtube-captions',
    offer: async (episode) => {
      const id = videoIdOf(episode)
      return {
        rung: 'youtube-captions',
        ready: id !== null,
        words: id === null ? 'This episode is not a video on YouTube.' : 'The captions of the video, if it has some.',
        model: null,
        estimate: { lowMicroUsd: 0, highMicroUsd: 0, reason: 'Captions are free.' },
        seconds: 5,
      }
    },
    run: async (episode, { signal, onProgress }) => {
      onProgress(0.1, 'Asking YouTube for the captions')
      const found = await deps.youTube.captions(videoIdOf(episode)!, episode.language, signal)
      if (!found.ok) return found
      const { bytes, track, offered } = found.value
      onProgress(0.8, `Reading the captions (${track.title})`)
      const read = await deps.read(bytes, { fileName: null, declaredType: 'application/json' }, signal)
      if (!read.ok) return read
      const wanted = plainLanguage(episode.language)
      const language = plainLanguage(track.language)
      const others = offered.filter((one) => one !== track.language)
      const warnings = [...read.value.warnings]
      if (track.automatic) warnings.push('The captions were made by YouTube’s speech recognition: names may be wrong.')
      if (wanted !== null && !sameLanguage(track.language, wanted))
        warnings.push(`The captions are in ${track.language}; there are none in ${wanted}.`)
      if (others.length > 0)
        warnings.push(`There are captions in other languages too: ${others.slice(0, 20).join(', ')}.`)
      return ok({ segments: read.value.segments, language, warnings, model: null })
    },
  }
}
