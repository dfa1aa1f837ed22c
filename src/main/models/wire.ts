import { type Dispatcher, fetch as send } from 'undici'
import type { ProviderKind } from '#shared/contract/models.ts'
import type { WireLimits } from './agents.ts'
import { createTap, type Tapped } from './stream-tap.ts'

/** What one request met on its way, whatever the client above makes of it. */
export interface Wire {
  /** For the client; it is used once. */
  readonly fetch: typeof globalThis.fetch
  readonly seen: Seen
}
export interface Seen {
  /** The request left: from now on it may have been charged. */
  sent: boolean
  status: number | null
  /** Lower-case names. */
  headers: Record<string, string>
  /** Of an answer that is no 2xx. */
  errorText: string
  trouble: 'redirected' | 'too-large' | 'elsewhere' | null
  /** What the connection died of. */
  error: unknown
  tapped: Tapped | null
}

const errorBytes = 256 * 1024

/**
 * A `fetch` with limits that remembers. It asks one origin only and follows no redirect: a key never goes where it was
 * not meant for.
 */
export function createWire(options: {
  kind: ProviderKind
  baseUrl: string
  dispatcher: Dispatcher
  limits: WireLimits
}): Wire {
  const { origin } = new URL(options.baseUrl)
  const seen: Seen = {
    sent: false,
    status: null,
    headers: {},
    errorText: '',
    trouble: null,
    error: null,
    tapped: null,
  }
  const refuse = (trouble: NonNullable<Seen['trouble']>): never => {
    seen.trouble = trouble
    throw new Error(`Inkwell stopped the request: ${trouble}`)
  }
  const fetch = async (target: unknown, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(String(target instanceof Request ? target.url : target))
    if (url.origin !== origin) refuse('elsewhere')
    seen.sent = true
    let response: Awaited<ReturnType<typeof send>>
    try {
      response = await send(url, {
        method: init.method ?? 'GET',
        headers: { ...Object.fromEntries(new Headers(init.headers)), 'user-agent': 'Inkwell' },
        body: (init.body as string | undefined) ?? null,
        signal: init.signal ?? null,
        redirect: 'manual',
        dispatcher: options.dispatcher,
      })
    } catch (error) {
      seen.error = error
      throw error
    }
    seen.status = response.status
    seen.headers = Object.fromEntries(response.headers)
    const body = response.body as ReadableStream<Uint8Array> | null
    if (response.status >= 300 && response.status < 400) {
      await body?.cancel().catch(() => {})
      refuse('redirected')
    }
    const { status } = response
    const headers = { 'content-type': seen.headers['content-type'] ?? '' }
    if (status < 200 || status > 299) {
      seen.errorText = await readStart(body, errorBytes)
      return new Response(seen.errorText, { status, headers })
    }
    if (body === null) return new Response('', { status: 200, headers })
    const tap = createTap(options.kind)
    seen.tapped = tap.tapped
    const limited = body.pipeThrough(limitBytes(options.limits.bodyBytes, () => refuse('too-large')))
    return new Response(noteEnd(limited, seen).pipeThrough(tap.stream), { status: 200, headers })
  }
  return { fetch: fetch as typeof globalThis.fetch, seen }
}

function limitBytes(most: number, tooMany: () => never): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0
  return new TransformStream({
    transform: (chunk, controller) => {
      bytes += chunk.length
      if (bytes > most) tooMany()
      controller.enqueue(chunk)
    },
  })
}

/** The client above may put an error of its own in place of the socket's. */
function noteEnd(body: ReadableStream<Uint8Array>, seen: Seen): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        seen.error = error
        controller.error(error)
      }
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

/** As much as comes of a body that is only read for its words; it never throws. */
async function readStart(body: ReadableStream<Uint8Array> | null, most: number): Promise<string> {
  if (!body) return ''
  const parts: Uint8Array[] = []
  let bytes = 0
  const reader = body.getReader()
  try {
    while (bytes < most) {
      const { done, value } = await reader.read()
      if (done) break
      parts.push(value)
      bytes += value.length
    }
  } catch {
    // What came before is enough.
  }
  await reader.cancel().catch(() => {})
  return Buffer.concat(parts).subarray(0, most).toString('utf8')
}
