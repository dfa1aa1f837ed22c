import type { PlaylistEntry, YouTube } from '../youtube/client.ts'
import type { YouTubeLink } from '../youtube/links.ts'
import { durationInWords, type Recognised, unsupported } from './recognised.ts'

export type VideoFacts = Pick<YouTube, 'video' | 'playlist'>

/** More than that is not a list anybody wants notes of at one go. */
const maxVideos = 500
const patienceMs = 45_000

/** A video, or all videos of a playlist: looked up, nothing is stored. */
export async function recogniseVideo(link: YouTubeLink, youTube: VideoFacts): Promise<Recognised> {
  const signal = AbortSignal.timeout(patienceMs)
  if (link.kind === 'playlist') {
    const list = await youTube.playlist(link.id, maxVideos, signal)
    if (!list.ok) return unsupported('YouTube playlist', list.error.message)
    const { title, entries, cutOff } = list.value
    const seconds = entries.reduce((sum, { durationSeconds }) => sum + (durationSeconds ?? 0), 0)
    const count = `${cutOff ? 'The first ' : ''}${entries.length} ${entries.length === 1 ? 'video' : 'videos'}`
    return videos(
      'playlist',
      title,
      `A playlist. ${count}, ${durationInWords(seconds)}: notes are made of each from its captions, one after another; those that have notes already are left out.`,
      entries,
    )
  }
  const found = await youTube.video(link.id, signal)
  if (!found.ok) return unsupported('YouTube video', found.error.message)
  const { id, title, author, durationSeconds, tracks } = found.value
  const by = author === null ? '' : ` by ${author}`
  const length = durationSeconds === null ? '' : `, ${durationInWords(durationSeconds)}`
  const captions =
    tracks && tracks.length > 0
      ? `captions in ${[...new Set(tracks.map(({ language }) => language))].slice(0, 5).join(', ')}`
      : 'without captions: its words need speech recognition'
  return videos('video', title, `A video${by}${length}, ${captions}. Notes are made from them.`, [
    { id, title, durationSeconds },
  ])
}

const videos = (
  kind: 'video' | 'playlist',
  title: string,
  sentence: string,
  entries: readonly PlaylistEntry[],
): Recognised => ({ item: { kind, title, sentence, action: 'make-notes', costMicroUsd: 0 }, videos: entries })
