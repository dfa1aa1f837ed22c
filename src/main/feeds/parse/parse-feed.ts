import { ParseError } from 'feedsmith'
import { fail, ok, type Result } from '#shared/result.ts'
import { dropControls } from './characters.ts'
import { decodeText, unpack } from './decode.ts'
import { findFeed, notAFeed, sniffBytes } from './guard.ts'
import { createMends } from './mends.ts'
import { emptyFeed, normaliseFeed } from './normalise.ts'
import { readPage } from './pages.ts'
import { readAtom } from './read-atom.ts'
import { readJson } from './read-json.ts'
import { readRss } from './read-rss.ts'
import { repairXml } from './repair.ts'
import { limits, type ParsedFeed, type ParseFailureCode, type ParseOptions, type ParseResult } from './types.ts'

/**
 * Reads a feed of any kind from the bytes a server sent: decode → guard → repair and salvage → feedsmith → normalise.
 * Pure and synchronous; run it in the feed-parser worker, since a hostile feed may take long.
 */
export function parseFeed(bytes: Uint8Array, options: ParseOptions): ParseResult {
  const unpacked = unpack(bytes)
  if (!unpacked.ok) return unpacked
  const file = sniffBytes(unpacked.value)
  if (file !== null) return notAFeed({ kind: file, candidates: [] })
  const mends = createMends()
  const decoded = decodeText(unpacked.value, options.contentType)
  const text = dropControls(decoded, (at) => mends.note(at))
  if (text.trim() === '')
    return fail('empty-body', 'The server sent nothing. What was there before is kept.', { retryable: true })
  const shape = findFeed(text, options.url)
  if (!shape.ok) return shape
  const nowMs = options.nowMs ?? Date.now()
  if (shape.value.kind === 'json') return parseJson(shape.value.text, options.url, nowMs)

  const repaired = repairXml(text, shape.value.start, mends)
  if (!repaired.ok) return repaired
  const { xml, kind, cut, droppedItem, items, itemsFound } = repaired.value
  if (cut && items === 0) return broken('The feed breaks off before its first episode ends.')
  const mended = mends.describe(text)
  const warnings = [
    shape.value.junkBefore ? 'Passed over text before the beginning of the feed.' : null,
    mended,
    droppedItem ? 'The feed breaks off inside an episode; that one is left out until it is whole.' : null,
    cut && !droppedItem ? 'The end of the feed is missing.' : null,
    tooMany(itemsFound),
  ].filter((warning) => warning !== null)
  const reading = {
    warnings,
    mended: mended !== null || cut || shape.value.junkBefore,
    // A mend may have swallowed items: an unclosed element ends where the next one of its name does.
    partial: cut || itemsFound > limits.items || (mended !== null && countItemTags(text, kind) > itemsFound),
  }
  try {
    const raw = kind === 'atom' ? readAtom(xml) : readRss(xml)
    const feed = normaliseFeed(raw, options.url, nowMs)
    return ok({ ...feed, ...reading })
  } catch (error) {
    // feedsmith calls a feed without any element it knows no feed; here it is one, only empty.
    if (error instanceof ParseError && !cut) return ok({ ...normaliseFeed(emptyFeed, options.url, nowMs), ...reading })
    return broken('The feed is damaged in a way that cannot be mended.')
  }
}

const broken = (what: string) => fail('broken', `${what} What was there before is kept.`, { retryable: true })

const countItemTags = (text: string, kind: 'rss' | 'atom'): number =>
  text.match(kind === 'atom' ? /<(?:[\w.-]+:)?entry[\s>]/gi : /<(?:[\w.-]+:)?item[\s>]/gi)?.length ?? 0

const tooMany = (itemsFound: number): string | null =>
  itemsFound > limits.items
    ? `Read the first ${limits.items.toLocaleString('en')} of ${itemsFound.toLocaleString('en')} episodes.`
    : null

function parseJson(text: string, url: string | null, nowMs: number): Result<ParsedFeed, ParseFailureCode> {
  const json = readJson(text)
  if (json === null) {
    // A JSON Feed that was cut cannot be told from other JSON but by what it says of itself.
    return text.slice(0, 2_000).includes('jsonfeed.org/version/')
      ? broken('The feed (JSON) is damaged.')
      : notAFeed(readPage(text, url))
  }
  const warning = tooMany(json.itemsFound)
  const feed = normaliseFeed(json.feed, url, nowMs)
  return ok({ ...feed, warnings: warning === null ? [] : [warning], mended: false, partial: warning !== null })
}
