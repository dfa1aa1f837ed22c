import type { Innertube } from 'youtubei.js'
import { z } from 'zod'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Clock, Log } from '../ports.ts'
import { type CaptionTrack, chooseTrack, needsPlayer, trackUrl } from './captions.ts'
import { createPace } from './pace.ts'
import { blocked, createPages, type PageFailure } from './pages.ts'

export interface Video {
  readonly id: string
  readonly title: string
  readonly author: string | null
  readonly durationSeconds: number | null
  readonly description: string | null
  readonly isLive: boolean
  readonly tracks: readonly CaptionTrack[] | null
}
export interface Captions {
  /** YouTube's JSON of the track. */
  readonly bytes: Buffer
  readonly track: CaptionTrack
  /** Languages that there are. */
  readonly offered: readonly string[]
  readonly video: Video
}
export interface PlaylistEntry {
  readonly id: string
  readonly title: string
  readonly durationSeconds: number | null
}
export interface Playlist {
  readonly title: string
  readonly entries: readonly PlaylistEntry[]
  /** More than were read. */
  readonly cutOff: boolean
}
export type YouTubeFailure =
  | PageFailure
  | 'video-unavailable' // gone, private, not in this country, for members
  | 'captions-disabled' // the video can be watched and offers no captions at all
  | 'no-captions' // not made yet: a live stream, a premiere, a video of the last hour
export interface YouTube {
  video(id: string, signal: AbortSignal): Promise<Result<Video, YouTubeFailure>>
  /** @param language wanted, e.g. `de`; the video's own when there is none in it */
  captions(id: string, language: string | null, signal: AbortSignal): Promise<Result<Captions, YouTubeFailure>>
  /** @param limit of entries */
  playlist(id: string, limit: number, signal: AbortSignal): Promise<Result<Playlist, YouTubeFailure>>
  close(): Promise<void>
}
export interface YouTubeDeps {
  readonly clock: Clock
  readonly log: Log
  /** Stands for YouTube in tests. */
  readonly origin?: string | undefined
  readonly pauseMs?: number
}

/**
 * These clients are given addresses of captions that can be fetched; the ones for a browser get an empty page
 * (LuanRT/YouTube.js#1102, obsidian-clipper#946). Tried in this order.
 */
const clients = ['ANDROID', 'IOS'] as const

