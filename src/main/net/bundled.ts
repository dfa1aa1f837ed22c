import { createHash } from 'node:crypto'
import { lstat, readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { fail, ok, type Result } from '#shared/result.ts'
import type { HttpFailureCode, HttpRequest, HttpResponse } from '../ports.ts'
import { tooLarge } from './body.ts'

export interface BundledFiles {
  /** With its colon, e.g. `inkwell-sample:`. */
  readonly scheme: string
  /** Absolute; the files directly in it and in folders below it can be read. */
  readonly folder: string
}

const types: Record<string, string> = {
  '.xml': 'application/rss+xml; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.vtt': 'text/vtt; charset=utf-8',
  '.srt': 'application/x-subrip; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.svg': 'image/svg+xml',
  '.mp3': 'audio/mpeg',
}

/** Answers as a server would, from files that came with the app: `inkwell-sample:///feed.xml` is `feed.xml` in the folder. */
export async function readBundled(
  request: HttpRequest,
  files: BundledFiles,
): Promise<Result<HttpResponse, HttpFailureCode>> {
  const answer = (status: number, headers: Record<string, string>, body: Buffer) =>
    ok({ status, headers, body, url: request.url, hops: [] })
  const parts = request.url
    .slice(files.scheme.length)
    .replace(/[?#].*$/s, '')
    .replace(/^\/+/, '')
    .split('/')
  // A plain list of what names may hold: no encoding, no dots alone, no separators of any platform.
  if (!parts.every((part) => /^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/.test(part)))
    return fail('address-refused', 'This address leads out of the files that came with Inkwell. Nothing was read.')
  const path = join(files.folder, ...parts)
  try {
    const folder = await realpath(files.folder)
    if (!(await realpath(path)).startsWith(folder + sep) || !(await lstat(path)).isFile())
      return fail('address-refused', 'This address leads out of the files that came with Inkwell. Nothing was read.')
    const body = await readFile(path)
    if (body.length > request.maxBytes) return tooLarge('Inkwell', request.maxBytes)
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`
    const known = Object.entries(request.headers ?? {}).find(([name]) => name.toLowerCase() === 'if-none-match')?.[1]
    if (known === etag) return answer(304, { etag }, Buffer.alloc(0))
    const type = types[extname(path).toLowerCase()] ?? 'application/octet-stream'
    return answer(200, { etag, 'content-type': type, 'content-length': String(body.length) }, body)
  } catch {
    return answer(404, {}, Buffer.alloc(0))
  }
}
