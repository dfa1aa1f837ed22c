/** A page of YouTube whose captions can be read. */
export type YouTubeLink =
  | { readonly kind: 'video'; readonly id: string }
  | { readonly kind: 'playlist'; readonly id: string }

const hosts = /^(?:(?:www\.|m\.|music\.)?youtube|www\.youtube-nocookie)\.com$/
const videoId = /^[\w-]{11}$/
const playlistId = /^[\w-]{13,64}$/

/**
 * Reads a link to a video, short, live stream or playlist; null for channels and everything else. A video within a
 * playlist is the video: that is what was on the screen when the link was copied.
 */
export function readYouTubeLink(text: string): YouTubeLink | null {
  let url: URL
  try {
    url = new URL(/^https?:\/\//i.test(text.trim()) ? text.trim() : `https://${text.trim()}`)
  } catch {
    return null
  }
  const video = (id: string | null | undefined): YouTubeLink | null =>
    id && videoId.test(id) ? { kind: 'video', id } : null
  if (url.hostname === 'youtu.be') return video(url.pathname.slice(1).split('/')[0])
  if (!hosts.test(url.hostname)) return null
  const [, place, id] = url.pathname.split('/')
  if (place === 'shorts' || place === 'live' || place === 'embed' || place === 'v') return video(id)
  if (place === 'watch' && url.searchParams.has('v')) return video(url.searchParams.get('v'))
  const list = url.searchParams.get('list')
  if ((place === 'playlist' || place === 'watch') && list && playlistId.test(list))
    return { kind: 'playlist', id: list }
  return null
}

export const watchUrl = (id: string): string => `https://www.youtube.com/watch?v=${id}`

/** The video behind an episode: by its link, else by the id that YouTube's own feeds give. */
export function videoIdOf(episode: { readonly link: string | null; readonly guid: string | null }): string | null {
  const linked = episode.link === null ? null : readYouTubeLink(episode.link)
  if (linked?.kind === 'video') return linked.id
  return /^yt:video:([\w-]{11})$/.exec(episode.guid ?? '')?.[1] ?? null
}
