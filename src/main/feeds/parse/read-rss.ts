import { type AtomNs, type PodcastNs, parseRssFeed, type RssFeed } from 'feedsmith'
import type { RawEnclosure, RawFeed, RawItem, RawPerson } from './raw.ts'
import { readMedia } from './read-media.ts'

type Podcast = PodcastNs.Item<false> | undefined

const hrefOf = (image: string | { href?: string | undefined } | undefined): string | undefined =>
  typeof image === 'object' ? image.href : image

export const readPersons = (persons: PodcastNs.Item<false>['persons']): RawPerson[] =>
  (persons ?? []).map(({ display, role, group, href }) => ({ name: display, role, group, url: href }))

interface PodcastParts
  extends Pick<RawItem, 'season' | 'number' | 'transcripts' | 'chaptersUrl' | 'persons' | 'images'> {
  readonly alternates: readonly RawEnclosure[]
}

/** What `podcast:` elements say of an item, in any kind of feed. */
export const readPodcast = (podcast: Podcast): PodcastParts => ({
  alternates: (podcast?.alternateEnclosures ?? []).flatMap(({ sources, type, length }) =>
    (sources ?? []).map(({ uri, contentType }) => ({ url: uri, type: contentType ?? type, length, alternate: true })),
  ),
  season: podcast?.season?.number?.toString(),
  number: podcast?.episode?.display ?? podcast?.episode?.number?.toString(),
  transcripts: podcast?.transcripts ?? [],
  chaptersUrl: podcast?.chapters?.url,
  persons: readPersons(podcast?.persons),
  images: (podcast?.images ?? []).map(({ href }) => href),
})

const enclosuresOf = (atom: AtomNs.Entry<string> | undefined): RawEnclosure[] =>
  (atom?.links ?? [])
    .filter(({ rel }) => rel === 'enclosure')
    .map(({ href, type, length }) => ({ url: href, type, length }))

function readItem(item: RssFeed.Item<string>): RawItem {
  const { itunes, atom } = item
  const podcast = readPodcast(item.podcast)
  const media = readMedia(item.media)
  return {
    guid: item.guid?.value ?? atom?.id,
    titles: [itunes?.title, item.title, atom?.title?.value, ...media.titles, item.dc?.titles?.[0]],
    dates: [
      item.pubDate,
      item.dc?.dates?.[0],
      atom?.published,
      atom?.updated,
      item.dcterms?.created?.[0],
      item.dcterms?.issued?.[0],
    ],
    durations: [itunes?.duration, ...media.durations],
    enclosures: [...(item.enclosures ?? []), ...enclosuresOf(atom), ...media.files, ...podcast.alternates],
    links: [
      item.link,
      atom?.links?.find(({ rel }) => !rel || rel === 'alternate')?.href,
      // A guid is an address unless it says that it is none (RSS 2.0).
      item.guid?.isPermaLink !== false && /^https?:\/\//i.test(item.guid?.value ?? '') ? item.guid?.value : undefined,
    ],
    descriptions: [
      item.content?.encoded,
      item.description,
      itunes?.summary,
      atom?.content?.value,
      atom?.summary?.value,
      ...media.descriptions.map(({ value }) => value),
      item.googleplay?.description,
      itunes?.subtitle,
      item.dc?.descriptions?.[0],
    ],
    images: [itunes?.image, ...podcast.images, ...media.thumbnails, hrefOf(item.googleplay?.image)],
    season: podcast.season ?? itunes?.season?.toString(),
    number: podcast.number ?? itunes?.episode?.toString(),
    episodeType: itunes?.episodeType,
    explicit: itunes?.explicit ?? (item.googleplay?.explicit === true ? true : undefined),
    transcripts: podcast.transcripts,
    chaptersUrl: podcast.chaptersUrl,
    chapters: (item.psc?.chapters ?? []).map(({ start, title, href }) => ({ start, title, url: href })),
    persons: podcast.persons,
  }
}

/** @param xml well-formed, from the repair pass */
export function readRss(xml: string): RawFeed {
  const feed = parseRssFeed(xml)
  const { itunes, atom, podcast, media } = feed
  const linkOf = (rel: string): string | undefined => atom?.links?.find((link) => link.rel?.toLowerCase() === rel)?.href
  return {
    titles: [feed.title, itunes?.title, atom?.title?.value, feed.dc?.titles?.[0]],
    descriptions: [feed.description, itunes?.summary, atom?.subtitle?.value, itunes?.subtitle],
    authors: [
      itunes?.author,
      feed.googleplay?.author,
      itunes?.owner?.name,
      feed.dc?.creators?.[0],
      feed.managingEditor?.name ?? feed.managingEditor?.email,
      atom?.authors?.[0]?.name,
    ],
    languages: [feed.language, feed.dc?.languages?.[0], feed.xml?.lang],
    links: [feed.link, linkOf('alternate')],
    images: [
      itunes?.image,
      ...(podcast?.images ?? []).map(({ href }) => href),
      feed.image?.url,
      hrefOf(feed.googleplay?.image),
      ...readMedia(media).thumbnails,
    ],
    podcastGuid: podcast?.guid,
    newFeedUrl: itunes?.newFeedUrl,
    ttl: feed.ttl,
    complete: itunes?.complete ?? podcast?.updateFrequency?.complete,
    block: itunes?.block,
    nextPages: [linkOf('next'), linkOf('prev-archive')],
    base: feed.xml?.base,
    persons: readPersons(podcast?.persons),
    items: (feed.items ?? []).map(readItem),
  }
}
