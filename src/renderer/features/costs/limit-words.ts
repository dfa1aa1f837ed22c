import type { Limit } from '#shared/contract/costs.ts'
import { dollarsField, formatSum } from './cost-words.ts'

export type LimitScope = Limit['scope']
export type LimitKind = Limit['kind']

/** "Asks at $15.00, stops at $20.00." */
export function limitSums(limits: readonly Limit[]): string {
  const of = (kind: LimitKind): string | null => {
    const limit = limits.find((one) => one.kind === kind)
    return limit ? `${kind} at $${dollarsField(limit.limitMicroUsd)}` : null
  }
  const words = [of('asks'), of('stops')].filter((part) => part !== null).join(', ')
  return words === '' ? 'No limit is set.' : `${words[0]!.toUpperCase()}${words.slice(1)}.`
}

/** What a scope is called, what its limits do, and what they are held against. */
export const scopeWords: Readonly<Record<LimitScope, { title: string; words: string; name: string }>> = {
  job: {
    title: 'One job',
    words: 'What all requests for one episode may come to, its transcript and every note together.',
    name: 'a job',
  },
  day: { title: 'A day', words: 'Everything from midnight to midnight.', name: 'the day' },
  month: {
    title: 'A month',
    words: 'Everything in the calendar month.',
    name: 'the month',
  },
  'feed-month': {
    title: 'A feed’s month',
    words: 'What the episodes of one feed may come to in a month.',
    name: 'the feed',
  },
}

/** "$6.42 is spent this month, $0.10 is on its way." */
export function spentWords(scope: LimitScope, limit: Limit | undefined): string {
  if (scope === 'job' || !limit) return ''
  const held = limit.reservedMicroUsd > 0 ? `, ${formatSum(limit.reservedMicroUsd)} is on its way` : ''
  return `${formatSum(limit.spentMicroUsd)} is spent ${scope === 'day' ? 'today' : 'this month'}${held}.`
}

/** What a change did: "Asks before the month goes over $12.00." */
export function changedWords(
  scope: LimitScope,
  kind: LimitKind,
  limitMicroUsd: number | null,
  feedTitle?: string,
): string {
  const name = scope === 'feed-month' && feedTitle ? `“${feedTitle}”` : scopeWords[scope].name
  if (limitMicroUsd === null) return `Nothing ${kind === 'asks' ? 'asks' : 'stops'} for ${name} now.`
  const sum = `$${dollarsField(limitMicroUsd)}`
  return kind === 'asks'
    ? `Inkwell asks before ${name} goes over ${sum}.`
    : `Inkwell stops before ${name} goes over ${sum}.`
}
