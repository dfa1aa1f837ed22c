/** What the tests of notes by models build on: a real database and ledger, and a model in memory that answers by script. */
import type { ModelChoice } from '#shared/contract/models.ts'
import type { Segment } from '#shared/contract/transcripts.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { createCostsService } from '../../costs/service.ts'
import { clock, ids, promptSaying } from '../../jobs/testing.ts'
import type { TemplatePrompt } from '../../services.ts'
import type { ModelAnswer, ModelFailure, ModelRequest, Models } from '../../services-models.ts'
import { openStorage, type Storage } from '../../storage/storage.ts'
import type { AskDeps } from './ask.ts'
import type { NoteOrder } from './make-note.ts'
import { tokensOf } from './tokens-of.ts'

export const claude: ModelChoice = { providerId: 'claude', model: 'claude-test' }

export type Scripted =
  | string
  | { readonly text: string; readonly finish?: ModelAnswer['finish'] }
  | { readonly failure: ModelFailure; readonly message?: string }
/** Answers the nth request; what it throws ends the test's process of thought like a kill would. */
export type Script = (request: ModelRequest, at: number) => Scripted

export interface FakeModels {
  readonly models: Pick<Models, 'generate' | 'contextLength'>
  readonly requests: ModelRequest[]
}

/** Each answer is a charge of one micro-dollar a token, in the ledger, in one transaction with what keeps it. */
export function fakeModels(storage: Storage, script: Script, contextLength: number | null = 100_000): FakeModels {
  const requests: ModelRequest[] = []
  const costs = createCostsService({ storage })
  return {
    requests,
    models: {
      contextLength: () => contextLength,
      async generate(request): Promise<Result<ModelAnswer, ModelFailure>> {
        requests.push(request)
        const said = script(request, requests.length - 1)
        const scripted = typeof said === 'string' ? { text: said } : said
        if ('failure' in scripted) return fail(scripted.failure, scripted.message ?? `It failed: ${scripted.failure}.`)
        const input = tokensOf(request.system + request.messages.map(({ text }) => text).join('')).low
        const output = tokensOf(scripted.text).low
        const answer: ModelAnswer = {
          text: scripted.text,
          finish: scripted.finish ?? 'stop',
          usage: null,
          choice: request.choice,
          costMicroUsd: input + output,
          amountKind: 'known',
        }
        storage.write('costs.append', (tx) => {
          costs.appendIn(tx, {
            id: ids.next(),
            at_ms: clock.now(),
            provider: request.choice.providerId,
            model: request.choice.model,
            operation: 'extraction',
            outcome: 'succeeded',
            amount_kind: 'known',
            cost_micro_usd: input + output,
            input_tokens: input,
            output_tokens: output,
            cached_tokens: null,
            audio_ms: null,
            feed_id: request.purpose.feedId,
            episode_id: request.purpose.episodeId,
            template_name: request.purpose.templateName,
            job_id: request.purpose.jobId,
            price_version: 'test',
            imported_from: null,
          })
          request.keep?.(tx, answer)
        })
        return ok(answer)
      },
    },
  }
}

export const spending: AskDeps['spending'] = {
  estimate: (_provider, _model, { inputTokens, outputTokens }) => ({
    lowMicroUsd: inputTokens[0] + outputTokens[0],
    highMicroUsd: inputTokens[1] + outputTokens[1],
    reason: 'A micro-dollar a token.',
  }),
}

export function openLedger(): Storage {
  const opened = openStorage(':memory:', { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  return opened.value
}

export function house(script: Script, contextLength: number | null = 100_000) {
  const storage = openLedger()
  const fake = fakeModels(storage, script, contextLength)
  const deps: AskDeps = { storage, clock, ids, spending, costs: createCostsService({ storage }), models: fake.models }
  return { deps, storage, requests: fake.requests }
}

/** A talk of as many minutes; each minute has words of its own. */
export const talk = (minutes: number, wordsAMinute = 150): Segment[] =>
  Array.from({ length: minutes * 4 }, (_, at) => ({
    startSeconds: at * 15,
    endSeconds: at * 15 + 15,
    speaker: at % 8 < 4 ? 'Ada' : 'Bo',
    text: `${Array.from({ length: Math.ceil(wordsAMinute / 4) - 3 }, (_, word) => `word${(at * 31 + word) % 997}`).join(' ')} quarter number ${at}.`,
  }))

export const order = (over: Partial<NoteOrder> & { prompt?: TemplatePrompt } = {}): NoteOrder => ({
  template: { name: 'summary', title: 'Summary', version: '1.0' },
  prompt: promptSaying('Summarise {{ metadata.episode_title }}.\n\n{{ transcript }}'),
  source: {
    feedTitle: 'The Slow Almanac',
    episodeTitle: 'How a tide table is made',
    url: null,
    publishedAtMs: 0,
    durationSeconds: 3_600,
    language: 'en',
    descriptionText: null,
    persons: ['Ada'],
  },
  segments: talk(4),
  chapters: [],
  showNotes: [],
  purpose: {
    operation: 'extraction',
    jobId: '00000000-0000-7000-8000-0000000000aa',
    feedId: '00000000-0000-7000-8000-00000000feed',
    episodeId: '00000000-0000-7000-8000-0000000000ee',
    templateName: 'summary',
  },
  approvedMicroUsd: null,
  capMicroUsd: null,
  salt: '',
  signal: new AbortController().signal,
  onProgress: () => {},
  ...over,
})

/** What stands in the fence of a request. */
export const materialOf = (request: ModelRequest): string =>
  /<<<DATA (\w+)>>>\n([\s\S]*?)\n<<<END \1>>>/.exec(request.messages[0]!.text)?.[2] ?? ''
