import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Json } from '#shared/result.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { mediaFolder } from '../intake/incoming.ts'
import { reserveBytes } from '../intake/media-store.ts'
import { openRegular, readHead } from '../intake/regular-file.ts'
import { discardPartial } from '../net/partial-file.ts'
import type { Clock, Events, Log } from '../ports.ts'
import type { EpisodeRecord, Episodes } from '../services.ts'
import type { Decoder, FeedDownloader, RecordingFailure, Recordings } from '../services-sound.ts'
import { freeBytes as freeBytesOn } from '../storage/disk-room.ts'
import type { Storage } from '../storage/storage.ts'
import { errorCode, fullCodes, renameWaiting, syncFolder } from '../storage/write-file.ts'
import { sniffSignature } from '../transcripts/signatures.ts'
import { sweepPartials, takePartialPlace } from './partial-place.ts'
import { keepRecording, readRecording } from './store.ts'

export interface RecordingsDeps {
  readonly storage: Storage
  readonly events: Events
  readonly clock: Clock
  readonly log: Log
  readonly episodes: Pick<Episodes, 'get'>
  readonly downloader: FeedDownloader
  readonly decoder: Decoder
  /** Absolute. */
  readonly profilePath: string
  /** Largest recording that is fetched, bytes. */
  readonly maxBytes: () => number
  /** What the profile's disk has left, for tests. */
  readonly freeBytes?: (path: string) => Promise<number>
}
export interface RecordingsService extends Recordings {
  /** Whether there is one to be had: here, or at an address. */
  has(episode: EpisodeRecord): boolean
  /** At start: removes downloads that were given up. */
  sweep(): Promise<number>
}
type Options = Parameters<Recordings['obtain']>[1]
type Answer<Value> = Result<Value, RecordingFailure>

