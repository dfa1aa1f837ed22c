import { rm, stat } from 'node:fs/promises'
import type { Dispatcher } from 'undici'
import { fail, ok, type Result } from '#shared/result.ts'
import { redactText } from '../logs/redact.ts'
import type { Downloaded, Downloader, DownloadFailureCode, DownloadRequest, Log } from '../ports.ts'
import { errorCode, fullCodes } from '../storage/write-file.ts'
import type { Agents, Limits } from './agents.ts'
import { shortBody, tooLarge } from './body.ts'
import { describeFailure } from './failures.ts'
import { discard, follow } from './follow.ts'
import { requestHeaders, responseHeaders } from './headers.ts'
import {
  discardPartial,
  noteOf,
  openPartial,
  type PartialFile,
  type PartialNote,
  readNote,
  urlHash,
  validatorOf,
} from './partial-file.ts'
import { checkTarget } from './target.ts'

type Answer = Result<Downloaded, DownloadFailureCode>
interface Deps {
  readonly log: Log
  readonly agents: Agents
  readonly limits: Limits
  readonly userAgent: string
}

/** A server that sends less in a minute holds the connection and gives nothing. */
const slowestBytesPerMinute = 30_000
const minuteMs = 60_000
/** How often room is asked for where the size is not known. */
const lookEveryBytes = 64 * 1_048_576
const kept = 'What came so far is kept.'

/** See `Downloader`. */
export function createDownload(deps: Deps): Downloader['download'] {
  return async (request) => {
    const startedAt = performance.now()
    // Twice: when a resumed download turns out to be of another version it begins anew, once.
    let answer = await attempt(deps, request)
    if (!answer.ok && answer.error.details === 'begin-anew') {
      await discardPartial(request.into)
      answer = await attempt(deps, request)
    }
    const fields = { host: hostOf(request.url), durationMs: Math.round(performance.now() - startedAt) }
    if (answer.ok) deps.log.info('http.download', { ...fields, bytes: answer.value.bytes })
    else deps.log.warn('http.download failed', { ...fields, code: answer.error.code, message: answer.error.message })
    return answer
  }
}

async function attempt({ agents, limits, userAgent }: Deps, request: DownloadRequest): Promise<Answer> {
  const cancelled = (): Answer => fail('cancelled', `Stopped. ${kept}`)
  if (request.signal?.aborted) return cancelled()
  const target = checkTarget(request.url, request.allowLocalHosts ?? [])
  if (!target.ok) return target
  const hash = urlHash(request.url)
  const note = await readNote(request.into, hash)
  const partial = note && (await sizeOf(request.into)) >= note.durableBytes ? note : null
  const headers = requestHeaders(
    {
      accept: '*/*',
      // A packed answer has no byte ranges of the file.
      'accept-encoding': 'identity',
      ...request.headers,
      ...(partial ? { range: `bytes=${partial.durableBytes}-`, 'if-range': validatorOf(partial)! } : {}),
    },
    request.authorization,
    userAgent,
  )
  if (!headers.ok) return headers
  const stalled = new AbortController()
  const signal = request.signal ? AbortSignal.any([request.signal, stalled.signal]) : stalled.signal
  try {
    return await follow(
      { request, target: target.value, headers: headers.value, signal, limits, agents },
      (response, url) => receive(response, url, request, { partial, hash, signal, stalled }),
    )
  } catch (error) {
    if (request.signal?.aborted) return cancelled()
    if (stalled.signal.aborted)
      return fail('timed-out', `${target.value.url.host} sends almost nothing any more. ${kept}`, { retryable: true })
    if (signal.aborted) return cancelled()
    return writeFailure(error)
  }
}

