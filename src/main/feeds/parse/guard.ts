import { fail, ok, type Result } from '#shared/result.ts'
import { describeNotAFeed, type NotAFeed, readPage } from './pages.ts'

export type Shape =
  | { readonly kind: 'xml' /** Index of the root's `<`. */; readonly start: number; readonly junkBefore: boolean }
  | { readonly kind: 'json'; readonly text: string }

const root = /<(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|rdf|channel)(?=[\s>/])/i
const page = /<(?:html|head|body)\b/i
const pageDoctype = /<!doctype\s+html/i
const doctype = /<!DOCTYPE\b/i

const signatures: readonly [RegExp, NotAFeed['kind']][] = [
  [/^(?:ID3|OggS|fLaC|RIFF|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]|.{4}ftyp)/s, 'recording'],
  [/^(?:\x89PNG|\xff\xd8\xff|GIF8|%PDF|PK\x03\x04|MZ|\x7fELF)/s, 'file'],
]

/** What the first bytes say, before anybody tries to read them as text. */
export function sniffBytes(bytes: Uint8Array): NotAFeed['kind'] | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(16, bytes.length)).toString('latin1')
  return signatures.find(([signature]) => signature.test(head))?.[1] ?? null
}

export const notAFeed = (page: NotAFeed) =>
  fail('not-a-feed', describeNotAFeed(page), {
    retryable: page.kind === 'challenge',
    details: { kind: page.kind, candidates: page.candidates.map(({ url, title }) => ({ url, title })) },
  })

/**
 * A document type may be named (`<!DOCTYPE rss PUBLIC …>`), never declared: internal subsets are how entities are made
 * to explode or to name files.
 */
function hasInternalSubset(prolog: string): boolean {
  const start = prolog.search(doctype)
  if (start < 0) return false
  const declaration = /^<!DOCTYPE(?:[^[>"']|"[^"]*"|'[^']*')*(.?)/is.exec(prolog.slice(start))
  return declaration?.[1] !== '>'
}

function blankComments(text: string): string {
  let blanked = ''
  let at = 0
  for (let start = text.indexOf('<!--'); start >= 0; start = text.indexOf('<!--', at)) {
    const end = text.indexOf('-->', start + 4)
    // One that never ends would be looked for again and again.
    if (end < 0) break
    blanked += text.slice(at, start) + ' '.repeat(end + 3 - start)
    at = end + 3
  }
  return blanked + text.slice(at)
}

/** Finds the feed in what was sent, or says what was sent instead. */
export function findFeed(text: string, url: string | null): Result<Shape, 'not-a-feed' | 'refused'> {
  // Comments speak of elements that are not there; blanks keep the places of what is.
  const head = blankComments(text.slice(0, 200_000))
  const first = head.trimStart()
  if (first.startsWith('{') || first.startsWith('[')) return ok({ kind: 'json', text: text.trim() })
  const rootAt = head.search(root)
  // The document type says little: some feeds are sent with the one of a page.
  const pageAt = head.search(rootAt < 0 && pageDoctype.test(head) ? pageDoctype : page)
  // A page that is closed before the feed begins is an error message of the server's script.
  const isPage =
    pageAt >= 0 && (rootAt < 0 || (pageAt < rootAt && !/<\/(?:html|body)\s*>/i.test(head.slice(pageAt, rootAt))))
  if (!isPage && hasInternalSubset(rootAt < 0 ? text : text.slice(0, rootAt)))
    return fail(
      'refused',
      'The feed declares a document type of its own, which can hide attacks: document type not allowed. It was not read, and what was there before is kept.',
    )
  if (isPage || rootAt < 0) return notAFeed(readPage(text, url))
  const before = head.slice(0, rootAt).replace(/^(?:<\?[^>]*>|<![^>]*>|\s)*/, '')
  return ok({ kind: 'xml', start: rootAt, junkBefore: before.trim() !== '' })
}
