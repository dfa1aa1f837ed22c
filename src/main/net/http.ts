import type { Dispatcher } from 'undici'
import { fail, ok, type Result } from '#shared/result.ts'
import { redactText } from '../logs/redact.ts'
import type { Clock, Downloader, Http, HttpFailureCode, HttpHop, HttpRequest, HttpResponse, Log } from '../ports.ts'
import { createAgents, type Limits, type Resolve } from './agents.ts'
import { shortBody, tooLarge, unpackBody } from './body.ts'
import { type BundledFiles, readBundled } from './bundled.ts'
import { createDownload } from './download.ts'
import { describeFailure } from './failures.ts'
import { discard, follow, type Journey } from './follow.ts'
import { requestHeaders, responseHeaders } from './headers.ts'
import { checkTarget } from './target.ts'

export interface HttpOptions {
  readonly log: Log
  readonly clock: Clock
  /** Version of the app, for the User-Agent. */
  readonly version?: string
  /** Address of a page about the app, for the User-Agent. */
  readonly about?: string
  /** Names to addresses; the system's resolver by default. */
  readonly resolve?: Resolve
  /** Files of the app that are read like pages. */
  readonly bundled?: BundledFiles
  readonly limits?: Partial<Limits>
  /** Further certificate authorities, PEM. */
  readonly ca?: string
}
export interface ClosableHttp extends Http, Downloader {
  /** Ends all connections; requests under way fail. */
  close(): Promise<void>
}

const defaultLimits: Limits = {
  connectMs: 10_000,
  idleMs: 15_000,
  totalMs: 60_000,
  headerBytes: 64 * 1024,
  redirects: 5,
}

/** The one way out of this machine. Limits and address rules: attack inputs 31 to 48; see the tests beside it. */
export function createHttp(options: HttpOptions): ClosableHttp {
  const limits = { ...defaultLimits, ...options.limits }
  const agents = createAgents(limits, options)
  const userAgent = `Inkwell/${options.version ?? '0.1'} (${options.about ? `+${options.about}` : 'desktop podcast notes'})`

  async function get(request: HttpRequest): Promise<Result<HttpResponse, HttpFailureCode>> {
    if (request.signal?.aborted) return cancelled()
    if (options.bundled && request.url.toLowerCase().startsWith(options.bundled.scheme))
      return readBundled(request, options.bundled)
    const target = checkTarget(request.url, request.allowLocalHosts ?? [])
    if (!target.ok) return target
    if (target.value.url.username || target.value.url.password)
      return fail(
        'invalid-url',
        'The address holds a name and password. Give them apart, so that they can be kept safe.',
      )
    const headers = requestHeaders(request.headers ?? {}, request.authorization, userAgent)
    if (!headers.ok) return headers
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), limits.totalMs)
    const signal = request.signal ? AbortSignal.any([request.signal, deadline.signal]) : deadline.signal
    try {
      return await follow(
        { request, target: target.value, headers: headers.value, signal, limits, agents },
        readResponse,
      )
    } catch (error) {
      if (request.signal?.aborted) return cancelled()
      if (deadline.signal.aborted)
        return fail(
          'timed-out',
          `${target.value.url.host} was not done after ${Math.round(limits.totalMs / 1000)} s. What was there before is kept.`,
          { retryable: true },
        )
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    get: async (request) => {
      const startedAtMs = options.clock.now()
      const result = await get(request)
      const fields = { host: hostOf(request.url), durationMs: options.clock.now() - startedAtMs }
      if (result.ok)
        options.log.info('http.get', {
          ...fields,
          status: result.value.status,
          bytes: result.value.body.length,
          hops: result.value.hops.length,
        })
      else options.log.warn('http.get failed', { ...fields, code: result.error.code, message: result.error.message })
      return result
    },
    download: createDownload({ log: options.log, agents, limits, userAgent }),
    close: () => agents.close(),
  }
}

const cancelled = () => fail('cancelled', 'Cancelled. What was there before is kept.')

/** The host only: paths of private feeds are secrets. */
function hostOf(url: string): string {
  try {
    return redactText(new URL(url).host)
  } catch {
    return '(not an address)'
  }
}

async function readResponse(
  response: Dispatcher.ResponseData,
  url: URL,
  hops: readonly HttpHop[],
  { request, signal }: Journey<HttpRequest>,
): Promise<Result<HttpResponse, HttpFailureCode>> {
  const headers = responseHeaders(response.headers)
  const declared = /^\d+$/.test(headers['content-length'] ?? '') ? Number(headers['content-length']) : null
  if (declared !== null && declared > request.maxBytes) {
    discard(response)
    return tooLarge(url.host, request.maxBytes)
  }
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > request.maxBytes) {
        discard(response)
        return tooLarge(url.host, request.maxBytes)
      }
      chunks.push(chunk)
    }
  } catch (error) {
    if (signal.aborted) throw error
    return describeFailure(error, url.host, 'body')
  }
  const bodyless = response.statusCode === 204 || response.statusCode === 304
  if (declared !== null && length < declared && !bodyless) return shortBody(url.host)
  const body = await unpackBody(Buffer.concat(chunks), headers['content-encoding'], {
    host: url.host,
    maxBytes: request.maxBytes,
  })
  if (!body.ok) return body
  return ok({ status: response.statusCode, headers, body: body.value, url: url.href, hops })
}
