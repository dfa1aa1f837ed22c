import { Parser } from 'htmlparser2'
import { fail, ok, type Result } from '#shared/result.ts'

export interface OpmlOutline {
  /** From 1. */
  readonly line: number
  readonly title: string | null
  /** As it stands in the file. */
  readonly url: string
  /** Names of the folders around it, or its own `category`. */
  readonly category: string | null
  /** `include`: another list. */
  readonly type: string | null
}
export interface OpmlDocument {
  readonly outlines: readonly OpmlOutline[]
  /** More than the limit, not read. */
  readonly leftOut: number
}
export type OpmlFailure = 'not-opml' | 'too-large'

const maxBytes = 5_000_000
const maxOutlines = 5_000
/** Folders below that count as the last one. */
const maxDepth = 20

/** Bytes of a subscription list as text: by its byte order mark, else by its XML declaration, else UTF-8. */
export function decodeOpml(bytes: Buffer): string {
  const mark =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null
  const declared = /^\s*<\?xml[^>]+encoding\s*=\s*["']([\w-]{2,30})["']/i.exec(
    bytes.subarray(0, 300).toString('latin1'),
  )?.[1]
  for (const label of [mark, declared, 'utf-8']) {
    if (!label) continue
    try {
      return new TextDecoder(label).decode(bytes)
    } catch {
      // A label nobody knows.
    }
  }
  return bytes.toString('utf8')
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
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        if (name === 'opml') looksRight = true
        if (name !== 'outline') return
        looksRight = true
        const url = attributes.xmlurl || attributes.url || ''
        const title = tidy(attributes.title) ?? tidy(attributes.text)
        const isFeed = url.trim() !== '' || attributes.type === 'include'
        if (isFeed && outlines.length >= maxOutlines) leftOut += 1
        else if (isFeed)
          outlines.push({
            line: lines(parser.startIndex),
            title,
            url: url.trim(),
            category: categoryOf(folders) ?? tidy(attributes.category?.split(',')[0]?.replace(/^\/+/, '')),
            type: attributes.type?.toLowerCase() ?? null,
          })
        folders.push(isFeed ? null : (tidy(attributes.text) ?? title))
      },
      onclosetag: (name) => {
        if (name === 'outline') folders.pop()
      },
    },
    { xmlMode: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  )
  parser.end(content.replace(/^\ufeff/, ''))
  if (!looksRight)
    return fail(
      'not-opml',
      'This is not a list of feeds (OPML). Export one from your podcast app and choose that file. Nothing was added.',
    )
  return ok({ outlines, leftOut })
}

function categoryOf(folders: readonly (string | null)[]): string | null {
  const names = folders.slice(0, maxDepth).filter((name) => name !== null)
  return names.length === 0 ? null : names.join('/').slice(0, 200)
}

const tidy = (text: string | undefined): string | null => {
  const clean = text
    ?.replace(/[\u0000-\u001f\u007f\s]+/g, ' ')
    .trim()
    .slice(0, 500)
  return clean ? clean : null
}

/** Line of an offset; offsets must not fall. */
function lineCounter(content: string): (offset: number) => number {
  let line = 1
  let position = 0
  return (offset) => {
    for (
      let next = content.indexOf('\n', position);
      next !== -1 && next < offset;
      next = content.indexOf('\n', position)
    ) {
      line += 1
      position = next + 1
    }
    return line
  }
}
