import type { Chapter, Person } from '#shared/contract/episodes.ts'
import type { TranscriptRef } from '../../services.ts'
import { absoluteUrl } from './addresses.ts'
import { bestHtml, plainLine, sha256, withoutControls } from './clean-text.ts'
import { parseFeedDate } from './dates.ts'
import { parseDuration } from './durations.ts'
import { guidKey, titleKey } from './identity.ts'
import { chooseMedia } from './media.ts'
import type { RawChapter, RawFeed, RawItem, RawPerson, RawTranscript } from './raw.ts'
import { limits, type ParsedFeed, type ParsedItem } from './types.ts'

const first = <Value, Out>(values: readonly (Value | undefined)[], read: (value: Value) => Out | null): Out | null => {
  for (const value of values) {
    const out = value === undefined ? null : read(value)
    if (out !== null) return out
  }
  return null
}
const line = (graphemes: number) => (text: string) => plainLine(text, graphemes)

function readGuid(raw: string | undefined): string | null {
  const guid = raw === undefined ? '' : withoutControls(raw).trim()
  if (guid === '') return null
  return Buffer.byteLength(guid) > limits.guidBytes ? `sha256:${sha256(guid)}` : guid
}

function readLanguage(text: string): string | null {
  try {
    return Intl.getCanonicalLocales(text.trim().slice(0, 35).replaceAll('_', '-'))[0] ?? null
  } catch {
    return null
  }
}

function readPersons(raw: readonly RawPerson[], base: string | null): Person[] {
  return raw.slice(0, 100).flatMap(({ name: given, role, group, url }) => {
    const name = plainLine(given, 200)
    if (name === null) return []
    const word = (text: string | undefined, otherwise: string) => plainLine(text, 60)?.toLowerCase() ?? otherwise
    return [{ name, role: word(role, 'host'), group: word(group, 'cast'), url: absoluteUrl(url, base) }]
  })
}

function readTranscripts(raw: readonly RawTranscript[], base: string | null): TranscriptRef[] {
  return raw.slice(0, 50).flatMap(({ url: given, type, language, rel }) => {
    const url = absoluteUrl(given, base)
    return url === null
      ? []
      : [
          {
            url,
            type: type?.trim().toLowerCase() || null,
            language: language ? readLanguage(language) : null,
            rel: rel?.trim().toLowerCase() || null,
          },
        ]
  })
}

function readChapters(raw: readonly RawChapter[], base: string | null): Chapter[] {
  const chapters = raw.slice(0, 1_000).flatMap(({ start, title: given, url }) => {
    const zero = /^[0:.]+$/.test(start ?? '')
    const startSeconds = zero ? 0 : fractionalSeconds(start)
    const title = plainLine(given, 300)
    return startSeconds === null || title === null ? [] : [{ startSeconds, title, url: absoluteUrl(url, base) }]
  })
  chapters.sort((a, b) => a.startSeconds - b.startSeconds)
  return chapters.map((chapter, index) => ({ ...chapter, endSeconds: chapters[index + 1]?.startSeconds ?? null }))
}

/** `0:00:10.500` (Normal Play Time): chapters begin between seconds. */
function fractionalSeconds(text: string | undefined): number | null {
  const whole = parseDuration(text?.replace(/[.,]\d+$/, ''))
  const fraction = Number(`0.${/[.,](\d+)$/.exec(text ?? '')?.[1] ?? '0'}`)
  return whole === null ? (fraction > 0 ? fraction : null) : whole + fraction
}

const videoPage = (id: string | undefined): string | null =>
  id !== undefined && /^[\w-]{6,20}$/.test(id) ? `https://www.youtube.com/watch?v=${id}` : null

type Unshared = Omit<ParsedItem, 'guidShared' | 'titleShared'>

