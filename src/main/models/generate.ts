import { ok } from '#shared/result.ts'
import type { Charge, ModelAnswer, Models } from '../services-models.ts'
import type { ModelAgents, WireLimits } from './agents.ts'
import { runAttempt } from './attempt.ts'
import type { Attempts } from './attempts.ts'
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
        return { ok: true, usage, value: { text, finish, usage, choice } }
      },
      ...(keep ? { keep: (tx, value, charge) => keep(tx, { ...value, ...charge }) } : {}),
    })
    if (!answered.ok) return answered
    const answer: ModelAnswer = { ...answered.value.value, ...answered.value.charge }
    return ok(answer)
  }
}

/** Tokens of a short answer, for the low end of an estimate. */
const leastOutput = 200
