import type { LanguageModel } from 'ai'
import type { ModelMessage } from '../services-models.ts'
import type { ProviderRecord } from './providers.ts'

/** What one attempt sends. There are no tools and never will be: a transcript is data, whatever it asks for. */
export interface Prompt {
  readonly model: string
  readonly system: string
  readonly messages: readonly ModelMessage[]
  /** Goes before the words of the last message. */
  readonly sound?: { readonly bytes: Uint8Array; readonly mediaType: string; readonly seconds: number }
  readonly maxOutputTokens: number
  readonly temperature: number | null
}
/** What is left out or renamed for a model that refused it. */
export interface Adjustment {
  readonly noTemperature?: boolean
  readonly completionTokens?: boolean
  readonly mostOutputTokens?: number
}

/** The SDK, loaded at the first request: starting Inkwell does not wait for it. */
const sdk = {
  core: () => import('ai'),
  claude: () => import('@ai-sdk/anthropic'),
  gemini: () => import('@ai-sdk/google'),
  compatible: () => import('@ai-sdk/openai-compatible'),
}

/** Opens the stream of one answer; its parts are read by `attempt.ts`. Nothing is retried here. */
export async function openStream(
  provider: ProviderRecord,
  key: string | null,
  prompt: Prompt,
  { fetch, signal, adjust }: { fetch: typeof globalThis.fetch; signal: AbortSignal; adjust: Adjustment },
) {
  const { streamText, wrapLanguageModel, extractReasoningMiddleware } = await sdk.core()
  // The SDK prints its warnings to the console otherwise; what a model refuses is seen by its answer.
  globalThis.AI_SDK_LOG_WARNINGS = false
  const model = await modelOf(provider, key, prompt.model, fetch, adjust)
  return streamText({
    // Servers without a parser of their own leave what a model thinks in its answer.
    model:
      provider.kind === 'openai-compatible'
        ? wrapLanguageModel({ model, middleware: extractReasoningMiddleware({ tagName: 'think' }) })
        : model,
    instructions: prompt.system,
    messages: prompt.messages.map((message, at) => asSent(message, at === prompt.messages.length - 1 && prompt.sound)),
    maxOutputTokens: Math.min(prompt.maxOutputTokens, adjust.mostOutputTokens ?? Number.POSITIVE_INFINITY),
    ...(prompt.temperature === null || adjust.noTemperature ? {} : { temperature: prompt.temperature }),
    maxRetries: 0,
    abortSignal: signal,
    // Errors are parts of the stream; without this the SDK would print them, with the request in them.
    onError: () => {},
  })
}

const asSent = ({ role, text }: ModelMessage, sound: Prompt['sound'] | false) =>
  role === 'user' && sound
    ? {
        role,
        content: [
          { type: 'file' as const, data: sound.bytes, mediaType: sound.mediaType },
          { type: 'text' as const, text },
        ],
      }
    : { role, content: text }

type Model = Exclude<LanguageModel, string> & { specificationVersion: 'v4' }

async function modelOf(
  { kind, id, baseUrl }: ProviderRecord,
  key: string | null,
  model: string,
  fetch: typeof globalThis.fetch,
  adjust: Adjustment,
): Promise<Model> {
  // Never undefined: the SDK would look for a key in the environment.
  const apiKey = key ?? ''
  if (kind === 'claude') return (await sdk.claude()).createAnthropic({ baseURL: baseUrl, apiKey, fetch })(model)
  if (kind === 'gemini')
    return (await sdk.gemini()).createGoogleGenerativeAI({ baseURL: baseUrl, apiKey, fetch })(model)
  const newer = adjust.completionTokens ?? new URL(baseUrl).hostname === 'api.openai.com'
  return (await sdk.compatible()).createOpenAICompatible({
    name: id,
    baseURL: baseUrl,
    includeUsage: true,
    fetch,
    ...(key === null ? {} : { apiKey }),
    ...(newer ? { transformRequestBody: withCompletionTokens } : {}),
  })(model)
}

/** OpenAI's newer models take the limit by another name only. */
const withCompletionTokens = ({ max_tokens, ...body }: Record<string, unknown>): Record<string, unknown> =>
  max_tokens === undefined ? body : { ...body, max_completion_tokens: max_tokens }

/** What to leave out when a model says it does not take it; null when that was not the reason. */
export function adjustmentFor(errorText: string, before: Adjustment): Adjustment | null {
  const most = /max_tokens: \d+ > (\d+)|max_tokens.{0,80}at most (\d+)|supports at most (\d+) completion tokens/i.exec(
    errorText,
  )
  const limit = Number(most?.[1] ?? most?.[2] ?? most?.[3])
  if (Number.isSafeInteger(limit) && limit > 0 && before.mostOutputTokens === undefined)
    return { ...before, mostOutputTokens: limit }
  if (/max_completion_tokens/.test(errorText) && !before.completionTokens) return { ...before, completionTokens: true }
  const refused =
    /temperature/i.test(errorText) && /unsupported|deprecated|not support|only the default|may only/i.test(errorText)
  return refused && !before.noTemperature ? { ...before, noTemperature: true } : null
}
