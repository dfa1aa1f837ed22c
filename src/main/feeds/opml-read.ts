import { Parser } from 'htmlparser2'
import { fail, ok, type Result } from '#shared/result.ts'
import { readInPieces } from '../net/in-pieces.ts'
import { decodeText } from './parse/decode.ts'
import { decodeEntities } from './parse/html-text.ts'

export interface OpmlOutline {
  /** From 1. */
  readonly line: number
  readonly title: string | null
  /** As it stands in the file; empty when it names a feed without saying where. */
  readonly url: string
  /** Names of the folders around it, or its own `category`. */
  readonly category: string | null
  /** `include`: another list. `link`: a page or a list. */
  readonly type: string | null
}
export interface OpmlDocument {
  readonly outlines: readonly OpmlOutline[]
  /** More than the limit, not read. */
  readonly leftOut: number
  /** Nested deeper than anybody writes; what comes after the last outline was not read. */
  readonly tooDeep: boolean
}
export type OpmlFailure = 'not-opml' | 'too-large'

const maxBytes = 5_000_000
const maxOutlines = 5_000
/** Folders below that count as the last one. */
const maxDepth = 20
/** Folders inside each other. A list that has more is not read on. */
const maxFolders = 12_000
/** Folders that podcast apps put around everything. */
const wholeList = /^(?:feeds|subscriptions)$/i
/** Outlines whose `url` is a feed or a list; that of a `podcast-episode` is a page. */
const hasUrl = /^(?:rss|atom|pie|feed|podcast|include|link|)$/
/** Outlines that are feeds, though they may not say where. */
const isFeedType = /^(?:rss|atom|pie)$/

/** Bytes of a subscription list as text: by what they are, then by what the file says. */
export function decodeOpml(bytes: Buffer): string {
  return decodeText(bytes, null)
}

/** Every outline with an address, in the order of the file, however broken the file is. */
export function readOpml(content: string): Result<OpmlDocument, OpmlFailure> {
  if (Buffer.byteLength(content) > maxBytes)
    return fail('too-large', 'This file is larger than 5 MB, which no list of feeds is. Nothing was added.')
  const outlines: OpmlOutline[] = []
  const folders: (string | null)[] = []
  const lines = lineCounter(content)
  let leftOut = 0
  let looksRight = false
  let nesting = 0
  let readFrom = 0
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        nesting += 1
        if (name === 'opml') looksRight = true
        if (name !== 'outline') return
        looksRight = true
        const type = attributes.type?.trim().toLowerCase() ?? ''
        const url = (attributes.xmlurl || (hasUrl.test(type) ? attributes.url : '') || '').trim()
        const title = (): string | null => tidy(attributes.title) ?? tidy(attributes.text)
        const isFeed = url !== '' || type === 'include' || (isFeedType.test(type) && Boolean(attributes.htmlurl))
        if (isFeed && outlines.length >= maxOutlines) leftOut += 1
        else if (isFeed)
          outlines.push({
            line: lines(readFrom + parser.startIndex),
            title: title(),
            url,
            category: categoryOf(folders) ?? ownCategory(attributes.category),
            type: type || null,
          })
        folders.push(isFeed ? null : (tidy(attributes.text) ?? title()))
      },
      onclosetag: (name) => {
        nesting -= 1
        if (name === 'outline') folders.pop()
      },
    },
    { xmlMode: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  )
  const forget = (at: number): boolean => {
    nesting = 0
    readFrom = at
    return folders.length <= maxFolders
  }
  readInPieces(parser, content.replace(/^\ufeff/, ''), () => nesting, forget)
  if (!looksRight)
    return fail(
      'not-opml',
      'This is not a list of feeds (OPML). Export one from your podcast app and choose that file. Nothing was added.',
    )
  return ok({ outlines, leftOut, tooDeep: folders.length > maxFolders })
}

function categoryOf(folders: readonly (string | null)[]): string | null {
  const [outer, ...inner] = folders.slice(0, maxDepth)
  const names = [outer && wholeList.test(outer) ? null : outer, ...inner].filter((name) => name != null)
  return names.length === 0 ? null : names.join('/').slice(0, 200)
}

/** The first of `/News/Local,Other`. */
const ownCategory = (text: string | undefined): string | null =>
  text?.split(',').reduce<string | null>((found, name) => found ?? tidy(name.trim().replace(/^\/+/, '')), null) ?? null

const tidy = (text: string | undefined): string | null => {
  // XML knows five entities; lists are written as if it knew HTML's.
  const clean = decodeEntities(text ?? '')
    .replace(/[\u0000-\u001f\u007f\s]+/g, ' ')
    .trim()
    .slice(0, 500)
  return clean ? clean : null
}

/** Line of an offset; offsets must not fall. */
function lineCounter(content: string): (offset: number) => number {
  const after = (position: number): number => {
    const found = content.indexOf('\n', position)
    return found === -1 ? content.length : found
  }
  let line = 1
  let next = after(0)
  return (offset) => {
    for (; next < offset; next = after(next + 1)) line += 1
    return line
  }
}