async function receive(
  response: Dispatcher.ResponseData,
  url: URL,
  request: DownloadRequest,
  at: { partial: PartialNote | null; hash: string; signal: AbortSignal; stalled: AbortController },
): Promise<Answer> {
  const headers = responseHeaders(response.headers)
  const { statusCode: status } = response
  const again = (): Answer => {
    discard(response)
    return fail('short-body', `${url.host} has another version now. ${kept}`, {
      retryable: true,
      details: 'begin-anew',
    })
  }
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers['content-range'] ?? '')
  if (at.partial && status === 416) return again()
  if (status === 206) {
    if (!at.partial || !range || Number(range[1]) !== at.partial.durableBytes) return again()
    if (at.partial.total !== null && range[3] !== '*' && Number(range[3]) !== at.partial.total) return again()
    // Servers that ignore If-Range: another version must not be joined to this one.
    if (at.partial.etag !== null && headers.etag !== undefined && headers.etag !== at.partial.etag) return again()
  } else if (status !== 200) {
    discard(response)
    return fail('status', `${url.host} answered ${status}. ${kept}`, {
      retryable: status >= 500 || status === 408 || status === 429,
      details: { status, ...(headers['retry-after'] ? { retryAfter: headers['retry-after'] } : {}) },
    })
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    discard(response)
    return fail('bad-encoding', `${url.host} packs its answer although it was asked not to. Nothing was kept of it.`)
  }
  const from = status === 206 ? at.partial!.durableBytes : 0
  const declared = /^\d+$/.test(headers['content-length'] ?? '') ? Number(headers['content-length']) : null
  const total = declared === null ? (range && range[3] !== '*' ? Number(range[3]) : null) : from + declared
  if (total !== null && total > request.maxBytes) {
    discard(response)
    return tooLarge(url.host, request.maxBytes)
  }
  const full = total === null ? null : ((await request.roomFor?.(total - from)) ?? null)
  if (full !== null) {
    discard(response)
    return fail('no-room', full, { retryable: true })
  }
  const note: PartialNote =
    status === 206
      ? at.partial!
      : {
          urlSha256: at.hash,
          etag: headers.etag ?? null,
          lastModified: headers['last-modified'] ?? null,
          total,
          durableBytes: 0,
        }
  let file: PartialFile
  try {
    file = await openPartial(request.into, note)
  } catch (error) {
    discard(response)
    return writeFailure(error)
  }
  const read = await readInto(file, response, url, request, { total, stalled: at.stalled, signal: at.signal })
  if (!read.ok) {
    discard(response)
    await file.leave()
    return read
  }
  try {
    await file.finish()
    // A later download to the same place must not take this one for a part of its own.
    await rm(noteOf(request.into), { force: true })
  } catch (error) {
    await file.leave()
    return writeFailure(error)
  }
  return ok({ bytes: file.bytes, headers, url: url.href })
}

async function readInto(
  file: PartialFile,
  response: Dispatcher.ResponseData,
  url: URL,
  request: DownloadRequest,
  { total, stalled, signal }: { total: number | null; stalled: AbortController; signal: AbortSignal },
): Promise<Result<null, DownloadFailureCode>> {
  let before = file.bytes
  let looked = file.bytes
  const watch = setInterval(() => {
    if (file.bytes - before < slowestBytesPerMinute) stalled.abort()
    before = file.bytes
  }, minuteMs)
  request.onProgress?.(file.bytes, total)
  try {
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      if (file.bytes + chunk.length > request.maxBytes) return tooLarge(url.host, request.maxBytes)
      if (total === null && file.bytes - looked > lookEveryBytes) {
        looked = file.bytes
        const full = (await request.roomFor?.(lookEveryBytes)) ?? null
        if (full !== null) return fail('no-room', full, { retryable: true })
      }
      try {
        await file.write(chunk)
      } catch (error) {
        return writeFailure(error)
      }
      request.onProgress?.(file.bytes, total)
    }
  } catch (error) {
    if (!signal.aborted) return describeFailure(error, url.host, 'body')
    if (stalled.signal.aborted)
      return fail('timed-out', `${url.host} sends almost nothing any more. ${kept}`, { retryable: true })
    return fail('cancelled', `Stopped. ${kept}`)
  } finally {
    clearInterval(watch)
  }
  return total !== null && file.bytes < total ? shortBody(url.host) : ok(null)
}

function writeFailure(error: unknown): Result<never, 'no-room' | 'write-failed'> {
  const code = errorCode(error)
  if (fullCodes.has(code)) return fail('no-room', `The disk is full. ${kept} Free some space.`, { retryable: true })
  if (code === '') throw error
  return fail('write-failed', `The file cannot be written (${code}). ${kept}`, { retryable: true })
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

function hostOf(url: string): string {
  try {
    return redactText(new URL(url).host)
  } catch {
    return '(not an address)'
  }
}
