import { type Dispatcher, request as send } from 'undici'
import { fail, type Result } from '#shared/result.ts'
import type { HttpFailureCode, HttpHop, HttpRequest } from '../ports.ts'
import type { Agents, Limits } from './agents.ts'
import { describeFailure, isBrokenConnection } from './failures.ts'
import { secretHeaders } from './headers.ts'
import { nextTarget } from './redirects.ts'
import type { Target } from './target.ts'

/** What of a request its journey needs. */
type Followed = Pick<HttpRequest, 'allowLocalHosts'>

export interface Journey<Request extends Followed = Followed> {
  readonly request: Request
  readonly target: Target
  readonly headers: Record<string, string>
  readonly signal: AbortSignal
  readonly limits: Limits
  readonly agents: Agents
}

/**
 * Asks, follows redirects by the rules of target.ts and redirects.ts, and has the last answer read. Throws when the
 * signal is aborted.
 */
export async function follow<Request extends Followed, Value, Code extends string>(
  journey: Journey<Request>,
  read: (
    response: Dispatcher.ResponseData,
    url: URL,
    hops: readonly HttpHop[],
    journey: Journey<Request>,
  ) => Promise<Result<Value, Code>>,
): Promise<Result<Value, Code | HttpFailureCode>> {
  const { request, limits, signal } = journey
  const hops: HttpHop[] = []
  const visited = new Set<string>()
  let { target, headers } = journey
  for (;;) {
    const { url } = target
    visited.add(url.href)
    let response: Dispatcher.ResponseData
    try {
      response = await ask(target, headers, journey)
    } catch (error) {
      if (signal.aborted) throw error
      return describeFailure(error, url.host, 'request')
    }
    const next = nextTarget(
      response,
      target,
      request.allowLocalHosts ?? [],
      secretHeaders.some((name) => name in headers),
    )
    if (next === null) return read(response, url, hops, journey)
    discard(response)
    if (!next.ok) return next
    hops.push({ status: response.statusCode, url: url.href })
    if (hops.length > limits.redirects || visited.has(next.value.target.url.href))
      return fail(
        'too-many-redirects',
        `${url.host} sends from one address to the next without end. What was there before is kept.`,
        { retryable: true },
      )
    if (next.value.dropSecrets)
      headers = Object.fromEntries(Object.entries(headers).filter(([name]) => !secretHeaders.includes(name)))
    target = next.value.target
  }
}

async function ask(
  { url, allowedLocal }: Target,
  headers: Record<string, string>,
  { agents, signal }: Journey,
): Promise<Dispatcher.ResponseData> {
  const dispatcher = allowedLocal ? agents.local : agents.checked
  const attempt = () => send(url, { method: 'GET', headers, dispatcher, signal })
  try {
    return await attempt()
  } catch (error) {
    if (signal.aborted || !isBrokenConnection(error)) throw error
    return attempt()
  }
}

export function discard(response: Dispatcher.ResponseData): void {
  response.body.on('error', () => {})
  response.body.destroy()
}
