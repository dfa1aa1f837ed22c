import type { ProviderKind } from '#shared/contract/models.ts'
import type { ListedModel } from './store.ts'

const isEntry = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const name = (value: unknown, most = 200): string | null =>
  typeof value === 'string' && value.trim() !== '' && value.length <= most && !/[\p{Cc}]/u.test(value) ? value : null
const positive = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null
const mostModels = 5_000

/**
 * Reads one page of a list of models. What cannot be a model is left out, and so are models that neither write nor
 * listen (embeddings, pictures, voices).
 * @returns null when it is no list; `next` is what to ask the next page by, null on the last
 */
export function readModels(kind: ProviderKind, body: unknown): { models: ListedModel[]; next: string | null } | null {
  if (!isEntry(body)) return Array.isArray(body) ? readModels(kind, { data: body }) : null
  const items = kind === 'gemini' ? (body.models ?? []) : (body.data ?? body.models)
  if (!Array.isArray(items)) return null
  const read = { claude: readClaude, gemini: readGemini, 'openai-compatible': readOpenAi }[kind]
  return {
    models: items.slice(0, mostModels).flatMap((item) => (isEntry(item) ? (read(item) ?? []) : [])),
    next:
      kind === 'claude' && body.has_more === true
        ? name(body.last_id, 1_000)
        : kind === 'gemini'
          ? name(body.nextPageToken, 5_000)
          : null,
  }
}

/** What every Claude model takes, where the list does not say. */
const claudeContext = 200_000

const readClaude = (item: Record<string, unknown>): ListedModel | null => {
  const id = name(item.id)
  if (id === null) return null
  const contextLength = positive(item.max_input_tokens) ?? claudeContext
  return { id, title: name(item.display_name) ?? id, contextLength, does: ['text'] }
}

const readGemini = (item: Record<string, unknown>): ListedModel | null => {
  const id = name(item.name)?.replace(/^models\//, '')
  const methods = Array.isArray(item.supportedGenerationMethods) ? item.supportedGenerationMethods : []
  if (
    !id ||
    !methods.includes('generateContent') ||
    /-(image|tts|audio|live|embedding|robotics)|^(imagen|veo|lyria|gemma|aqa|learnlm|nano-banana)/.test(id)
  )
    return null
  return {
    id,
    title: name(item.displayName) ?? id,
    contextLength: positive(item.inputTokenLimit),
    does: ['text', 'transcription'],
  }
}

const readOpenAi = (item: Record<string, unknown>): ListedModel | null => {
  const id = name(item.id) ?? name(item.name)
  if (!id) return null
  const listens =
    /whisper|transcribe|parakeet|moonshine|sense-?voice|canary|voxtral/i.test(id) ||
    /speech-recognition/.test(String(item.task))
  if (
    !listens &&
    (/embed|moderation|tts|dall-e|gpt-image|\bsora|realtime|gpt-audio|rerank|\bbge-|guard|orpheus|kokoro|davinci|babbage/i.test(
      id,
    ) ||
      /text-to-speech|embedding|speaker/.test(String(item.task ?? item.type)))
  )
    return null
  return {
    id,
    title: name(item.display_name) ?? (id === item.id ? name(item.name) : null) ?? id,
    // OpenRouter, vLLM, Groq, and LM Studio's own list.
    contextLength:
      positive(item.loaded_context_length) ??
      positive(item.context_length) ??
      positive(item.max_model_len) ??
      positive(item.context_window) ??
      positive(item.max_context_length),
    does: listens ? ['transcription'] : ['text'],
  }
}
