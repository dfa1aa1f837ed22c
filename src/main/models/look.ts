import { fail, ok, type Result } from '#shared/result.ts'
import { codesOf } from '../net/failures.ts'
import type { ModelFailure } from '../services-models.ts'
import type { ModelAgents, WireLimits } from './agents.ts'
import { failureOfAttempt } from './attempt-failures.ts'
import { hideKey } from './provider-words.ts'
import type { ProviderRecord } from './providers.ts'
import { readModels } from './read-models.ts'
import type { ListedModel } from './store.ts'
import { createWire } from './wire.ts'

const listBytes = 10_000_000
const mostPages = 20

export interface LookDeps {
  readonly agents: ModelAgents
  readonly limits: WireLimits
  readonly nowMs: () => number
}

/** Asks a provider for its models, all pages, which costs nothing and tries the key. */
export async function lookAtProvider(
  { agents, limits, nowMs }: LookDeps,
  provider: ProviderRecord,
  key: string | null,
  signal?: AbortSignal,
): Promise<Result<ListedModel[], ModelFailure>> {
  const { baseUrl, kind } = provider
  const ask = async (url: string, body?: unknown): Promise<Result<unknown, ModelFailure>> => {
    const wire = createWire({
      kind,
      baseUrl: new URL(url).origin,
      dispatcher: agents.for(provider),
      limits: { ...limits, bodyBytes: listBytes },
    })
    const late = AbortSignal.timeout(limits.lookMs)
    try {
      const response = await wire.fetch(url, {
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        headers: { accept: 'application/json', ...headersOf(provider, key) },
        signal: signal ? AbortSignal.any([signal, late]) : late,
      })
      const text = await response.text()
      if (response.ok) return ok(JSON.parse(text) as unknown)
    } catch (error) {
      if (wire.seen.status !== null && wire.seen.error === null && error instanceof SyntaxError)
        return fail(
          'answer-unreadable',
          `${provider.title} did not answer with a list of models. Nothing was changed. Check its address; it usually ends in /v1.`,
        )
      wire.seen.error ??= error
    }
    const failure = failureOfAttempt({ provider, model: 'the list of its models', key }, wire.seen, {
      error: wire.seen.error,
      text: '',
      cancelled: signal?.aborted ?? false,
      lateMs: null,
      nowMs: nowMs(),
    })
    if (late.aborted || codesOf(wire.seen.error).includes('UND_ERR_HEADERS_TIMEOUT'))
      return fail('provider-down', `${provider.title} did not answer in time. Nothing was changed. Try again.`, {
        retryable: true,
      })
    return fail(failure.code, failure.message, { retryable: failure.retryable })
  }

  // Its list is open to everybody; this tries the key.
  if (key !== null && new URL(baseUrl).hostname === 'openrouter.ai') {
    const tried = await ask(`${baseUrl}/key`)
    if (!tried.ok) return tried
  }
  const models: ListedModel[] = []
  let page: string | null = ''
  for (let turned = 0; page !== null && turned < mostPages; turned++) {
    const answered = await ask(`${baseUrl}/models${pageQuery(kind, page)}`)
    if (!answered.ok) return answered
    const read = readModels(kind, answered.value)
    if (!read)
      return fail(
        'answer-unreadable',
        `${provider.title} did not answer with a list of models. Nothing was changed. Check its address; it usually ends in /v1.`,
      )
    models.push(
      ...read.models.map((model) => ({ ...model, id: hideKey(model.id, key), title: hideKey(model.title, key) })),
    )
    // A server that sends the same page again is not asked for ever.
    page = read.next === page ? null : read.next
  }
  return ok(kind === 'openai-compatible' && provider.own ? await withOllamaFacts(baseUrl, models, ask) : models)
}

function pageQuery(kind: ProviderRecord['kind'], page: string): string {
  if (kind === 'claude') return `?limit=1000${page === '' ? '' : `&after_id=${encodeURIComponent(page)}`}`
  if (kind === 'gemini') return `?pageSize=1000${page === '' ? '' : `&pageToken=${encodeURIComponent(page)}`}`
  return ''
}

/** Headers with the key, as each provider wants them. */
export function headersOf({ kind }: Pick<ProviderRecord, 'kind'>, key: string | null): Record<string, string> {
  if (kind === 'claude') return { 'anthropic-version': '2023-06-01', ...(key === null ? {} : { 'x-api-key': key }) }
  if (key === null) return {}
  return kind === 'gemini' ? { 'x-goog-api-key': key } : { authorization: `Bearer ${key}` }
}

const isEntry = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const positive = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null
const mostShown = 40
/** What Ollama reads unless told otherwise, whatever the model could: the rest of a prompt it cuts off without a word. */
const ollamaContext = 4_096

/** Ollama's own calls beside OpenAI's; a server that does not know them is left as it is. */
async function withOllamaFacts(
  baseUrl: string,
  models: ListedModel[],
  ask: (url: string, body?: unknown) => Promise<Result<unknown, ModelFailure>>,
): Promise<ListedModel[]> {
  const root = baseUrl.replace(/\/v1$/, '')
  const running = await ask(`${root}/api/ps`)
  if (!running.ok || !isEntry(running.value) || !Array.isArray(running.value.models)) return models
  const loadedByName = new Map(
    running.value.models.filter(isEntry).map((one) => [String(one.model ?? one.name), positive(one.context_length)]),
  )
  return Promise.all(
    models.map(async (model, at) => {
      const loaded = loadedByName.get(model.id)
      if (loaded) return { ...model, contextLength: loaded }
      if (at >= mostShown) return model
      const shown = await ask(`${root}/api/show`, { model: model.id })
      if (!shown.ok || !isEntry(shown.value)) return model
      const info = isEntry(shown.value.model_info) ? shown.value.model_info : {}
      const most = positive(Object.entries(info).find(([name]) => name.endsWith('.context_length'))?.[1])
      const set = /^num_ctx\s+(\d+)/m.exec(
        typeof shown.value.parameters === 'string' ? shown.value.parameters : '',
      )?.[1]
      const contextLength = set ? Number(set) : Math.min(most ?? ollamaContext, ollamaContext)
      const embeds = Array.isArray(shown.value.capabilities) && !shown.value.capabilities.includes('completion')
      return { ...model, contextLength, does: embeds ? [] : model.does }
    }),
  ).then((all) => all.filter(({ does }) => does.length > 0))
}