const gigabytes = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(1, Math.round(bytes / 1e6))} MB`

/** Recordings of episodes as files of the profile: `media/<sha256>.<extension>`, named by the episode's row. */
export function createRecordings(deps: RecordingsDeps): RecordingsService {
  const { storage, events, clock, log, episodes, profilePath, decoder } = deps
  const folder = mediaFolder(profilePath)
  const underWay = new Map<string, Promise<Answer<string>>>()

  const here = async (episodeId: string): Promise<string | null> => {
    const mediaPath = readRecording(storage, episodeId)?.mediaPath ?? null
    if (mediaPath === null) return null
    const path = join(profilePath, mediaPath)
    const found = await stat(path).catch(() => null)
    return found?.isFile() && found.size > 0 ? path : null
  }

  const roomFor = async (bytes: number): Promise<string | null> => {
    const room = (await (deps.freeBytes ?? freeBytesOn)(folder)) - reserveBytes
    return bytes <= room
      ? null
      : `There is not enough room on the disk: the recording needs ${gigabytes(bytes)} more, and ${gigabytes(Math.max(0, room))} can be used (${gigabytes(reserveBytes)} stay free). What came so far is kept. Free some space, then go on.`
  }

  async function fetchRecording(episode: EpisodeRecord, { signal, onProgress }: Options): Promise<Answer<string>> {
    if (await mkdir(folder, { recursive: true, mode: 0o700 })) await syncFolder(profilePath)
    const place = await takePartialPlace(folder, episode.id)
    try {
      const got = await deps.downloader.download(episode.feedId, episode.mediaUrl!, {
        into: place.path,
        maxBytes: deps.maxBytes(),
        roomFor,
        signal,
        onProgress: (bytes, total) =>
          onProgress(
            total ? bytes / total : 0,
            total
              ? `Fetching the recording, ${gigabytes(bytes)} of ${gigabytes(total)}`
              : `Fetching the recording, ${gigabytes(bytes)}`,
          ),
      })
      if (!got.ok) return refusal(got.error, episode)
      return await take(episode, place.path)
    } finally {
      await place.release()
    }
  }

  /** From a whole download to the name under which the episode's row finds it. */
  async function take(episode: EpisodeRecord, partialPath: string): Promise<Answer<string>> {
    const opened = await openRegular(partialPath)
    const head = opened && (await readHead(opened.handle, 65_536))
    await opened?.handle.close()
    const signature = head && sniffSignature(head)
    if (
      !head ||
      head.length === 0 ||
      (signature && signature.family !== 'audio' && signature.family !== 'video') ||
      looksLikePage(head)
    ) {
      await discardPartial(partialPath)
      const what = signature ? signature.name : head?.length === 0 ? 'an empty file' : 'a web page'
      return fail(
        'recording-unreadable',
        `The feed’s address for “${episode.title}” gives ${what}, not a recording. Nothing was kept of it. Try again later, or drop the recording here as a file.`,
        { retryable: true },
      )
    }
    const hash = createHash('sha256')
    await pipeline(createReadStream(partialPath), hash)
    const mediaPath = `media/${hash.digest('hex')}.${signature?.extension ?? extensionOf(episode)}`
    const path = join(profilePath, mediaPath)
    // Complete and on the medium before the name exists, and the name before the row.
    await renameWaiting(partialPath, path)
    await syncFolder(folder)
    storage.write('episodes.keepRecording', (tx) => {
      keepRecording(tx, episode.id, mediaPath)
      tx.audit(`episode:${episode.id}`, null, { recording: mediaPath })
    })
    events.emit('episodes.changed', { feedId: episode.feedId })
    return ok(path)
  }

  async function find(episodeId: string, options: Options): Promise<Answer<string>> {
    const known = await here(episodeId)
    if (known !== null) return ok(known)
    const episode = episodes.get(episodeId)
    if (!episode) return fail('no-recording', 'This episode is no longer in the library.')
    if (episode.mediaUrl === null)
      return fail(
        'no-recording',
        episode.feedKind === 'local'
          ? `The recording of “${episode.title}” is not in Inkwell’s folder any more. Drop the file here again.`
          : `The feed names no recording for “${episode.title}”.`,
      )
    try {
      return await fetchRecording(episode, options)
    } catch (error) {
      const code = errorCode(error)
      if (code === '') throw error
      log.warn('audio.recording-not-kept', { episodeId, code })
      return fullCodes.has(code)
        ? fail('no-room', 'The disk is full: the recording could not be kept. Free some space, then go on.', {
            retryable: true,
          })
        : fail(
            'recording-unreadable',
            `The recording cannot be kept (${code}). Look at the disk and the profile’s folder.`,
            {
              retryable: true,
            },
          )
    }
  }

  return {
    async obtain(episodeId, options) {
      // Two who want the same recording get one download; it ends when the first of them ends it.
      const running = underWay.get(episodeId)
      let found = running ? await running : null
      if (!found || (!found.ok && found.error.code === 'cancelled' && !options.signal.aborted)) {
        const finding = find(episodeId, options).finally(() => underWay.delete(episodeId))
        underWay.set(episodeId, finding)
        found = await finding
      }
      if (!found.ok) return found
      const measured = await decoder.durationSeconds(found.value, options.signal)
      if (!measured.ok && measured.error.code === 'cancelled') return fail('cancelled', measured.error.message)
      const durationSeconds = measured.ok ? measured.value : (episodes.get(episodeId)?.durationSeconds ?? null)
      return ok({ path: found.value, durationSeconds })
    },
    has: ({ id, mediaUrl }) => mediaUrl !== null || readRecording(storage, id)?.mediaPath != null,
    sweep: () => sweepPartials(folder, clock.now()),
  }
}

/** Login and error pages come with status 200 and any content type. */
const looksLikePage = (head: Buffer): boolean =>
  /^\s*(?:<!doctype html|<html|<\?xml|<head|<body)/i.test(head.subarray(0, 512).toString('latin1'))

/** Where the bytes do not say what they are: raw AAC and AMR, for example. */
const extensionOf = ({ mediaUrl, mediaType }: EpisodeRecord): string => {
  const named = /\.([a-z0-9]{2,4})(?:[?#]|$)/i.exec(mediaUrl ?? '')?.[1]?.toLowerCase()
  return named ?? /^(?:audio|video)\/(?:x-)?([a-z0-9]{2,4})$/.exec(mediaType ?? '')?.[1] ?? 'bin'
}

function refusal(
  error: { code: string; message: string; retryable: boolean; details?: Json },
  { title }: EpisodeRecord,
): Answer<never> {
  const { code, message, retryable } = error
  const status = code === 'status' ? Number((error.details as { status?: number } | undefined)?.status) : null
  const kept = 'What came so far is kept.'
  if (code === 'cancelled' || code === 'no-room' || code === 'needs-password') return fail(code, message, { retryable })
  if (code === 'too-large')
    return fail(
      'recording-too-large',
      `The recording of “${title}” is larger than the limit in Settings. Nothing was kept of it.`,
    )
  if (status === 401)
    return fail(
      'needs-password',
      `The server asks for a password for the recording of “${title}” (401). Give the feed its password again.`,
    )
  if (status === 403)
    return fail(
      'recording-unreachable',
      `The server refuses the recording of “${title}” (403). ${kept} A private feed may need a new address.`,
    )
  if (status === 404 || status === 410)
    return fail(
      'recording-unreachable',
      `The recording of “${title}” is not at its address any more (${status}). Refresh the feed, or drop the file here.`,
    )
  return fail('recording-unreachable', `The recording of “${title}” could not be fetched: ${message}`, { retryable })
}
