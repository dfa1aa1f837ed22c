import { type EpisodeDraft, hashKey } from '../episodes/draft.ts'
import { cutGraphemes, plainLine } from './parse/clean-text.ts'
import { identityKeys } from './parse/identity.ts'
import type { ParsedFeed, ParsedItem } from './parse/types.ts'
import type { SecretBook } from './secret-book.ts'

/** What a feed says, as it may be stored: no secret in any text, no guid or address of an item in clear as a key. */
export function* prepareDrafts(
  feed: ParsedFeed,
  { salt, book }: { salt: Buffer; book: SecretBook | null },
): Generator<void, EpisodeDraft[]> {
  const drafts: EpisodeDraft[] = []
  for (const item of feed.items) {
    drafts.push(toDraft(item, feed, salt, book))
    yield
  }
  return drafts
}

function toDraft(item: ParsedItem, feed: ParsedFeed, salt: Buffer, book: SecretBook | null): EpisodeDraft {
  const url = (address: string | null): string | null => hideUrl(address, book)
  const text = (words: string | null): string | null => (words === null || !book ? words : book.hideInText(words))
  return {
    keys: identityKeys(item).map(({ kind, key }) => ({ kind, key: hashKey(salt, kind, key) })),
    title: text(item.title) ?? firstWords(text(item.descriptionHtml)) ?? 'Untitled',
    number: item.number,
    season: item.season,
    publishedAtMs: item.publishedAtMs,
    durationSeconds: item.durationSeconds,
    language: feed.language,
    guid: text(item.guid),
    link: url(item.link),
    mediaUrl: url(item.media?.url ?? null),
    mediaType: item.media?.type ?? null,
    mediaBytes: item.media?.bytes ?? null,
    imageUrl: url(item.imageUrl),
    episodeType: item.episodeType,
    explicit: item.explicit,
    transcripts: item.transcripts.map((ref) => ({ ...ref, url: url(ref.url) ?? '' })),
    chaptersUrl: url(item.chaptersUrl),
    chapters: item.chapters.map((chapter) => ({ ...chapter, title: text(chapter.title) ?? '', url: url(chapter.url) })),
    persons: item.persons.map((person) => ({ ...person, url: url(person.url) })),
    descriptionHtml: text(item.descriptionHtml),
  }
}

/** What an item without a title may be called. */
function firstWords(html: string | null): string | null {
  const words = plainLine(html?.slice(0, 2_000), 200)
  const beginning = words && cutGraphemes(words, 80)
  return beginning === words ? words : `${beginning?.replace(/\s+\S*$/, '')}…`
}

/** In a public feed a login inside an address is dropped: a database is no place for a password. */
export function hideUrl(address: string | null, book: SecretBook | null): string | null {
  if (address === null) return null
  if (book) return book.hideInUrl(address)
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#\s]*@(?=[^/?#]*)/i, '$1')
}
