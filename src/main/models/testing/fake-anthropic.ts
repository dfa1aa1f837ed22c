import { type FakeReply, type ScriptedServer, type SeenRequest, startScripted } from './scripted-server.ts'

const errorTypes: Record<number, [type: string, message: string]> = {
  400: ['invalid_request_error', 'messages: at least one message is required'],
  401: ['authentication_error', 'invalid x-api-key'],
  402: ['billing_error', 'Your credit is used up.'],
  403: ['permission_error', 'Your API key does not have permission to use the specified resource.'],
  404: ['not_found_error', 'model: claude-retired'],
  413: ['request_too_large', 'Request exceeds the maximum size'],
  429: ['rate_limit_error', 'This request would exceed your rate limit.'],
  500: ['api_error', 'Internal server error'],
  529: ['overloaded_error', 'Overloaded'],
}
const errorOf = (status: number) => {
  const [type, message] = errorTypes[status] ?? ['api_error', `Status ${status}`]
  return { type: 'error', error: { type, message }, request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy' }
}
const event = (data: { type: string } & Record<string, unknown>): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
const usual = { input_tokens: 1_200, cache_read_input_tokens: 0, cache_creation_input_tokens: 0, output_tokens: 90 }
const usageOf = (reply: FakeReply): unknown => (reply.usage === undefined ? usual : reply.usage)
const modelOf = (request: SeenRequest): unknown => (request.body as { model?: unknown } | null)?.model

export interface FakeModel {
  readonly id: string
  readonly title?: string
  readonly contextLength?: number
}

/** Anthropic's Messages and Models APIs. `baseUrl` ends in `/v1`. */
export async function startFakeAnthropic(
  models: readonly FakeModel[] = [
    { id: 'claude-sonnet-4-5-20250929', title: 'Claude Sonnet 4.5' },
    { id: 'claude-haiku-4-5-20251001', title: 'Claude Haiku 4.5' },
  ],
): Promise<ScriptedServer & { baseUrl: string; setModels: (models: readonly FakeModel[]) => void }> {
  let offered = models
  const server = await startScripted({
    kindOf: ({ path }) => (path.startsWith('/v1/messages') ? 'chat' : 'other'),
    streams: ({ body }) => (body as { stream?: boolean } | null)?.stream === true,
    opening: (reply, request) => {
      const message = {
        id: 'msg_01',
        type: 'message',
        role: 'assistant',
        model: modelOf(request),
        content: [],
        stop_reason: null,
        stop_sequence: null,
      }
      return (
        event({
          type: 'message_start',
          message: usageOf(reply) === null ? message : { ...message, usage: usageOf(reply) },
        }) +
        event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }) +
        event({ type: 'ping' })
      )
    },
    piece: (text) => event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
    closing: (reply) =>
      event({ type: 'content_block_stop', index: 0 }) +
      event({
        type: 'message_delta',
        delta: { stop_reason: reply.finish === undefined ? 'end_turn' : reply.finish, stop_sequence: null },
        ...(usageOf(reply) === null ? {} : { usage: { output_tokens: 90, ...(usageOf(reply) as object) } }),
      }) +
      event({ type: 'message_stop' }),
    errorEvent: (error) => event({ type: 'error', ...(error as object) }),
    whole: (reply, text, request) => ({
      id: 'msg_01',
      type: 'message',
      role: 'assistant',
      model: modelOf(request),
      content: [{ type: 'text', text }],
      stop_reason: reply.finish === undefined ? 'end_turn' : reply.finish,
      stop_sequence: null,
      usage: usageOf(reply),
    }),
    error: errorOf,
    get: ({ path }) => {
      const url = new URL(path, 'http://fake')
      if (url.pathname !== '/v1/models') return null
      // Two a page, so that a client that forgets to turn pages is found.
      const after = url.searchParams.get('after_id')
      const from = after === null ? 0 : offered.findIndex(({ id }) => id === after) + 1
      const page = offered.slice(from, from + 2)
      return {
        data: page.map(({ id, title, contextLength }) => ({
          type: 'model',
          id,
          display_name: title ?? id,
          created_at: '2025-09-29T00:00:00Z',
          ...(contextLength === undefined ? {} : { max_input_tokens: contextLength }),
        })),
        first_id: page[0]?.id ?? null,
        last_id: page.at(-1)?.id ?? null,
        has_more: from + 2 < offered.length,
      }
    },
  })
  return {
    ...server,
    baseUrl: `${server.origin}/v1`,
    setModels: (changed) => {
      offered = changed
    },
  }
}
