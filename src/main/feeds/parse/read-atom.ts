import { type AtomFeed, type PodcastNs, parseAtomFeed, parseRssFeed } from 'feedsmith'
import { textToHtml } from './html-text.ts'
import type { RawFeed, RawItem } from './raw.ts'
import { readMedia } from './read-media.ts'
import { readPersons, readPodcast } from './read-rss.ts'

type Text = { value?: string; type?: string } | undefined
type PodcastOnly = { feed: PodcastNs.Feed<string, false> | undefined; items: (PodcastNs.Item<false> | undefined)[] }

const html = (text: Text): string | undefined =>
  text?.value !== undefined && (text.type === 'text' || text.type === 'text/plain')
    ? textToHtml(text.value)
    : text?.value

const isData = (type: string | undefined): boolean => /(?:rss|atom|rdf)\+xml|\/xml|json/i.test(type ?? '')

/** Pages about the same thing: those to be read by people first. */
function pagesOf(links: readonly AtomFeed.Link<string>[]): (string | undefined)[] {
  const pages = links.filter(({ rel }) => !rel || rel.toLowerCase() === 'alternate')
  return [...pages.filter(({ type }) => !isData(type)), ...pages.filter(({ type }) => isData(type))].map(
    ({ href }) => href,
  )
}

/** The parser reads `podcast:` elements in RSS alone, so the same elements are shown to it as RSS. */
function readPodcastElements(xml: string): PodcastOnly {
  if (!xml.includes('<podcast:')) return { feed: undefined, items: [] }
  const rss = xml
    .replace(/^<feed[^>]*>/, '<rss version="2.0"><channel>')
    .replace(/<\/feed>$/, '</channel></rss>')
    .replace(/<(\/?)entry(?=[\s>])/g, '<$1item')
  const feed = parseRssFeed(rss)
  return { feed: feed.podcast, items: (feed.items ?? []).map((item) => item.podcast) }
}

function readEntry(entry: AtomFeed.Entry<string>, podcastItem: PodcastNs.Item<false> | undefined): RawItem {
  const { itunes, yt } = entry
  const podcast = readPodcast(podcastItem)
  const media = readMedia(entry.media)
  const links = entry.links ?? []
  return {
    guid: entry.id,
    titles: [itunes?.title, entry.title?.value, ...media.titles],
    dates: [entry.published, entry.updated, entry.dc?.dates?.[0]],
    durations: [itunes?.duration, ...media.durations],
    enclosures: [
      ...links.filter(({ rel }) => rel === 'enclosure').map(({ href, type, length }) => ({ url: href, type, length })),
      // What YouTube names there is a player, not a file.
      ...(yt?.videoId ? [] : media.files),
      ...(entry.content?.src ? [{ url: entry.content.src, type: entry.content.type }] : []),
      ...podcast.alternates,
    ],
    links: [...pagesOf(links), links.find(({ rel }) => rel === 'via')?.href],
    descriptions: [
      html(entry.content),
      html(entry.summary),
      itunes?.summary,
      ...media.descriptions.map(({ value }) => (value === undefined ? undefined : textToHtml(value))),
    ],
    images: [itunes?.image, ...podcast.images, ...media.thumbnails],
    season: podcast.season ?? itunes?.season?.toString(),
    number: podcast.number ?? itunes?.episode?.toString(),
    episodeType: itunes?.episodeType,
    explicit: itunes?.explicit,
    transcripts: podcast.transcripts,
    chaptersUrl: podcast.chaptersUrl,
    chapters: (entry.psc?.chapters ?? []).map(({ start, title, href }) => ({ start, title, url: href })),
    persons: podcast.persons,
    videoId: yt?.videoId,
  }
}

/** @param xml well-formed, from the repair pass */
export function readAtom(xml: string): RawFeed {
  const feed = parseAtomFeed(xml)
  const podcast = readPodcastElements(xml)
  const entries = feed.entries ?? []
  const aligned = podcast.items.length === entries.length ? podcast.items : []
  const links = feed.links ?? []
  const linkOf = (rel: string): string | undefined => links.find((link) => link.rel?.toLowerCase() === rel)?.href
  return {
    titles: [feed.title?.value, feed.itunes?.title],
    descriptions: [feed.subtitle?.value, feed.itunes?.summary],
    authors: [feed.itunes?.author, feed.authors?.[0]?.name, feed.dc?.creators?.[0]],
    languages: [feed.xml?.lang, feed.dc?.languages?.[0]],
    links: pagesOf(links.filter(({ type }) => !isData(type))),
    images: [feed.itunes?.image, ...(podcast.feed?.images ?? []).map(({ href }) => href), feed.logo, feed.icon],
    podcastGuid: podcast.feed?.guid,
    newFeedUrl: feed.itunes?.newFeedUrl,
    complete: feed.itunes?.complete ?? podcast.feed?.updateFrequency?.complete,
    block: feed.itunes?.block,
    nextPages: [linkOf('next'), linkOf('prev-archive')],
    base: feed.xml?.base,
    persons: readPersons(podcast.feed?.persons),
    items: entries.map((entry, index) => readEntry(entry, aligned[index])),
  }
}
