import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Contract, Entry } from '#shared/contract/define.ts'
import { channelOf } from '#shared/contract/names.ts'
import { fail, type Result } from '#shared/result.ts'
import { outcomeOf } from '../log.ts'
import type { Log } from '../ports.ts'
import { StorageError } from '../storage/sqlite-errors.ts'

type CallEntry = Exclude<Entry, { kind: 'event' }>
export interface Matched {
  readonly entry: CallEntry
  readonly handler: AnyHandler
}
export type AnyHandlers = Readonly<Record<string, Readonly<Record<string, unknown>>>>
type AnyHandler = (input: unknown) => unknown

/** Larger arguments are refused before they are parsed; a pasted transcript is the largest thing a page sends. */
const maxArgumentCharacters = 6_000_000

/** Every command and query of the contract with its handler; throws when one is missing or too many. */
export function matchHandlers(contract: Contract, handlers: AnyHandlers): Map<string, Matched> {
  const matched = new Map<string, Matched>()
  for (const [feature, entries] of Object.entries(contract))
    for (const [name, entry] of Object.entries(entries)) {
      if (entry.kind === 'event') continue
      const handler = handlers[feature]?.[name]
      if (typeof handler !== 'function') throw new Error(`no handler for ${channelOf(feature, name)}`)
      matched.set(channelOf(feature, name), { entry, handler: handler as AnyHandler })
    }
  for (const [feature, entries] of Object.entries(handlers))
    for (const name of Object.keys(entries))
      if (!matched.has(channelOf(feature, name)))
        throw new Error(`handler without a contract: ${channelOf(feature, name)}`)
  return matched
}

/** A read is worth a line when a person waits for it. */
const slowReadMs = 200

/**
 * Parses, calls, checks: what happens to every call, whatever brings it. Every command leaves a line in the log with its
 * duration and outcome; of the reads those that failed or were slow. Those of the log itself leave none: each line would
 * make its view read again. Defects are logged with a reference and only the reference goes back.
 */
export async function answer(channel: string, matched: Matched, argument: unknown, log: Log): Promise<Result<unknown>> {
  const startedMs = performance.now()
  const result = await answered(channel, matched, argument, log)
  const durationMs = Math.round(performance.now() - startedMs)
  const outcome = outcomeOf(result)
  const isRead = matched.entry.kind === 'query'
  if (!channel.startsWith('logs.') && (!isRead || outcome !== 'ok' || durationMs >= slowReadMs))
    log[outcome === 'ok' ? 'info' : 'warn'](channel, { subject: subjectOf(argument), durationMs, outcome })
  return result
}

/** `feed/<id>` of `{feedId}`; what is no id of ours is not said. */
function subjectOf(argument: unknown): string | null {
  if (typeof argument !== 'object' || argument === null) return null
  for (const [name, value] of Object.entries(argument))
    if (name.endsWith('Id') && z.uuid().safeParse(value).success) return `${name.slice(0, -2)}/${String(value)}`
  return null
}

async function answered(
  channel: string,
  { entry, handler }: Matched,
  argument: unknown,
  log: Log,
): Promise<Result<unknown>> {
  try {
    if (sizeOf(argument) > maxArgumentCharacters)
      return fail('invalid-input', 'That is more, or something else, than Inkwell takes here.')
    const input = entry.input.safeParse(argument)
    if (!input.success) return fail('invalid-input', describe(channel, input.error))
    const result = (await handler(input.data)) as Result<unknown>
    return result.ok ? { ok: true, value: entry.output.parse(result.value) } : result
  } catch (error) {
    // A disk that is full or fails is nobody's defect: the words say what was kept.
    if (error instanceof StorageError) return fail(error.code, error.message, { retryable: true })
    const reference = randomUUID().slice(0, 8).toUpperCase()
    log.error('defect', { channel, reference, error: error instanceof Error ? error : String(error) })
    return fail('defect', `Something in Inkwell broke. Tell us reference ${reference}.`, { details: { reference } })
  }
}

/** Counts characters; infinite for what is not plain data (Map, Date, typed arrays), which no schema of ours takes. */
function sizeOf(value: unknown): number {
  let size = 0
  const seen = new Set<object>()
  const stack: unknown[] = [value]
  while (stack.length > 0 && size <= maxArgumentCharacters) {
    const item = stack.pop()
    size += typeof item === 'string' ? item.length : 8
    if (typeof item !== 'object' || item === null || seen.has(item)) continue
    seen.add(item)
    const prototype: unknown = Object.getPrototypeOf(item)
    if (!Array.isArray(item) && prototype !== Object.prototype && prototype !== null) return Number.POSITIVE_INFINITY
    for (const [key, part] of Object.entries(item)) stack.push(key, part)
  }
  return size
}

const describe = (channel: string, error: z.ZodError): string =>
  `${channel} was asked with something it does not take: ${error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`)
    .join('; ')
    .slice(0, 500)}.`