function readItem(
  raw: RawItem,
  base: string | null,
  nowMs: number,
  channelPersons: readonly Person[],
): Unshared | null {
  const video = videoPage(raw.videoId)
  const persons = readPersons(raw.persons, base)
  const kind = raw.episodeType?.trim().toLowerCase()
  const item: Unshared = {
    guid: readGuid(raw.guid),
    title: first(raw.titles, line(limits.titleGraphemes)),
    publishedAtMs: first(raw.dates, (text) => parseFeedDate(text, nowMs)),
    durationSeconds: first(raw.durations, parseDuration),
    media:
      chooseMedia(raw.enclosures, base) ?? (video === null ? null : { url: video, type: 'video/youtube', bytes: null }),
    link: video ?? first(raw.links, (text) => absoluteUrl(text, base)),
    descriptionHtml: bestHtml(raw.descriptions),
    imageUrl: first(raw.images, (text) => absoluteUrl(text, base)),
    season: plainLine(raw.season, 40),
    number: plainLine(raw.number, 40),
    episodeType: kind === 'full' || kind === 'trailer' || kind === 'bonus' ? kind : null,
    explicit: raw.explicit ?? null,
    transcripts: readTranscripts(raw.transcripts, base),
    chaptersUrl: absoluteUrl(raw.chaptersUrl, base),
    chapters: readChapters(raw.chapters, base),
    persons: persons.length > 0 ? persons : channelPersons,
  }
  const says = item.guid ?? item.title ?? item.media ?? item.link ?? item.descriptionHtml
  return says === null ? null : item
}

function tally(keys: readonly (string | null)[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

/** Says which items cannot be told apart by guid or title, and drops what is there twice. */
function markShared(items: readonly Unshared[]): ParsedItem[] {
  const seen = new Set<string>()
  const kept = items.filter((item) => {
    if (item.guid === null) return true
    const key = `${guidKey(item.guid)} ${item.media?.url ?? `${item.publishedAtMs} ${item.title}`}`
    return !seen.has(key) && seen.add(key)
  })
  const guids = tally(kept.map(({ guid }) => (guid === null ? null : guidKey(guid))))
  const titles = tally(kept.map(titleKey))
  return kept.map((item) => ({
    ...item,
    guidShared: item.guid !== null && (guids.get(guidKey(item.guid)) ?? 0) > 1,
    titleShared: (titles.get(titleKey(item) ?? '') ?? 0) > 1,
  }))
}

/** A feed that says it moved to where it is says nothing. */
function readNewFeedUrl(text: string | undefined, url: string | null): string | null {
  const moved = absoluteUrl(text, url)
  if (moved === null || url === null) return moved
  const plain = (address: string): string =>
    address
      .replace(/^https?:\/\//, '')
      .replace(/\/+$/, '')
      .toLowerCase()
  const isUpgrade = url.startsWith('http:') && moved.startsWith('https:')
  return plain(moved) === plain(url) && !isUpgrade ? null : moved
}

export const emptyFeed: RawFeed = {
  titles: [],
  descriptions: [],
  authors: [],
  languages: [],
  links: [],
  images: [],
  nextPages: [],
  persons: [],
  items: [],
}

export function normaliseFeed(
  raw: RawFeed,
  url: string | null,
  nowMs: number,
): Omit<ParsedFeed, 'warnings' | 'mended' | 'partial'> {
  const site = first(raw.links, (text) => absoluteUrl(text, url))
  const base = absoluteUrl(raw.base, url) ?? url ?? site
  const persons = readPersons(raw.persons, base)
  const nextPageUrl = first(raw.nextPages, (text) => absoluteUrl(text, base))
  const items = raw.items.flatMap((item) => readItem(item, base, nowMs, persons) ?? [])
  return {
    kind: raw.items.some(({ videoId }) => videoId !== undefined) ? 'youtube' : 'rss',
    title: first(raw.titles, line(limits.titleGraphemes)),
    description: first(raw.descriptions, line(4_000)),
    author: first(raw.authors, line(300)),
    language: first(raw.languages, readLanguage),
    siteUrl: site,
    imageUrl: first(raw.images, (text) => absoluteUrl(text, base)),
    podcastGuid: plainLine(raw.podcastGuid, 100),
    newFeedUrl: readNewFeedUrl(raw.newFeedUrl, url),
    ttlMinutes: raw.ttl !== undefined && raw.ttl > 0 && raw.ttl <= 43_200 ? Math.round(raw.ttl) : null,
    complete: raw.complete ?? false,
    persons,
    nextPageUrl: nextPageUrl === url ? null : nextPageUrl,
    isPrivateHint: raw.block ?? false,
    items: markShared(items),
  }
}
