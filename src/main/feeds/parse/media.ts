import { absoluteUrl } from './addresses.ts'
import type { RawEnclosure } from './raw.ts'
import type { ParsedMedia } from './types.ts'

const typeByExtension: Record<string, string> = {
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  m4b: 'audio/mp4',
  aac: 'audio/aac',
  ogg: 'audio/ogg',
  oga: 'audio/ogg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  wma: 'audio/x-ms-wma',
  aif: 'audio/aiff',
  aiff: 'audio/aiff',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  mkv: 'video/x-matroska',
  avi: 'video/avi',
  mpg: 'video/mpeg',
  mpeg: 'video/mpeg',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  epub: 'application/epub+zip',
  zip: 'application/zip',
  txt: 'text/plain',
  html: 'text/html',
  htm: 'text/html',
  torrent: 'application/x-bittorrent',
  srt: 'application/x-subrip',
  vtt: 'text/vtt',
}

function extensionType(url: string): string | null {
  const extension = /\.([a-z0-9]{2,7})$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase()
  return extension !== undefined && Object.hasOwn(typeByExtension, extension) ? typeByExtension[extension]! : null
}

function typeOf(declared: string | undefined, url: string): string | null {
  const clean = declared?.split(';')[0]?.trim().toLowerCase() ?? ''
  const said = /^[\w.+-]+\/[\w.+*-]+$/.test(clean) ? clean : null
  const shown = extensionType(url)
  // A name that ends in .jpg is no recording whatever its type says, and the other way round.
  const specific = said !== null && !/octet-stream|^binary|^application\/(?:force-)?download|^image\/\*/.test(said)
  if (!specific) return shown ?? (said?.startsWith('image/') ? said : null)
  return shown !== null && shown.split('/')[0] !== said.split('/')[0] && !said.startsWith('application/') ? shown : said
}

/** Lower is better; null for what nobody can listen to. */
function rank(type: string | null, alternate: boolean): number | null {
  const step = alternate ? 1 : 0
  if (type === null) return 4 + step
  if (type.startsWith('audio/') || type === 'application/ogg') return 0 + step
  if (type.startsWith('video/')) return 2 + step
  return /mpegurl|octet-stream/.test(type) ? 6 : null
}

/** The best of an item's files: recordings before films before what does not say; pictures and papers are none. */
export function chooseMedia(enclosures: readonly RawEnclosure[], base: string | null): ParsedMedia | null {
  let best: { media: ParsedMedia; rank: number } | null = null
  for (const { url: given, type: declared, length, alternate } of enclosures) {
    const url = absoluteUrl(given, base)
    if (url === null) continue
    const type = typeOf(declared, url)
    const place = rank(type, alternate ?? false)
    if (place === null || (best !== null && best.rank <= place)) continue
    const bytes = length !== undefined && Number.isSafeInteger(length) && length > 0 ? length : null
    best = { media: { url, type, bytes }, rank: place }
  }
  return best?.media ?? null
}
