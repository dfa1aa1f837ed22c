import { type Agent, fetch as send } from 'undici'
import { fail, ok, type Result } from '#shared/result.ts'
import { redactText } from '../logs/redact.ts'
import { createAgents } from '../net/agents.ts'

/** How YouTube refuses: each has another remedy. */
export type PageFailure =
  | 'youtube-blocks' // too many requests from this network, or a check for robots
  | 'youtube-unreachable'
  | 'youtube-unreadable'
  | 'cancelled'

export interface PageRequest {
  readonly url: string
  readonly method: string
  readonly headers: Record<string, string>
  readonly body: string | null
  readonly signal: AbortSignal
}
export type Pages = {
  get(request: PageRequest): Promise<Result<{ status: number; text: string }, PageFailure>>
  close(): Promise<void>
}

const ownHosts = new Set(['www.youtube.com', 'youtubei.googleapis.com'])
const maxBytes = 20_000_000
const patienceMs = 30_000

/**
 * The way to YouTube and nowhere else. Redirects are not followed: they lead to pages that ask for consent or for proof
 * that a person asks.
 * @param origin stands for all of YouTube's hosts in tests
 */
export function createPages(origin?: string): Pages {
  const agents = createAgents(
    { connectMs: 10_000, idleMs: 15_000, totalMs: patienceMs, headerBytes: 65_536, redirects: 0 },
    {},
  )
  const dispatcher: Agent = origin === undefined ? agents.checked : agents.local
  return {
    async get({ url, method, headers, body, signal }) {
      const target = new URL(url)
      if (target.protocol !== 'https:' || !ownHosts.has(target.hostname))
        return fail(
          'youtube-unreadable',
          `YouTube named an address elsewhere (${redactText(target.host)}). Nothing was sent there.`,
        )
      const asked = origin === undefined ? target : new URL(`${target.pathname}${target.search}`, origin)
      const ends = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
      try {
        const answer = await send(asked, { method, headers, body, dispatcher, redirect: 'manual', signal: ends })
        const read = await textOf(answer.body)
        if (read === null) return fail('youtube-unreadable', 'YouTube sent more than 20 MB. Nothing was stored.')
        if (answer.status === 429 || answer.status === 403 || (answer.status >= 300 && answer.status < 400))
          return blocked(answer.status)
        return ok({ status: answer.status, text: read })
      } catch (error) {
        if (signal.aborted) return fail('cancelled', 'Cancelled. What was there before is kept.')
        const why = ends.aborted ? 'did not answer within 30 s' : 'cannot be reached'
        return fail(
          'youtube-unreachable',
          `YouTube ${why} (${redactText(reasonOf(error))}). Nothing is lost; try again later.`,
          {
            retryable: true,
          },
        )
      }
    },
    close: () => agents.close(),
  }
}

/** Retrying at once makes it worse: `retryable` is for the user, and the pace waits (pace.ts). */
export const blocked = (status: number | null): Result<never, 'youtube-blocks'> =>
  fail(
    'youtube-blocks',
    `YouTube refuses requests from this network for now${status === null ? '' : ` (${status})`}. The video is kept in your list. Try again in an hour, or let this computer make the transcript from the recording.`,
    { retryable: true },
  )

async function textOf(body: AsyncIterable<Uint8Array> | null): Promise<string | null> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of body ?? []) {
    bytes += piece.length
    if (bytes > maxBytes) return null
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : 'unknown'
}
