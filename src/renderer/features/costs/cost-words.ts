import type { CostRow, Estimate } from '#shared/contract/costs.ts'
import { formatCount, formatLength } from '../../lib/format.ts'

const exact = new Intl.NumberFormat('en-US', { minimumFractionDigits: 4, maximumFractionDigits: 4 })
const cents = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** A sum of many charges: "$6.42", "$0.00" when nothing was charged, "under $0.01" for less than a cent. */
export const formatSum = (microUsd: number): string =>
  microUsd > 0 && microUsd < 5_000 ? 'under $0.01' : `$${cents.format(microUsd / 1_000_000)}`

/** One charge, to four decimals: "$0.0210", "free", "unknown". */
export function formatCharge(microUsd: number | null): string {
  if (microUsd === null) return 'unknown'
  if (microUsd === 0) return 'free'
  return microUsd < 50 ? 'under $0.0001' : `$${exact.format(microUsd / 1_000_000)}`
}

/** The price of one note or hour: more decimals where it is small. */
export function formatUnit(microUsd: number): string {
  const dollars = microUsd / 1_000_000
  if (microUsd === 0) return 'free'
  if (dollars < 0.0005) return 'under $0.001'
  return `$${dollars >= 1 ? cents.format(dollars) : dollars.toFixed(dollars >= 0.1 ? 2 : 3)}`
}

/** The middle of an estimate; null when there was none, or no price was known. */
export function middleOf(estimate: Estimate | null): number | null {
  if (!estimate || (estimate.lowMicroUsd === null && estimate.highMicroUsd === null)) return null
  const low = estimate.lowMicroUsd ?? estimate.highMicroUsd!
  const high = estimate.highMicroUsd ?? estimate.lowMicroUsd!
  return Math.round((low + high) / 2)
}

/** "+3 %", "−8 %", "0 %"; '' where there is nothing to compare. */
export function offBy(estimateMicroUsd: number | null, actualMicroUsd: number | null, digits = 0): string {
  if (estimateMicroUsd === null || actualMicroUsd === null || estimateMicroUsd === 0) return ''
  const percent = (actualMicroUsd / estimateMicroUsd - 1) * 100
  const shown = Math.abs(percent).toFixed(digits)
  if (Number(shown) === 0) return '0 %'
  return `${percent > 0 ? '+' : '−'}${shown} %`
}

const providerNames: Readonly<Record<string, string>> = {
  claude: 'Claude',
  gemini: 'Gemini',
  openai: 'OpenAI',
  openrouter: 'OpenRouter',
  offline: 'This computer',
  local: 'This computer',
  'this-computer': 'This computer',
  publisher: 'Publisher',
  youtube: 'YouTube',
}
/** @param titles what the user called their servers, by id */
export const providerName = (provider: string, titles: ReadonlyMap<string, string> = new Map()): string =>
  providerNames[provider] ?? titles.get(provider) ?? provider

const isFree = new Set(['offline', 'local', 'this-computer', 'publisher', 'youtube'])
/** Claude, Gemini and free work have a colour of their own; other servers share one, each a shade. @param rank among the others */
export function providerColour(provider: string, rank: number): string {
  if (provider === 'claude') return 'var(--ik-series1)'
  if (provider === 'gemini') return 'var(--ik-series2)'
  if (isFree.has(provider)) return 'var(--ik-series4)'
  return rank === 0
    ? 'var(--ik-series3)'
    : `color-mix(in srgb, var(--ik-series3) ${Math.max(40, 100 - 25 * rank)}%, var(--ik-print))`
}
/** A colour for each provider of a list. */
export function coloursOf(providers: readonly string[]): ReadonlyMap<string, string> {
  let others = 0
  return new Map(
    providers.map((provider) => {
      const isOther = provider !== 'claude' && provider !== 'gemini' && !isFree.has(provider)
      return [provider, providerColour(provider, isOther ? others++ : 0)]
    }),
  )
}

const operationNames: Readonly<Record<string, string>> = {
  transcription: 'Transcript',
  extraction: 'Notes',
  interview: 'Interview',
  test: 'Test',
  tag_generation: 'Tags',
}
export const operationName = (operation: string): string => operationNames[operation] ?? operation.replaceAll('_', ' ')

/** What a charge was for: the note's name where it made one. @param titles of templates, by name */
export const purposeOf = (
  row: Pick<CostRow, 'operation' | 'templateName'>,
  titles: ReadonlyMap<string, string>,
): string =>
  row.operation === 'extraction' && row.templateName
    ? (titles.get(row.templateName) ?? row.templateName)
    : operationName(row.operation)

/** What went in: tokens, or the length of a recording. */
export function wentIn(row: Pick<CostRow, 'inputTokens' | 'audioSeconds'>): string {
  if (row.inputTokens !== null && row.inputTokens > 0) return formatCount(row.inputTokens)
  return row.audioSeconds === null ? '' : formatLength(row.audioSeconds)
}

/** "$15.00" or "15" → 15000000; '' → null; anything else is not a sum. */
export function parseDollars(text: string): number | null | 'not-a-sum' {
  const plain = text.trim().replace(/^\$\s*/, '')
  if (plain === '') return null
  const match = /^(\d{1,6})(?:[.,](\d{1,6}))?$/.exec(plain)
  if (!match) return 'not-a-sum'
  return Number(match[1]) * 1_000_000 + Number((match[2] ?? '').padEnd(6, '0'))
}

/** For a field: "15.00", "0.075". */
export function dollarsField(microUsd: number | null): string {
  if (microUsd === null) return ''
  const [whole, part] = (microUsd / 1_000_000).toFixed(6).split('.') as [string, string]
  return `${whole}.${part.replace(/0{1,4}$/, '')}`
}
