import { fileURLToPath } from 'node:url'
import { fail } from '#shared/result.ts'
import { type ClosableHttp, createHttp } from '../net/http.ts'
import type { Clock, Http, Log } from '../ports.ts'

/** The way out, and the same for what asks in the background: there a request that Inkwell's end cuts counts as cancelled. */
export function joinNetwork({
  assetsUrl,
  ...options
}: {
  readonly log: Log
  readonly clock: Clock
  readonly version: string
  readonly assetsUrl: URL
}): { network: ClosableHttp; http: Http; beginClosing: () => void } {
  const network = createHttp({
    ...options,
    bundled: { scheme: 'inkwell-sample:', folder: fileURLToPath(new URL('sample', assetsUrl)) },
  })
  let closing = false
  return {
    network,
    http: {
      get: async (request) => {
        const answer = await network.get(request)
        // It says nothing about the server.
        return closing && !answer.ok ? fail('cancelled', 'Inkwell was closed.') : answer
      },
    },
    beginClosing: () => {
      closing = true
    },
  }
}
