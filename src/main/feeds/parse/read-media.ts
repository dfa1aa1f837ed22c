import type { MediaNs } from 'feedsmith'
import type { RawEnclosure } from './raw.ts'

type Media = MediaNs.ItemOrFeed<false> | undefined
type Parts = Pick<MediaNs.CommonElements<false>, 'title' | 'description' | 'thumbnails'>

/** Files of Media RSS, loose and in groups. */
const contentsOf = (media: Media): MediaNs.Content<false>[] => [
  ...(media?.contents ?? []),
  ...(media?.groups ?? []).flatMap((group) => group.contents ?? []),
]

export interface MediaParts {
  readonly files: readonly RawEnclosure[]
  readonly durations: readonly (number | undefined)[]
  readonly titles: readonly (string | undefined)[]
  readonly descriptions: readonly MediaNs.TitleOrDescription<false>[]
  readonly thumbnails: readonly (string | undefined)[]
}

/** What is said of all files comes before what is said of a group, and that before what is said of one. */
export function readMedia(media: Media): MediaParts {
  const contents = contentsOf(media)
  const levels: readonly Parts[] = media === undefined ? [] : [media, ...(media.groups ?? []), ...contents]
  return {
    files: contents.map(({ url, type, medium, fileSize }) => ({
      url,
      type: type ?? (medium === 'image' ? 'image/*' : undefined),
      length: fileSize,
    })),
    durations: contents.map(({ duration }) => duration),
    titles: levels.map(({ title }) => title?.value),
    descriptions: levels.flatMap(({ description }) => description ?? []),
    thumbnails: levels.flatMap(({ thumbnails }) => thumbnails ?? []).map(({ url }) => url),
  }
}
