import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../log.ts'
import type { DownloadRequest } from '../ports.ts'
import { cutWhenWritten, type Loopback, serveHttp } from './fixtures/loopback-server.ts'
import { createHttp } from './http.ts'

const whole = randomBytes(300_000)
let folder: string
let server: Loopback
let handle: (request: IncomingMessage, response: ServerResponse) => void
let http: ReturnType<typeof createHttp>

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-download-'))
  http = createHttp({ log: silentLog, clock: { now: () => Date.now() }, limits: { idleMs: 1_000 } })
  server = await serveHttp((request, response) => handle(request, response))
})
afterEach(async () => {
  await http.close()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const into = (): string => join(folder, 'file.part')
const ask = (more: Partial<DownloadRequest> = {}) =>
  http.download({
    url: `http://${server.host}/file`,
    into: into(),
    maxBytes: 1_000_000,
    allowLocalHosts: [server.host],
    ...more,
  })

interface Version {
  readonly bytes: Buffer
  readonly headers: Record<string, string>
  /** Bytes after which the line is cut; all of them by default. */
  readonly cutAt?: number
}
/** A server that knows ranges, as RFC 9110 14 wants it. */
const serve = ({ bytes, headers, cutAt }: Version, request: IncomingMessage, response: ServerResponse): void => {
  const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')
  const matches = [headers.etag, headers['last-modified']].includes(String(request.headers['if-range']))
  const from = range && matches ? Number(range[1]) : 0
  const part = bytes.subarray(from)
  response.writeHead(from > 0 ? 206 : 200, {
    ...headers,
    'content-length': String(part.length),
    ...(from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
  })
  if (cutAt === undefined) response.end(part)
  else {
    response.write(part.subarray(0, cutAt))
    cutWhenWritten(response, into(), from + cutAt)
  }
}

describe('a download that breaks', () => {
  it.each([
    ['a strong ETag', { etag: '"one"' }],
    ['a date', { 'last-modified': 'Mon, 02 Nov 2026 10:00:00 GMT' }],
  ])('goes on where it was, by %s', async (_, headers) => {
    let asked = 0
    handle = (request, response) =>
      serve({ bytes: whole, headers, ...(asked++ === 0 ? { cutAt: 200_000 } : {}) }, request, response)
    expect(await ask()).toMatchObject({ ok: false, error: { code: 'short-body', retryable: true } })
    expect(await ask()).toMatchObject({ ok: true, value: { bytes: whole.length } })
    expect(server.seen[1]!.headers.range).toBe('bytes=200000-')
    expect(readFileSync(into()).equals(whole)).toBe(true)
    expect(existsSync(`${into()}.json`)).toBe(false)
  })

  it('begins anew when the server has another version, and never mixes the two', async () => {
    const other = randomBytes(280_000)
    let asked = 0
    handle = (request, response) =>
      asked++ === 0
        ? serve({ bytes: whole, headers: { etag: '"one"' }, cutAt: 200_000 }, request, response)
        : serve({ bytes: other, headers: { etag: '"two"' } }, request, response)
    await ask()
    expect(await ask()).toMatchObject({ ok: true })
    expect(readFileSync(into()).equals(other)).toBe(true)
  })

  it.each([
    ['ignores If-Range', { etag: '"two"' }],
    ['ignores If-Range and names no version', {}],
  ])('begins anew when a server %s and the length differs', async (_, headers) => {
    const other = randomBytes(280_000)
    let asked = 0
    handle = (request, response) => {
      if (asked++ === 0) return serve({ bytes: whole, headers: { etag: '"one"' }, cutAt: 200_000 }, request, response)
      const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0)
      response.writeHead(from > 0 ? 206 : 200, {
        ...headers,
        'content-length': String(other.length - from),
        'content-range': `bytes ${from}-${other.length - 1}/${other.length}`,
      })
      response.end(other.subarray(from))
    }
    await ask()
    expect(await ask()).toMatchObject({ ok: true })
    expect(readFileSync(into()).equals(other)).toBe(true)
  })

  it('begins anew after 416', async () => {
    let asked = 0
    handle = (request, response) => {
      asked += 1
      if (request.headers.range) return void response.writeHead(416, { 'content-range': 'bytes */10' }).end()
      serve({ bytes: whole, headers: { etag: '"one"' }, ...(asked === 1 ? { cutAt: 9_000 } : {}) }, request, response)
    }
    await ask()
    expect(await ask()).toMatchObject({ ok: true })
    expect(asked).toBe(3)
    expect(readFileSync(into()).equals(whole)).toBe(true)
  })

  it('does not go on without a validator, with a weak one, or for another address', async () => {
    handle = (request, response) =>
      serve({ bytes: whole, headers: { etag: 'W/"one"' }, cutAt: 100_000 }, request, response)
    await ask()
    await ask()
    expect(server.seen.map(({ headers }) => headers.range)).toEqual([undefined, undefined])
    handle = (request, response) =>
      serve({ bytes: whole, headers: { etag: '"one"' }, cutAt: 100_000 }, request, response)
    await ask()
    await ask({ url: `http://${server.host}/other` })
    expect(server.seen.at(-1)!.headers.range).toBeUndefined()
  })

  it('does not trust bytes behind those that were flushed', async () => {
    handle = (request, response) =>
      serve({ bytes: whole, headers: { etag: '"one"' }, cutAt: 100_000 }, request, response)
    await ask()
    // As a power cut may leave it: the length is there, the bytes are not.
    writeFileSync(into(), Buffer.concat([readFileSync(into()), Buffer.alloc(50_000)]))
    handle = (request, response) => serve({ bytes: whole, headers: { etag: '"one"' } }, request, response)
    expect(await ask()).toMatchObject({ ok: true })
    expect(server.seen.at(-1)!.headers.range).toBe('bytes=100000-')
    expect(readFileSync(into()).equals(whole)).toBe(true)
  })
})

describe('a download that is refused', () => {
  it('says the status', async () => {
    handle = (_, response) => void response.writeHead(404).end('gone')
    expect(await ask()).toMatchObject({
      ok: false,
      error: { code: 'status', details: { status: 404 }, retryable: false },
    })
    expect(existsSync(into())).toBe(false)
  })

  it('stops at the limit, declared or not', async () => {
    handle = (request, response) => serve({ bytes: whole, headers: {} }, request, response)
    expect(await ask({ maxBytes: 1_000 })).toMatchObject({ ok: false, error: { code: 'too-large' } })
    handle = (_, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write(randomBytes(50_000)), 5)
      response.on('close', () => clearInterval(timer))
    }
    expect(await ask({ maxBytes: 400_000 })).toMatchObject({ ok: false, error: { code: 'too-large' } })
  })

  it('asks for room before the first byte', async () => {
    handle = (request, response) => serve({ bytes: whole, headers: {} }, request, response)
    const answer = await ask({ roomFor: async (bytes) => (bytes > 1_000 ? 'There is no room.' : null) })
    expect(answer).toMatchObject({ ok: false, error: { code: 'no-room', message: 'There is no room.' } })
    expect(existsSync(into())).toBe(false)
  })

  it('refuses addresses of this computer that nobody allowed, also behind a redirect', async () => {
    handle = (_, response) => void response.writeHead(302, { location: 'http://127.0.0.2/secret' }).end()
    expect(await ask({ allowLocalHosts: [] })).toMatchObject({ ok: false, error: { code: 'address-refused' } })
    expect(await ask()).toMatchObject({ ok: false, error: { code: 'redirect-refused' } })
  })

  it('stops when asked to, keeps what came, and goes on', async () => {
    const stop = new AbortController()
    handle = (_, response) => {
      response.writeHead(200, { etag: '"one"', 'content-length': String(whole.length) })
      response.write(whole.subarray(0, 100_000))
    }
    const stopped = ask({ signal: stop.signal, onProgress: (bytes) => bytes >= 100_000 && stop.abort() })
    expect(await stopped).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    handle = (request, response) => serve({ bytes: whole, headers: { etag: '"one"' } }, request, response)
    expect(await ask()).toMatchObject({ ok: true })
    expect(server.seen.at(-1)!.headers.range).toBe('bytes=100000-')
  })

  it('gives up on a server that falls silent', async () => {
    handle = (_, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('x')
    }
    expect(await ask()).toMatchObject({ ok: false, error: { code: 'timed-out', retryable: true } })
  })
})
