import { readFile } from 'node:fs/promises'
import type { ModelInfo, Provider } from '#shared/contract/models.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Heard, HearRequest, ModelFailure, Models } from '../services-models.ts'
import type { ModelAgents, WireLimits } from './agents.ts'
import type { Attempts } from './attempts.ts'
import { hearByGemini } from './hear-gemini.ts'
import { hearByServer } from './hear-server.ts'
import type { Assigned } from './settings.ts'

export interface HearDeps {
  readonly agents: ModelAgents
  readonly limits: WireLimits
  readonly nowMs: () => number
}

/** Pieces come re-encoded and short; one that is larger is a defect of the caller, and no service would take it. */
const mostBytes = 25_000_000
/** Tokens Gemini counts for a second of sound, and about the most that a second of talk makes in writing. */
const geminiTokensPerSecond = 32
const spokenTokensPerSecond = 8

/** Sound for words, by Gemini or by a server that speaks OpenAI's audio API. */
export function createHear(attempts: Attempts, deps: HearDeps): Models['hear'] {
  return async (request: HearRequest): Promise<Result<Heard, ModelFailure>> => {
    const { choice, keep, seconds, purpose, approvedMicroUsd, signal } = request
    const sound = await readFile(request.path)
    if (sound.length > mostBytes)
      return fail('too-long', 'The piece of the recording is larger than a service takes (25 MB). Nothing was sent.')
    const isGemini = choice.providerId === 'gemini'
    const spoken = Math.ceil(seconds * spokenTokensPerSecond)
    const answered = await attempts.run<Heard>({
      choice,
      purpose,
      approvedMicroUsd,
      signal,
      planned: {
        inputTokens: isGemini
          ? [Math.floor(seconds * geminiTokensPerSecond), Math.ceil(seconds * geminiTokensPerSecond) + 1_000]
          : [0, 0],
        outputTokens: isGemini ? [Math.ceil(seconds), spoken * 2] : [0, 0],
        audioSeconds: seconds,
      },
      send: (to, adjust) =>
        to.provider.kind === 'gemini'
          ? hearByGemini(deps, to, request, sound, adjust)
          : hearByServer(deps, to, request, sound),
      ...(keep ? { keep: (tx, heard) => keep(tx, heard) } : {}),
    })
    return answered.ok ? ok(answered.value.value) : answered
  }
}

/**
 * What would hear a recording: the choice of the user's for transcription when it is of that kind, else the newest Gemini
 * Flash, or the first server that has a model for it.
 */
export function findHearer(
  rung: 'own-server' | 'gemini',
  {
    assigned,
    providers,
    list,
  }: {
    assigned: Assigned
    providers: readonly Provider[]
    list: (providerId: string) => ModelInfo[]
  },
): ReturnType<Models['hearer']> {
  const fitting = providers.filter(
    ({ kind, key }) => key !== 'missing' && (kind === 'gemini') === (rung === 'gemini') && kind !== 'claude',
  )
  for (const choice of [assigned.choice, assigned.fallback]) {
    const provider = choice && fitting.find(({ id }) => id === choice.providerId)
    if (provider) return { choice, title: provider.title }
  }
  for (const { id, title } of fitting) {
    const able = list(id).filter(({ does }) => does.includes('transcription'))
    if (rung === 'own-server') {
      if (able[0]) return { choice: { providerId: id, model: able[0].id }, title }
      continue
    }
    const flash = able
      .filter((model) => /^gemini-[\d.]+-flash$/.test(model.id))
      .sort((a, b) => b.id.localeCompare(a.id, 'en', { numeric: true }))[0]
    const model = flash ?? able[0]
    if (model) return { choice: { providerId: id, model: model.id }, title }
  }
  return null
}
