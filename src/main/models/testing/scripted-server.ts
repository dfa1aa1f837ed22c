import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a fake provider does with one request. Without anything: a short, well-formed answer. */
export interface FakeReply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Before the first byte. */
  readonly delayMs?: number
  /** Pieces of the answer, one event each. */
  readonly chunks?: readonly string[]
  /** Between two pieces. */
  readonly chunkDelayMs?: number
  /** The provider's own word, e.g. `max_tokens`; null leaves it out. */
  readonly finish?: string | null
  /** The provider's own object; null leaves it out. */
  readonly usage?: unknown
  /** An error object amid the stream, after the pieces. */
  readonly errorEvent?: unknown
  /** After so many pieces the socket is destroyed. */
  readonly cutAfter?: number
  /** After the pieces the connection stays open without a word. */
  readonly silentAfter?: boolean
  /** Pieces without end, until the client leaves. */
  readonly endless?: boolean
  /** The whole body as it is, in place of all of the above. */
  readonly raw?: string | Uint8Array
  /** Body of an error; the provider's usual one for the status by default. */
  readonly error?: unknown
  /** The socket is closed before any answer. */
  readonly refuse?: boolean
}
export interface SeenRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
  readonly body: unknown
}
/** How one provider says things. */
export interface Dialect {
  /** `chat`: a request for an answer; the rest is looked up by `get`. */
  kindOf(request: SeenRequest): 'chat' | 'other'
  streams(request: SeenRequest): boolean
  /** Events before the pieces, for a piece, and after them. */
  opening(reply: FakeReply, request: SeenRequest): string
  piece(text: string): string
  closing(reply: FakeReply): string
  errorEvent(error: unknown): string
  whole(reply: FakeReply, text: string, request: SeenRequest): unknown
  error(status: number): unknown
  /** Lists of models and the like; null is 404. */
  get(request: SeenRequest): unknown
}
export interface ScriptedServer {
  /** Without a path. */
  readonly origin: string
  readonly seen: readonly SeenRequest[]
  /** The next requests for an answer get these, in order; afterwards the standing reply. */
  next(...replies: readonly FakeReply[]): void
  /** What every request for an answer gets when nothing is queued. */
  standing(reply: FakeReply): void
  /** What requests other than for an answer (lists of models) get; null: the usual. */
  lists(reply: FakeReply | null): void
  close(): Promise<void>
}

/** A server on loopback that speaks a provider's wire format and does what the test says. */
export async function startScripted(dialect: Dialect): Promise<ScriptedServer> {
  const seen: SeenRequest[] = []
  const queue: FakeReply[] = []
  let standing: FakeReply = {}
  let lists: FakeReply | null = null
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy())
  })
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(incoming)
    seen.push(request)
    if (dialect.kindOf(request) === 'chat') return send(dialect, request, queue.shift() ?? standing, response)
    if (lists) return send(dialect, request, lists, response)
    const found = dialect.get(request)
    return found === null ? send(dialect, request, { status: 404 }, response) : json(response, 200, found)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    next: (...replies) => void queue.push(...replies),
    standing: (reply) => {
      standing = reply
    },
    lists: (reply) => {
      lists = reply
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readRequest(incoming: IncomingMessage): Promise<SeenRequest> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  const text = Buffer.concat(parts).toString('utf8')
  let body: unknown = null
  try {
    body = JSON.parse(text)
  } catch {
    // Not JSON: a form with a recording.
  }
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers as Record<string, string | undefined>,
    text,
    body,
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

function json(response: ServerResponse, status: number, body: unknown, headers: FakeReply['headers'] = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

async function send(dialect: Dialect, request: SeenRequest, reply: FakeReply, response: ServerResponse): Promise<void> {
  if (reply.refuse) return void response.destroy()
  if (reply.delayMs) await wait(reply.delayMs)
  const status = reply.status ?? 200
  if (reply.raw !== undefined) {
    response.writeHead(status, { 'content-type': 'text/event-stream', ...reply.headers })
    return void response.end(reply.raw)
  }
  if (status !== 200) return json(response, status, reply.error ?? dialect.error(status), reply.headers)
  const chunks = reply.chunks ?? ['Well ', 'answered.']
  if (!dialect.streams(request))
    return json(response, 200, dialect.whole(reply, chunks.join(''), request), reply.headers)
  response.writeHead(200, { 'content-type': 'text/event-stream', ...reply.headers })
  const write = (text: string): Promise<unknown> =>
    text === '' || response.destroyed || response.write(text)
      ? wait(0)
      : Promise.race([new Promise((resolve) => response.once('drain', resolve)), closed(response)])
  await write(dialect.opening(reply, request))
  for (const [at, chunk] of chunks.entries()) {
    if (reply.cutAfter === at) return void response.destroy()
    await write(dialect.piece(chunk))
    if (reply.chunkDelayMs) await wait(reply.chunkDelayMs)
  }
  if (reply.cutAfter !== undefined) {
    await wait(5)
    return void response.destroy()
  }
  while (reply.endless && !response.destroyed) await write(dialect.piece('and so on '.repeat(2_000)))
  if (reply.silentAfter) return
  if (reply.errorEvent !== undefined) await write(dialect.errorEvent(reply.errorEvent))
  else await write(dialect.closing(reply))
  response.end()
}

const closed = (response: ServerResponse): Promise<void> => new Promise((resolve) => response.once('close', resolve))
