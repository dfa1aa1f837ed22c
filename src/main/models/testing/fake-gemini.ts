import type { FakeModel } from './fake-anthropic.ts'
import { type FakeReply, type ScriptedServer, startScripted } from './scripted-server.ts'

const statuses: Record<number, [status: string, message: string]> = {
  400: ['INVALID_ARGUMENT', 'Request contains an invalid argument.'],
  401: ['UNAUTHENTICATED', 'Request had invalid authentication credentials.'],
  402: ['FAILED_PRECONDITION', 'Billing is not enabled for this project.'],
  403: ['PERMISSION_DENIED', 'Permission denied: Consumer has been suspended.'],
  404: ['NOT_FOUND', 'models/gemini-retired is not found for API version v1beta.'],
  413: ['INVALID_ARGUMENT', 'Request payload size exceeds the limit.'],
  429: ['RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).'],
  500: ['INTERNAL', 'An internal error has occurred.'],
  503: ['UNAVAILABLE', 'The model is overloaded. Please try again later.'],
}
const usual = { promptTokenCount: 1_200, candidatesTokenCount: 90, totalTokenCount: 1_290 }
const usageOf = (reply: FakeReply): object =>
  reply.usage === null ? {} : { usageMetadata: reply.usage === undefined ? usual : reply.usage }
const event = (data: unknown): string => `data: ${JSON.stringify(data)}\r\n\r\n`
const candidate = (text: string | null, finish: string | null) => ({
  candidates: [
    {
      ...(text === null ? {} : { content: { role: 'model', parts: [{ text }] } }),
      ...(finish === null ? {} : { finishReason: finish }),
      index: 0,
    },
  ],
})
const finishOf = (reply: FakeReply): string | null => (reply.finish === undefined ? 'STOP' : reply.finish)

/** Google's Generative Language API. `baseUrl` ends in `/v1beta`. */
export async function startFakeGemini(
  models: readonly FakeModel[] = [
    { id: 'gemini-3-flash', title: 'Gemini 3 Flash', contextLength: 1_048_576 },
    { id: 'gemini-3-pro', title: 'Gemini 3 Pro', contextLength: 1_048_576 },
  ],
): Promise<ScriptedServer & { baseUrl: string; setModels: (models: readonly FakeModel[]) => void }> {
  let offered = models
  const server = await startScripted({
    kindOf: ({ path }) => (/:(stream)?generateContent/i.test(path) ? 'chat' : 'other'),
    streams: ({ path }) => path.includes(':streamGenerateContent'),
    opening: () => '',
    piece: (text) => event(candidate(text, null)),
    closing: (reply) => event({ ...candidate(null, finishOf(reply)), ...usageOf(reply), modelVersion: 'gemini' }),
    errorEvent: event,
    whole: (reply, text) => ({ ...candidate(text, finishOf(reply)), ...usageOf(reply) }),
    error: (code) => {
      const [status, message] = statuses[code] ?? ['UNKNOWN', `Status ${code}`]
      return { error: { code, message, status } }
    },
    get: ({ path }) => {
      const url = new URL(path, 'http://fake')
      if (url.pathname !== '/v1beta/models') return null
      const from = Number(url.searchParams.get('pageToken') ?? 0)
      return {
        models: [
          ...offered.slice(from, from + 2).map(({ id, title, contextLength }) => ({
            name: `models/${id}`,
            displayName: title ?? id,
            inputTokenLimit: contextLength ?? 1_000_000,
            outputTokenLimit: 65_536,
            supportedGenerationMethods: ['generateContent', 'countTokens'],
          })),
          { name: `models/embedding-${from}`, supportedGenerationMethods: ['embedContent'] },
        ],
        ...(from + 2 < offered.length ? { nextPageToken: String(from + 2) } : {}),
      }
    },
  })
  return {
    ...server,
    baseUrl: `${server.origin}/v1beta`,
    setModels: (changed) => {
      offered = changed
    },
  }
}
