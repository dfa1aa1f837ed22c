import { ok } from '#shared/result.ts'
import type { Charge, ModelAnswer, Models } from '../services-models.ts'
import type { ModelAgents, WireLimits } from './agents.ts'
import { runAttempt } from './attempt.ts'
import type { Attempts } from './attempts.ts'
import type { ProviderRecord } from './providers.ts'
import { type AttemptFailure, quoted } from './status-failures.ts'
import { estimateTokens } from './tokens.ts'

/** Words for words: what is planned for the ledger, and how each attempt is sent. */
export function createGenerate(
  attempts: Attempts,
  { agents, limits, nowMs }: { agents: ModelAgents; limits: WireLimits; nowMs: () => number },
): Models['generate'] {
  return async ({ system, messages, maxOutputTokens, temperature, onText, keep, ...request }) => {
    const { choice } = request
    const input = [system, ...messages.map(({ text }) => text)].map(estimateTokens)
    const sum = (at: 0 | 1): number => input.reduce((total, range) => total + range[at], 0)
    const answered = await attempts.run<Omit<ModelAnswer, keyof Charge>>({
      ...request,
      planned: {
        inputTokens: [sum(0), sum(1)],
        outputTokens: [Math.min(maxOutputTokens, leastOutput), maxOutputTokens],
        audioSeconds: null,
      },
      send: async ({ provider, key }, adjust) => {
        const outcome = await runAttempt({
          provider,
          key,
          prompt: { model: choice.model, system, messages, maxOutputTokens, temperature },
          adjust,
          dispatcher: agents.for(provider),
          limits,
          signal: request.signal,
          onText,
          nowMs,
        })
        if (!outcome.ok) return outcome
        const { text, finish, usage } = outcome
        const read = (usage?.inputTokens ?? 0) + (usage?.cachedInputTokens ?? 0)
        if (provider.own && read >= leastTelling && read < sum(0) / 2)
          return {
            ok: false,
            usage,
            adjust: null,
            shown: false,
            failure: readInPart(provider, choice.model, read, sum(0)),
          }
        return { ok: true, usage, value: { text, finish, usage, choice } }
      },
      ...(keep ? { keep: (tx, value, charge) => keep(tx, { ...value, ...charge }) } : {}),
    })
    if (!answered.ok) return answered
    const answer: ModelAnswer = { ...answered.value.value, ...answered.value.charge }
    return ok(answer)
  }
}

/** Below it, what a server counts may be what it had not in its cache. */
const leastTelling = 1_000

/** Ollama cuts a prompt that is longer than it was set to read, without a word: the answer is about a part only. */
const readInPart = (provider: ProviderRecord, model: string, read: number, sent: number): AttemptFailure => ({
  code: 'too-long',
  message: `${provider.title} read only ${read.toLocaleString('en')} of about ${sent.toLocaleString('en')} tokens and dropped the rest without a word. Its answer was not taken. What was done before is kept. Let ${quoted(model)} read more (num_ctx, OLLAMA_CONTEXT_LENGTH), or choose another model.`,
  retryable: false,
  again: false,
  waitMs: null,
  charged: 'yes',
  details: { readTokens: read },
})

/** Tokens of a short answer, for the low end of an estimate. */
const leastOutput = 200
