import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeVideo {
  readonly title?: string
  readonly status?: string
  readonly reason?: string
  readonly live?: boolean
  /** Null: no list of captions at all. */
  readonly tracks?:
    | readonly { readonly language: string; readonly automatic?: boolean; readonly query?: string }[]
    | null
  /** Answer of the captions' address; JSON with one line by default. */
  readonly captions?: { readonly status?: number; readonly body?: string }
  /** Of the player's answer itself. */
  readonly playerStatus?: number
  readonly playerBody?: string
}
export interface FakeYouTube {
  readonly origin: string
  /** Paths with query, in order. */
  readonly asked: string[]
  close(): Promise<void>
}

/** Speaks as much of YouTube's private API as captions and playlists take. */
export async function fakeYouTube(
  videos: Readonly<Record<string, FakeVideo>>,
  playlist: { readonly title: string; readonly ids: readonly string[]; readonly perPage: number } | null = null,
): Promise<FakeYouTube> {
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    const url = new URL(request.url!, 'http://youtube.test')
    asked.push(`${url.pathname}${url.search}`)
    const send = (status: number, answer: string): void => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(answer)
    }
    if (url.pathname.endsWith('/player')) {
      const { videoId } = JSON.parse(body) as { videoId: string }
      const video = videos[videoId]
      return send(video?.playerStatus ?? 200, video?.playerBody ?? JSON.stringify(player(videoId, video)))
    }
    if (url.pathname.endsWith('/browse') && playlist) {
      const { continuation } = JSON.parse(body) as { continuation?: string }
      return send(200, JSON.stringify(page(playlist, Number(continuation ?? 0))))
    }
    if (url.pathname === '/api/timedtext') {
      const { status = 200, body: text } = videos[url.searchParams.get('v')!]?.captions ?? {}
      return send(status, text ?? JSON.stringify(words(url.searchParams.get('lang')!)))
    }
    send(404, '{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

const words = (language: string) => ({
  wireMagic: 'pb3',
  events: [
    { tStartMs: 0, dDurationMs: 2_000, segs: [{ utf8: `The tide in ${language}` }] },
    { tStartMs: 2_000, dDurationMs: 3_000, segs: [{ utf8: 'turns' }, { utf8: ' at noon.' }] },
  ],
})

const player = (id: string, video: FakeVideo | undefined) => ({
  playabilityStatus: video
    ? { status: video.status ?? 'OK', ...(video.reason ? { reason: video.reason } : {}) }
    : { status: 'ERROR', reason: 'Video unavailable' },
  videoDetails: {
    videoId: id,
    title: video?.title ?? `Video ${id}`,
    lengthSeconds: '61',
    channelId: 'UC0123456789012345678901',
    author: 'Tide tables',
    shortDescription: 'About tides.',
    isLiveContent: video?.live ?? false,
    isLive: video?.live ?? false,
    thumbnail: { thumbnails: [] },
  },
  ...(video === undefined || video.tracks === null
    ? {}
    : {
        captions: {
          playerCaptionsTracklistRenderer: {
            captionTracks: (video.tracks ?? [{ language: 'en' }]).map(({ language, automatic, query = '' }) => ({
              baseUrl: `https://www.youtube.com/api/timedtext?v=${id}&lang=${language}${query}`,
              name: { simpleText: automatic ? `${language} (auto-generated)` : language },
              vssId: `.${language}`,
              languageCode: language,
              ...(automatic ? { kind: 'asr' } : {}),
              isTranslatable: true,
            })),
            audioTracks: [{ captionTrackIndices: [0] }],
          },
        },
      }),
})

function page(playlist: { title: string; ids: readonly string[]; perPage: number }, from: number) {
  const to = from + playlist.perPage
  const items = playlist.ids.slice(from, to).map((id, index) => ({
    playlistVideoRenderer: {
      videoId: id,
      title: { runs: [{ text: `Part ${from + index + 1}` }], accessibility: { accessibilityData: { label: '' } } },
      index: { simpleText: String(from + index + 1) },
      lengthSeconds: '61',
      lengthText: { simpleText: '1:01' },
      shortBylineText: { runs: [{ text: 'Tide tables' }] },
      isPlayable: true,
      thumbnail: { thumbnails: [] },
      thumbnailOverlays: [],
      navigationEndpoint: { watchEndpoint: { videoId: id } },
    },
  }))
  const next = {
    continuationItemRenderer: {
      trigger: 'CONTINUATION_TRIGGER_ON_ITEM_SHOWN',
      continuationEndpoint: {
        continuationCommand: { token: String(to), request: 'CONTINUATION_REQUEST_TYPE_BROWSE' },
        commandMetadata: { webCommandMetadata: { sendPost: true, apiUrl: '/youtubei/v1/browse' } },
      },
    },
  }
  const all = to < playlist.ids.length ? [...items, next] : items
  if (from > 0)
    return {
      onResponseReceivedActions: [{ appendContinuationItemsAction: { targetId: 'list', continuationItems: all } }],
    }
  const list = { playlistVideoListRenderer: { playlistId: 'PL', isEditable: false, canReorder: false, contents: all } }
  return {
    metadata: { playlistMetadataRenderer: { title: playlist.title } },
    contents: {
      twoColumnBrowseResultsRenderer: {
        tabs: [
          {
            tabRenderer: {
              selected: true,
              content: { sectionListRenderer: { contents: [{ itemSectionRenderer: { contents: [list] } }] } },
            },
          },
        ],
      },
    },
  }
}
