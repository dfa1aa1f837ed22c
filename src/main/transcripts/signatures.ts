/** What a file is by its first bytes, when that is certain. */
export interface Signature {
  readonly family: 'audio' | 'video' | 'document' | 'archive' | 'image' | 'program' | 'database' | 'playlist'
  /** For a sentence: "an MP3 recording". */
  readonly name: string
  readonly extension: string
  readonly mime: string
}

const signature = (family: Signature['family'], name: string, extension: string, mime: string): Signature => ({
  family,
  name,
  extension,
  mime,
})

const ascii = (bytes: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(from, from + length))

function isoMedia(bytes: Uint8Array): Signature {
  const brand = ascii(bytes, 8, 4)
  if (/^(heic|heix|mif1|avif)/.test(brand)) return signature('image', 'an image', 'heic', 'image/heic')
  if (/^(M4A|M4B|M4P)/.test(brand)) return signature('audio', 'an M4A recording', 'm4a', 'audio/mp4')
  if (brand === 'qt  ') return signature('video', 'a QuickTime video', 'mov', 'video/quicktime')
  return signature('video', 'an MP4 video', 'mp4', 'video/mp4')
}

function ogg(bytes: Uint8Array): Signature {
  const head = ascii(bytes, 0, Math.min(bytes.length, 512))
  if (head.includes('OpusHead')) return signature('audio', 'an Opus recording', 'opus', 'audio/ogg')
  if (head.includes('theora')) return signature('video', 'an Ogg video', 'ogv', 'video/ogg')
  return signature('audio', 'an Ogg recording', 'ogg', 'audio/ogg')
}

const matroska = (bytes: Uint8Array): Signature =>
  ascii(bytes, 0, Math.min(bytes.length, 128)).includes('webm')
    ? signature('video', 'a WebM recording', 'webm', 'video/webm')
    : signature('video', 'a Matroska recording', 'mkv', 'video/x-matroska')

const mpegFrameBytes = (bytes: Uint8Array, at: number): number => {
  const bitrates = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
  const lowBitrates = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
  const version = (bytes[at + 1]! >> 3) & 3
  const layer = (bytes[at + 1]! >> 1) & 3
  const bitrate = (version === 3 ? bitrates : lowBitrates)[bytes[at + 2]! >> 4]
  const rate = [44_100, 48_000, 32_000][(bytes[at + 2]! >> 2) & 3]
  if (bytes[at] !== 0xff || (bytes[at + 1]! & 0xe0) !== 0xe0 || version === 1 || layer !== 1 || !bitrate || !rate)
    return 0
  const divided = version === 3 ? rate : version === 2 ? rate / 2 : rate / 4
  return Math.floor(((version === 3 ? 144 : 72) * bitrate * 1000) / divided) + ((bytes[at + 2]! >> 1) & 1)
}

/** Two frames in a row: one sync word alone is found in any noise. */
function isMp3(bytes: Uint8Array): boolean {
  for (let at = 0; at < Math.min(bytes.length - 4, 4096); at++) {
    const size = mpegFrameBytes(bytes, at)
    if (size > 0 && at + size + 3 < bytes.length && mpegFrameBytes(bytes, at + size) > 0) return true
  }
  return false
}

/** @param bytes the first 64 kB of a file, or all of a small one */
export function sniffSignature(bytes: Uint8Array): Signature | null {
  if (bytes.length < 4) return null
  const four = ascii(bytes, 0, 4)
  const head = ascii(bytes, 0, Math.min(bytes.length, 64))
  if (four === 'PK\u0003\u0004')
    return signature('archive', 'a zip archive or an office document', 'zip', 'application/zip')
  if (four === '%PDF') return signature('document', 'a PDF', 'pdf', 'application/pdf')
  if (four === '{\\rt') return signature('document', 'a rich text document', 'rtf', 'application/rtf')
  if (head.startsWith('\u00d0\u00cf\u0011\u00e0'))
    return signature('document', 'an old office document', 'doc', 'application/msword')
  if (four === '\u007fELF' || /^MZ[^\n\r]{0,30}\u0000/s.test(head) || /^(\xcf\xfa\xed\xfe|\xca\xfe\xba\xbe)/.test(four))
    return signature('program', 'a program', 'bin', 'application/octet-stream')
  if (
    head.startsWith('\u001f\u008b') ||
    four.startsWith('BZh') ||
    head.startsWith('7z\u00bc\u00af') ||
    head.startsWith('Rar!')
  )
    return signature('archive', 'an archive', 'bin', 'application/octet-stream')
  if (head.startsWith('SQLite format 3')) return signature('database', 'a database', 'db', 'application/vnd.sqlite3')
  if (head.startsWith('\u0089PNG')) return signature('image', 'a PNG image', 'png', 'image/png')
  if (head.startsWith('\u00ff\u00d8\u00ff')) return signature('image', 'a JPEG image', 'jpg', 'image/jpeg')
  if (four === 'GIF8') return signature('image', 'a GIF image', 'gif', 'image/gif')
  if (four === 'RIFF' && ascii(bytes, 8, 4) === 'WEBP') return signature('image', 'a WebP image', 'webp', 'image/webp')
  if (/^#EXTM3U|^\[playlist\]|^ffconcat version/i.test(head))
    return signature('playlist', 'a playlist', 'm3u', 'audio/x-mpegurl')
  if (head.startsWith('ID3')) return signature('audio', 'an MP3 recording', 'mp3', 'audio/mpeg')
  if (ascii(bytes, 4, 4) === 'ftyp') return isoMedia(bytes)
  if (four === 'OggS') return ogg(bytes)
  if (four === 'fLaC') return signature('audio', 'a FLAC recording', 'flac', 'audio/flac')
  if (/^(RIFF|RF64)/.test(four))
    return ascii(bytes, 8, 4) === 'WAVE'
      ? signature('audio', 'a WAV recording', 'wav', 'audio/wav')
      : ascii(bytes, 8, 4) === 'AVI '
        ? signature('video', 'an AVI video', 'avi', 'video/x-msvideo')
        : null
  if (four === 'FORM' && /^AIF[FC]/.test(ascii(bytes, 8, 4)))
    return signature('audio', 'an AIFF recording', 'aiff', 'audio/aiff')
  if (four === 'caff') return signature('audio', 'a Core Audio recording', 'caf', 'audio/x-caf')
  if (four === '#!AM') return signature('audio', 'an AMR recording', 'amr', 'audio/amr')
  if (head.startsWith('\u001aE\u00df\u00a3')) return matroska(bytes)
  if (head.startsWith('0&\u00b2u\u008ef\u00cf\u0011'))
    return signature('audio', 'a Windows Media recording', 'wma', 'audio/x-ms-wma')
  if (bytes[0] === 0xff && (bytes[1]! & 0xf6) === 0xf0)
    return signature('audio', 'an AAC recording', 'aac', 'audio/aac')
  return isMp3(bytes) ? signature('audio', 'an MP3 recording', 'mp3', 'audio/mpeg') : null
}
