import type { Correction, Speaker, Transcript } from '#shared/contract/transcripts.ts'
import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { fail, ok } from '#shared/result.ts'
import type { Clock, Ids } from '../ports.ts'
import type { Episodes } from '../services.ts'
import type { Storage } from '../storage/storage.ts'
import { corrector, correctSegments } from './corrections.ts'
import { isGenericLabel } from './speaker-label.ts'
import {
  deleteCorrection,
  dropName,
  insertCorrection,
  namesOfFeed,
  putName,
  readCorrection,
  readCorrections,
  readNames,
} from './wording-store.ts'

export interface WordingDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
  readonly episodes: Pick<Episodes, 'get'>
  /** As it was stored. */
  readonly stored: (episodeId: string) => Transcript | null
  readonly changed: (episodeId: string | null) => void
}
type Calls = Handlers<AppContract['transcripts']>
export interface Wording
  extends Pick<
    Calls,
    'corrections' | 'previewCorrection' | 'addCorrection' | 'removeCorrection' | 'speakers' | 'nameSpeaker'
  > {
  /** A transcript with the user's corrections and names. What is stored stays as it came. */
  apply(transcript: Transcript): Transcript
}

const gone = () => fail('episode-missing', 'This episode is no longer in the library. Nothing was changed.')

/** What the user says about the words: which ones were heard wrong, and who speaks. */
export function createWording({ storage, clock, ids, episodes, stored, changed }: WordingDeps): Wording {
  const apply = (transcript: Transcript): Transcript => {
    const feedId = episodes.get(transcript.episodeId)?.feedId
    if (feedId === undefined) return transcript
    const names = readNames(storage, feedId, transcript.episodeId)
    const corrections = readCorrections(storage, feedId)
    if (names.size === 0 && corrections.length === 0) return transcript
    const segments = correctSegments(transcript.segments, corrections).map((segment) => {
      const name = segment.speaker === null ? undefined : names.get(segment.speaker)
      return name === undefined ? segment : { ...segment, speaker: name }
    })
    return { ...transcript, segments }
  }

  const speakers: Wording['speakers'] = ({ episodeId }) => {
    const episode = episodes.get(episodeId)
    if (!episode) return gone()
    const names = readNames(storage, episode.feedId, episodeId)
    const found = new Map<string, { seconds: number; firstSeconds: number | null }>()
    for (const { speaker, startSeconds, endSeconds } of stored(episodeId)?.segments ?? []) {
      if (speaker === null) continue
      const known = found.get(speaker) ?? { seconds: 0, firstSeconds: startSeconds }
      if (startSeconds !== null && endSeconds !== null) known.seconds += Math.max(0, endSeconds - startSeconds)
      found.set(speaker, known)
    }
    const taken = new Set([...found.keys()].map((label) => names.get(label) ?? label))
    const known = [...episode.persons.map(({ name }) => name), ...namesOfFeed(storage, episode.feedId)]
    const proposals = [...new Set(known)].filter((name) => !taken.has(name))
    return ok(
      [...found].map(([label, facts]): Speaker => ({ label, name: names.get(label) ?? null, ...facts, proposals })),
    )
  }

  return {
    apply,
    corrections: ({ feedId }) => ok(readCorrections(storage, feedId)),
    previewCorrection({ episodeId, heard, meant }) {
      const transcript = stored(episodeId)
      const correct = corrector([{ heard, meant: meant.trim() }])
      const touched = (transcript?.segments ?? []).flatMap(({ text }) => {
        const after = correct(text)
        return after === text ? [] : [{ before: text, after }]
      })
      return ok({ places: touched.length, samples: touched.slice(0, 10) })
    },
    addCorrection({ feedId, heard, meant }) {
      const correction: Correction = { id: ids.next(), feedId, heard: heard.trim(), meant: meant.trim() }
      if (feedId !== null && !storage.get('SELECT 1 FROM feeds WHERE id = ?', [feedId]))
        return fail('no-such-feed', 'This feed is not followed any more. Nothing was changed.')
      storage.write('transcripts.addCorrection', (tx) => {
        const same = readCorrections(tx, feedId ?? '').filter(
          (known) => known.feedId === feedId && known.heard.toLowerCase() === correction.heard.toLowerCase(),
        )
        for (const { id } of same) deleteCorrection(tx, id)
        insertCorrection(tx, correction, clock.now())
        const before = same[0] ? { heard: same[0].heard, meant: same[0].meant } : null
        tx.audit(`correction:${correction.id}`, before, { feedId, heard: correction.heard, meant: correction.meant })
      })
      changed(null)
      return ok(correction)
    },
    removeCorrection({ id }) {
      const known = readCorrection(storage, id)
      if (!known) return fail('no-such-correction', 'This correction is not there any more.')
      storage.write('transcripts.removeCorrection', (tx) => {
        deleteCorrection(tx, id)
        tx.audit(`correction:${id}`, { feedId: known.feedId, heard: known.heard, meant: known.meant }, null)
      })
      changed(null)
      return ok(known)
    },
    speakers,
    nameSpeaker({ episodeId, label, name }) {
      const episode = episodes.get(episodeId)
      if (!episode) return gone()
      // "Speaker 1" is another person in every episode; a name that was heard wrong is the same one everywhere.
      const scope = { feed_id: episode.feedId, episode_id: isGenericLabel(label) ? episodeId : null, label }
      const before = readNames(storage, episode.feedId, episodeId).get(label) ?? null
      storage.write('transcripts.nameSpeaker', (tx) => {
        if (name === null) dropName(tx, scope)
        else putName(tx, { id: ids.next(), ...scope, name: name.trim(), named_at_ms: clock.now() })
        tx.audit(`episode:${episodeId}`, { label, name: before }, { label, name })
      })
      changed(scope.episode_id)
      return speakers({ episodeId })
    },
  }
}
