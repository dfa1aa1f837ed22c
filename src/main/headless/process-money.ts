import type { Job, JobEstimate } from '#shared/contract/jobs.ts'
import type { ModelChoice } from '#shared/contract/models.ts'
import { fail, type Json, ok, type Result } from '#shared/result.ts'
import type { House } from '../compose.ts'
import { dollars } from '../extraction/with-models/ask.ts'
import { sumWords } from '../pipeline/estimate-words.ts'
import type { ParsedArguments } from './arguments.ts'
import { type CommandResult, exitCodes, type Io, printable } from './output.ts'
import { columns, failed } from './words.ts'

/** What the command line says of models and money. */
export interface Plan {
  readonly templates: string[] | undefined
  readonly choices: { template: string; choice: ModelChoice }[] | undefined
  /** Micro-dollars for the whole run. */
  readonly maxCost: number | undefined
  readonly fresh: boolean | undefined
}

export function planOf(house: House, { templates, given }: ParsedArguments): Result<Plan, string> {
  const names = templates ? [...templates] : house.templates.defaults()
  const { provider, model } = given
  if (model !== undefined && provider === undefined) return fail('usage', '--model needs --provider.')
  let choice: ModelChoice | null = null
  if (provider === 'offline') choice = { providerId: 'offline', model: 'offline-1' }
  else if (provider !== undefined) {
    const assigned = house.models.choiceFor('extraction').choice
    const by = model ?? (assigned.providerId === provider ? assigned.model : undefined)
    if (by === undefined) return fail('usage', `Say which model of ${provider} with --model NAME.`)
    choice = { providerId: provider, model: by }
  }
  const maxCost = given['max-cost'] === undefined ? undefined : microUsd(given['max-cost'])
  if (maxCost === null) return fail('usage', '--max-cost is a sum in dollars, such as 1.10.')
  return ok({
    templates: templates && names,
    choices: choice === null ? undefined : names.map((template) => ({ template, choice })),
    maxCost,
    fresh: given.fresh === true ? true : undefined,
  })
}

function microUsd(text: string): number | null {
  const plain = /^\$?(\d{1,6}(?:\.\d{1,6})?)$/.exec(text.trim())?.[1]
  return plain === undefined ? null : Math.round(Number(plain) * 1e6)
}

/** What `--dry-run` prints; nothing is sent to anybody who could charge for it. */
export async function showEstimate(
  house: House,
  { templates, choices }: Plan,
  episodeIds: readonly string[],
  problems: readonly string[],
): Promise<CommandResult> {
  if (episodeIds.length === 0)
    return { exitCode: exitCodes.failed, data: { problems: [...problems] }, lines: [...problems] }
  const estimated = await house.jobs.estimate({ episodeIds, templates, choices })
  if (!estimated.ok) return failed(estimated.error)
  const { value } = estimated
  return {
    exitCode: problems.length > 0 ? exitCodes.failed : exitCodes.done,
    data: { estimate: value, problems: [...problems] } as unknown as Json,
    lines: [...estimateLines(value), ...problems],
  }
}

function estimateLines({ episodes, words }: JobEstimate): string[] {
  const rows = episodes.flatMap(({ title, transcript, templates }) => [
    [title, transcript.words, priceOf(transcript.estimate)],
    ...templates.map(({ title: note, choice, estimate, problem }) => [
      `  ${note}`,
      `${choice.providerId} ${choice.model}`,
      problem ?? `${priceOf(estimate)}  ${estimate.reason}`,
    ]),
  ])
  return [words, ...columns(rows), 'Nothing was sent, nothing was spent.']
}
const priceOf = ({ lowMicroUsd, highMicroUsd }: { lowMicroUsd: number | null; highMicroUsd: number | null }): string =>
  highMicroUsd === null ? 'unknown' : sumWords(lowMicroUsd, highMicroUsd, 0)

/**
 * Starts the jobs, each with its share of `--max-cost` as a sum that it may not go beyond.
 * @returns ids of the jobs, those that were under way included
 */
export async function startWithin(
  house: House,
  { templates, choices, maxCost, fresh }: Plan,
  episodeIds: readonly string[],
  { vaultPath }: { readonly vaultPath: string | undefined },
  io: Io,
): Promise<Result<string[], string>> {
  if (episodeIds.length === 0) return ok([])
  const make = { templates, choices, fresh, vaultPath }
  if (maxCost === undefined) return started(house.jobs.start({ episodeIds, ...make }))
  const estimated = await house.jobs.estimate({ episodeIds, templates, choices })
  if (!estimated.ok) return estimated
  const { highMicroUsd, unknownCount, episodes, words } = estimated.value
  io.err(`${printable(words)}\n`)
  if (unknownCount > 0)
    return fail(
      'price-unknown',
      `The price of ${unknownCount === 1 ? 'one part' : `${unknownCount} parts`} is not known, so that Inkwell cannot keep to ${dollars(maxCost)}. Nothing was started. Put its price in, or leave --max-cost out.`,
    )
  if ((highMicroUsd ?? 0) > maxCost)
    return fail(
      'over-limit',
      `This could cost ${dollars(highMicroUsd ?? 0)}, which is more than ${dollars(maxCost)}. Nothing was started.`,
    )
  const jobIds: string[] = []
  for (const { episodeId, transcript, templates: parts } of episodes) {
    const high = [transcript, ...parts].reduce((sum, { estimate }) => sum + (estimate.highMicroUsd ?? 0), 0)
    const share = episodes.length === 1 ? maxCost : highMicroUsd ? Math.floor((maxCost * high) / highMicroUsd) : 0
    const one = started(
      house.jobs.start({ episodeIds: [episodeId], ...make, approvedMicroUsd: share, capMicroUsd: share }),
    )
    if (!one.ok) return one
    jobIds.push(...one.value)
  }
  return ok(jobIds)
}

const started = (result: ReturnType<House['jobs']['start']>): Result<string[], string> =>
  result.ok ? ok([...result.value.jobIds, ...result.value.activeJobIds]) : result

/** " $0.068, estimated $0.06 to $0.11." */
export function paidWords({ costMicroUsd, unknownCharges, estimate }: Job): string {
  if (costMicroUsd === 0 && unknownCharges === 0) return ''
  const paid = ` ${dollars(costMicroUsd)}${unknownCharges > 0 ? ` and ${unknownCharges} unknown` : ''}`
  if (estimate?.highMicroUsd == null) return `${paid}.`
  return `${paid}, ${sumWords(estimate.lowMicroUsd, estimate.highMicroUsd, 0)} expected.`
}
