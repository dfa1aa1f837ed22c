import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FeedServer {
  readonly url: string
  /** Everything that was asked, in order. */
  readonly requests: { path: string; headers: IncomingMessage['headers'] }[]
  /** What a path answers from now on. */
  on(path: string, answer: (request: IncomingMessage, response: ServerResponse) => void): void
  close(): Promise<void>
}

/** A host of feeds on loopback. */
export async function startServer(): Promise<FeedServer> {
  const answers = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>()
  const requests: FeedServer['requests'] = []
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname
    requests.push({ path, headers: request.headers })
    const answer = answers.get(path)
    if (answer) return answer(request, response)
    response.writeHead(404).end('not found')
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    on: (path, answer) => void answers.set(path, answer),
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections()
        server.close(() => closed())
      }),
  }
}

export const send =
  (body: string | Buffer, type: string, status = 200) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`
    if (status === 200 && request.headers['if-none-match'] === etag) {
      response.writeHead(304, { etag }).end()
      return
    }
    response.writeHead(status, { 'content-type': type, etag }).end(body)
  }

export const sendFile = (path: string, type: string) => send(readFileSync(path), type)

export interface ItemSpec {
  readonly guid: string
  readonly title: string
  readonly day: string
  readonly transcriptUrl?: string
  readonly transcriptType?: string
}

/** An RSS feed with the given items. */
export const rss = (title: string, items: readonly ItemSpec[]): string => `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel><title>${title}</title><description>For tests</description><language>en</language><itunes:author>Ada Example</itunes:author>
${items
  .map(
    (item) => `<item><guid isPermaLink="false">${item.guid}</guid><title>${item.title}</title>
<pubDate>${new Date(`${item.day}T06:00:00Z`).toUTCString()}</pubDate><itunes:duration>600</itunes:duration>
${item.transcriptUrl ? `<podcast:transcript url="${item.transcriptUrl}" type="${item.transcriptType ?? 'text/vtt'}"/>` : ''}</item>`,
  )
  .join('\n')}
</channel></rss>`