/** YouTube as far as captions go: youtubei.js speaks its private API, over `pages` alone and at a polite pace. */
export function createYouTube({ clock, log, origin, pauseMs }: YouTubeDeps): YouTube {
  const pages = createPages(origin)
  const pace = createPace({ clock, ...(pauseMs === undefined ? {} : { betweenMs: pauseMs }) })

  /** Runs calls of the library; how a page failed is remembered, because the library throws something of its own. */
  async function ask<Value>(
    signal: AbortSignal,
    call: (tube: Innertube) => Promise<Result<Value, YouTubeFailure>>,
  ): Promise<Result<Value, YouTubeFailure>> {
    let failed: Result<never, PageFailure> | null = null
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init)
      const answer = await pages.get({
        url: request.url,
        method: request.method,
        headers: Object.fromEntries(request.headers),
        body: request.body === null ? null : await request.text(),
        signal,
      })
      if (answer.ok) return new Response(answer.value.text, { status: answer.value.status })
      failed = answer
      throw new Error(answer.error.message)
    }
    try {
      // Loaded when it is needed: it is a large library.
      const { Innertube, Log: LibraryLog, Parser } = await import('youtubei.js')
      LibraryLog.setLevel(LibraryLog.Level.NONE)
      // A part of a page that it cannot read is left out; it must not write to the console.
      Parser.setParserErrorHandler(() => {})
      const tube = await Innertube.create({
        fetch,
        retrieve_player: false,
        retrieve_innertube_config: false,
        generate_session_locally: true,
        enable_session_cache: false,
      })
      return await call(tube)
    } catch (error) {
      if (failed) return failed
      const gone = Unplayable.safeParse(error)
      if (gone.success) return unavailable(gone.data.info.status, gone.data.info.reason)
      log.warn('youtube.unreadable', { message: error instanceof Error ? error.message : String(error) })
      return fail(
        'youtube-unreadable',
        'YouTube answered in a way that Inkwell cannot read; it changes its pages now and then. Nothing was stored. A newer Inkwell may read it; this computer can make the transcript from the recording.',
      )
    }
  }

  const lookUp = (id: string, signal: AbortSignal): Promise<Result<Video, YouTubeFailure>> =>
    ask(signal, async (tube) => {
      let best: Result<Video, YouTubeFailure> | null = null
      for (const client of clients) {
        const found = videoOf(id, await tube.getBasicInfo(id, { client }))
        if (!found.ok && found.error.code === 'youtube-blocks') return found
        if (found.ok && found.value.tracks?.some((track) => !needsPlayer(track))) return found
        best ??= found
      }
      return best!
    })

  return {
    video: (id, signal) => pace.run(() => lookUp(id, signal)),
    captions: async (id, language, signal) => {
      const video = await pace.run(() => lookUp(id, signal))
      if (!video.ok) return video
      const { tracks, isLive, title } = video.value
      if (tracks === null && !isLive)
        return fail('captions-disabled', `“${title}” has no captions: they are switched off or were never made.`)
      const track = chooseTrack(tracks ?? [], language)
      if (track === null)
        return fail(
          'no-captions',
          `“${title}” has no captions yet${isLive ? '; YouTube makes them after the live stream' : ''}. Try again in a few hours.`,
          { retryable: true },
        )
      return pace.run<Captions, YouTubeFailure>(async () => {
        const answer = await pages.get({ url: trackUrl(track), method: 'GET', headers: {}, body: null, signal })
        if (!answer.ok) return answer
        // An empty page with 200 is how captions are refused (jdepoix/youtube-transcript-api#592).
        if (answer.value.status !== 200 || answer.value.text.trim() === '' || answer.value.text.startsWith('<'))
          return blocked(answer.value.status === 200 ? null : answer.value.status)
        const offered = [...new Set((tracks ?? []).map((one) => one.language))]
        return ok({ bytes: Buffer.from(answer.value.text), track, offered, video: video.value })
      })
    },
    playlist: (id, limit, signal) =>
      pace.run(() =>
        ask(signal, async (tube) => {
          let page = await tube.getPlaylist(id)
          const title = page.info.title ?? 'Playlist'
          const entries = new Map<string, PlaylistEntry>()
          const take = (): void => {
            for (const item of page.items) for (const entry of entryOf(item)) entries.set(entry.id, entry)
          }
          take()
          while (page.has_continuation && entries.size < limit) {
            const before = entries.size
            page = await page.getContinuation()
            take()
            // A list that goes on for ever without anything new.
            if (entries.size === before) break
          }
          if (entries.size === 0)
            return fail('video-unavailable', 'This playlist is empty, private or gone. Nothing was added.')
          const all = [...entries.values()]
          return ok({ title, entries: all.slice(0, limit), cutOff: all.length > limit || page.has_continuation })
        }),
      ),
    close: () => pages.close(),
  }
}

type BasicInfo = Awaited<ReturnType<Innertube['getBasicInfo']>>

function videoOf(id: string, info: BasicInfo): Result<Video, YouTubeFailure> {
  const { basic_info: basic, playability_status: playability, captions } = info
  const status = playability?.status ?? 'UNKNOWN'
  const reason = playability?.reason?.trim() ?? ''
  if (status === 'LOGIN_REQUIRED' && /bot|robot|sign in to confirm you/i.test(reason)) return blocked(null)
  const title = basic.title ?? id
  const comes = status === 'LIVE_STREAM_OFFLINE' || basic.is_upcoming === true
  if (status !== 'OK' && !comes) return unavailable(status, reason)
  return ok({
    id,
    title,
    author: basic.author ?? null,
    durationSeconds: basic.duration && basic.duration > 0 ? basic.duration : null,
    description: basic.short_description ?? null,
    isLive: comes || basic.is_live === true,
    tracks: captions
      ? (captions.caption_tracks ?? []).map((track) => ({
          url: track.base_url,
          language: track.language_code,
          title: track.name.toString(),
          automatic: track.kind === 'asr',
        }))
      : null,
  })
}

/** What the library throws for a video that is not given out. */
const Unplayable = z.object({ info: z.object({ status: z.string(), reason: z.string() }) })

const unavailable = (status: string, reason: string): Result<never, 'video-unavailable'> =>
  fail(
    'video-unavailable',
    `YouTube does not give out this video${reason ? `: “${reason.replace(/[.\s]+$/, '')}”` : ''} (${status.toLowerCase().replaceAll('_', ' ')}). Nothing was stored.`,
  )

type PlaylistItem = Awaited<ReturnType<Innertube['getPlaylist']>>['items'][number]

function entryOf(item: PlaylistItem): PlaylistEntry[] {
  const id = 'content_id' in item ? item.content_id : 'id' in item ? item.id : null
  if (typeof id !== 'string' || !/^[\w-]{11}$/.test(id)) return []
  const title =
    'title' in item ? item.title?.toString() : 'metadata' in item ? item.metadata?.title?.toString() : undefined
  const seconds = 'duration' in item ? item.duration?.seconds : undefined
  return [{ id, title: title || id, durationSeconds: seconds && seconds > 0 ? seconds : null }]
}
