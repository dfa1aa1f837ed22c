import type { FakeModel } from './fake-anthropic.ts'
import { type FakeReply, type ScriptedServer, type SeenRequest, startScripted } from './scripted-server.ts'

const errors: Record<number, [type: string, code: string | null, message: string]> = {
  400: ['invalid_request_error', null, 'Invalid request.'],
  401: ['invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.'],
  402: ['insufficient_credits', null, 'This request requires more credits.'],
  403: ['invalid_request_error', 'unsupported_country_region_territory', 'Country, region, or territory not supported'],
  404: ['invalid_request_error', 'model_not_found', 'The model `gpt-retired` does not exist.'],
  413: ['invalid_request_error', null, 'Request too large.'],
  429: ['requests', 'rate_limit_exceeded', 'Rate limit reached.'],
  500: ['server_error', null, 'The server had an error.'],
}
const usual = { prompt_tokens: 1_200, completion_tokens: 90, total_tokens: 1_290 }
const usageOf = (reply: FakeReply): unknown => (reply.usage === undefined ? usual : reply.usage)
const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`
const chunk = (choices: unknown[], more: object = {}) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: 'local',
  choices,
  ...more,
})
const finishOf = (reply: FakeReply): string | null => (reply.finish === undefined ? 'stop' : reply.finish)
const wantsUsage = ({ body }: SeenRequest): boolean =>
  (body as { stream_options?: { include_usage?: boolean } } | null)?.stream_options?.include_usage === true

/**
 * A server that speaks OpenAI's chat API, as Ollama, vLLM, LM Studio, OpenRouter and OpenAI do. `baseUrl` ends in `/v1`.
 * Usage comes only to those who ask for it.
 */
export async function startFakeOpenAi(
  models: readonly FakeModel[] = [{ id: 'qwen3:14b' }, { id: 'llama3.2:3b' }],
  /** Answers to `/api/show` and `/api/ps`, as Ollama gives them. */
  ollama: Readonly<Record<string, { show: unknown; loadedContext?: number }>> | null = null,
): Promise<ScriptedServer & { baseUrl: string; setModels: (models: readonly FakeModel[]) => void }> {
  let offered = models
  let asked = false
  const server = await startScripted({
    kindOf: ({ path }) => (/^\/v1\/(chat\/completions|audio\/transcriptions)$/.test(path) ? 'chat' : 'other'),
    streams: (request) => {
      asked = wantsUsage(request)
      return (request.body as { stream?: boolean } | null)?.stream === true
    },
    opening: () => event(chunk([{ index: 0, delta: { role: 'assistant', content: '' } }])),
    piece: (text) => event(chunk([{ index: 0, delta: { content: text } }])),
    closing: (reply) =>
      event(chunk([{ index: 0, delta: {}, finish_reason: finishOf(reply) }])) +
      (usageOf(reply) === null || !asked ? '' : event(chunk([], { usage: usageOf(reply) }))) +
      'data: [DONE]\n\n',
    errorEvent: event,
    whole: (reply, text, { path }) =>
      path.endsWith('/transcriptions')
        ? {
            text,
            language: 'english',
            duration: 10,
            segments: (reply.chunks ?? ['Well answered.']).map((words, at) => ({
              start: at * 2,
              end: at * 2 + 2,
              text: words,
            })),
          }
        : {
            ...chunk([{ index: 0, message: { role: 'assistant', content: text }, finish_reason: finishOf(reply) }]),
            object: 'chat.completion',
            usage: usageOf(reply),
          },
    error: (status) => {
      const [type, code, message] = errors[status] ?? ['server_error', null, `Status ${status}`]
      return { error: { message, type, param: null, code } }
    },
    get: (request) => {
      const url = new URL(request.path, 'http://fake')
      if (url.pathname === '/v1/models')
        return {
          object: 'list',
          data: offered.map(({ id }) => ({ id, object: 'model', created: 1, owned_by: 'library' })),
        }
      if (ollama && url.pathname === '/api/show') return ollama[(request.body as { model: string }).model]?.show ?? null
      if (ollama && url.pathname === '/api/ps')
        return {
          models: Object.entries(ollama).flatMap(([name, { loadedContext }]) =>
            loadedContext === undefined ? [] : [{ name, model: name, context_length: loadedContext }],
          ),
        }
      return null
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
