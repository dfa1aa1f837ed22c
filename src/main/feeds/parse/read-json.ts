import { type JsonFeed, parseJsonFeed } from 'feedsmith'
import { isDangerousName } from './attributes.ts'
import { textToHtml } from './html-text.ts'
import type { RawFeed, RawItem } from './raw.ts'
import { limits } from './types.ts'

const readItem = (item: JsonFeed.Item<string>): RawItem => ({
  guid: item.id,
  titles: [item.title],
  dates: [item.date_published, item.date_modified],
  durations: (item.attachments ?? []).map((attachment) => attachment.duration_in_seconds),
  enclosures: (item.attachments ?? []).map(({ url, mime_type, size_in_bytes }) => ({
    url,
    type: mime_type,
    length: size_in_bytes,
  })),
  links: [item.url, item.external_url],
  descriptions: [
    item.content_html,
    item.content_text === undefined ? undefined : textToHtml(item.content_text),
    item.summary === undefined ? undefined : textToHtml(item.summary),
  ],
  images: [item.image, item.banner_image],
  transcripts: [],
  chapters: [],
  persons: [],
})

const dangerousKey = /"(?:__proto__|constructor|prototype|toString|valueOf|hasOwnProperty)"\s*:|\\u00/

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

/** A JSON Feed says so in its version; some say `1.0` or nothing there. */
function asJsonFeed(json: unknown): Record<string, unknown> | null {
  if (!isObject(json)) return null
  if (typeof json.version === 'string' && json.version.includes('jsonfeed.org/version/')) return json
  const { items } = json
  const hasHead = [json.title, json.home_page_url, json.feed_url].some(isText)
  const isItem = (item: unknown): boolean =>
    isObject(item) && [item.id, item.url, item.content_html, item.content_text].some(isText)
  if (!hasHead || !Array.isArray(items) || !items.some(isItem)) return null
  return { ...json, version: 'https://jsonfeed.org/version/1.1' }
}

/** @returns null when the text is no JSON, or JSON of another kind */
export function readJson(text: string): { feed: RawFeed; itemsFound: number } | null {
  let json: unknown
  try {
    json = dangerousKey.test(text)
      ? JSON.parse(text, (key, value) => (isDangerousName(key.toLowerCase()) ? undefined : value))
      : JSON.parse(text)
  } catch {
    return null
  }
  const given = asJsonFeed(json)
  if (given === null) return null
  const found = given.items
  let feed: JsonFeed.Feed<string>
  try {
    feed = parseJsonFeed(given, { maxItems: limits.items })
  } catch {
    return null
  }
  return {
    itemsFound: Array.isArray(found) ? found.length : 0,
    feed: {
      titles: [feed.title],
      descriptions: [feed.description],
      authors: [feed.authors?.[0]?.name],
      languages: [feed.language],
      links: [feed.home_page_url],
      images: [feed.icon, feed.favicon],
      complete: feed.expired,
      nextPages: [feed.next_url],
      persons: [],
      items: (feed.items ?? []).map(readItem),
    },
  }
}
