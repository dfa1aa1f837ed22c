import { extname, resolve } from 'node:path'
import type { CostFilter, CostOverview, CostRow, Limit } from '#shared/contract/costs.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { House } from '../compose.ts'
import { dollars } from '../costs/dollars.ts'
import type { ParsedArguments } from './arguments.ts'
import { findFeed } from './feeds.ts'
import type { CommandResult, Io } from './output.ts'
import { columns, count, done, failed } from './words.ts'

const dayMs = 86_400_000
const mostRecent = 500

/** `inkwell costs`: what was spent, limits and prices. */
export async function showCosts(house: House, parsed: ParsedArguments, io: Io): Promise<CommandResult> {
  const [what = 'show', ...rest] = parsed.args
  if (what === 'show' && rest.length === 0) return await overview(house, parsed, io)
  if (what === 'limits' && rest.length === 0) return limitsResult(house.limits.list())
  if (what === 'prices' && rest.length === 0) return prices(house)
  if (what === 'set-limit' && rest.length === 2) return await setLimit(house, parsed, rest as [string, string])
  return usage('“costs” takes nothing, limits, prices, or set-limit with job, day, month or feed and a sum or “none”.')
}

async function overview(house: House, { given }: ParsedArguments, io: Io): Promise<CommandResult> {
  const filter = await filterOf(house, given)
  if (!filter.ok) return failed(filter.error)
  if (given.out !== undefined) {
    const format = given.format ?? (extname(given.out) === '.json' ? 'json' : 'csv')
    if (format !== 'csv' && format !== 'json') return usage('--format is csv or json.')
    const path = resolve(io.cwd, given.out)
    const written = await house.costBook.exportFile(path, { ...filter.value, format })
    if (!written.ok) return failed(written.error)
    return done({ path, ...written.value }, [`${entriesWords(written.value.entries)} written to ${path}.`])
  }
  if (given.format !== undefined) return usage('--format needs --out.')
  const recent = given.recent === undefined ? 0 : Number(given.recent)
  if (!Number.isInteger(recent) || recent < 0 || recent > mostRecent)
    return usage(`--recent needs a number from 0 to ${mostRecent}.`)
  const totals = house.costBook.overview(filter.value)
  const { rows } = recent === 0 ? { rows: [] } : house.costBook.entries({ ...filter.value, limit: recent })
  return done({ filter: { ...filter.value }, ...totals, recent: rows }, linesOf(totals, rows))
}

async function filterOf(house: House, given: ParsedArguments['given']): Promise<Result<CostFilter, string>> {
  const from = dayOf(house, 'since', given.since, 0)
  const to = dayOf(house, 'until', given.until, 1)
  if (!from.ok) return from
  if (!to.ok) return to
  const days = given.days === undefined ? null : Number(given.days)
  if (days !== null && !(Number.isInteger(days) && days > 0 && days < 100_000))
    return fail('usage', '--days needs a number of days above 0.')
  if (days !== null && from.value !== undefined) return fail('usage', 'Give --days or --since, not both.')
  const feed = given.feed === undefined ? null : await findFeed(house, given.feed)
  if (feed && !feed.ok) return feed
  const isId = given.episode !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(given.episode)
  const fromMs = days === null ? from.value : house.costBook.now() - days * dayMs
  return ok({
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(to.value === undefined ? {} : { toMs: to.value }),
    ...(given.provider === undefined ? {} : { provider: given.provider }),
    ...(given.model === undefined ? {} : { model: given.model }),
    ...(given.operation === undefined ? {} : { operation: given.operation }),
    ...(given.template === undefined ? {} : { template: given.template }),
    ...(given.job === undefined ? {} : { jobId: given.job }),
    ...(feed === null ? {} : { feedId: feed.value.id }),
    ...(given.episode === undefined ? {} : isId ? { episodeId: given.episode.toLowerCase() } : { text: given.episode }),
  })
}

/** A day of the profile's calendar, or a moment in ISO 8601. @param after days to add: an end counts to its own end */
function dayOf(
  house: House,
  option: string,
  text: string | undefined,
  after: number,
): Result<number | undefined, 'usage'> {
  if (text === undefined) return ok(undefined)
  const atMs = Date.parse(text)
  if (Number.isNaN(atMs)) return fail('usage', `--${option} needs a day such as 2026-03-14, not “${text}”.`)
  return ok(/^\d{4}-\d{2}-\d{2}$/.test(text) ? house.costBook.dayStart(atMs / dayMs + after) : atMs)
}

function linesOf(totals: CostOverview, rows: readonly CostRow[]): string[] {
  if (totals.entries === 0) return ['No charge fits.']
  const notSure = [
    ...(totals.estimatedEntries > 0 ? [`${totals.estimatedEntries.toLocaleString('en')} estimated`] : []),
    ...(totals.unknownEntries > 0 ? [`${totals.unknownEntries.toLocaleString('en')} of unknown cost`] : []),
  ]
  const { estimates } = totals
  return [
    `${dollars(totals.costMicroUsd)} for ${entriesWords(totals.entries)}${notSure.length > 0 ? ` (${notSure.join(', ')})` : ''}.`,
    ...(totals.microUsdPerNote === null
      ? []
      : [`A finished note: ${dollars(totals.microUsdPerNote)} (${count(totals.finishedNotes, 'note')}).`]),
    ...(totals.microUsdPerHour === null
      ? []
      : [`A listened hour: ${dollars(totals.microUsdPerHour)} (${(totals.listenedSeconds / 3600).toFixed(1)} hours).`]),
    ...(totals.savedMicroUsd > 0 ? [`Saved by caches: ${dollars(totals.savedMicroUsd)}.`] : []),
    ...(estimates.entries > 0
      ? [
          `Estimated ${dollars(estimates.estimateMicroUsd)}, came to ${dollars(estimates.actualMicroUsd)}; ${estimates.closeEntries} of ${estimates.entries} within 10 %.`,
        ]
      : []),
    ...(
      [
        ['By provider', totals.byProvider],
        ['By operation', totals.byOperation],
        ['By model', totals.byModel],
        ['By feed', totals.byFeed],
        ['By template', totals.byTemplate],
      ] as const
    ).flatMap(([title, shares]) => [
      '',
      title,
      ...columns(
        shares
          .slice(0, 20)
          .map((share) => [
            `  ${share.title}`,
            dollars(share.costMicroUsd).padStart(10),
            `${entriesWords(share.entries)}${share.unknownEntries > 0 ? `, ${share.unknownEntries.toLocaleString('en')} unknown` : ''}`,
          ]),
      ),
      ...(shares.length > 20 ? [`  and ${shares.length - 20} more`] : []),
    ]),
    ...(rows.length === 0
      ? []
      : [
          '',
          'Newest',
          ...columns(
            rows.map((row) => [
              `  ${new Date(row.atMs).toISOString().slice(0, 16).replace('T', ' ')}`,
              amountOf(row),
              `${row.provider} ${row.model}`,
              row.templateName ?? row.operation,
              `${row.outcome === 'failed' ? 'failed: ' : ''}${row.episodeTitle ?? ''}`,
            ]),
          ),
        ]),
  ]
}
const amountOf = ({ costMicroUsd, amountKind }: CostRow): string =>
  costMicroUsd === null ? 'unknown' : `${amountKind === 'estimated' ? 'about ' : ''}${dollars(costMicroUsd)}`
const entriesWords = (entries: number): string => count(entries, 'charge')

const scopeWords = (limit: Limit): string =>
  ({
    job: 'A job',
    day: 'A day',
    month: 'A month',
    'feed-month': `A month of ${limit.feedTitle ?? 'a removed feed'}`,
  })[limit.scope]
const limitsResult = (limits: readonly Limit[]): CommandResult =>
  done(
    limits,
    limits.length === 0
      ? ['No limits.']
      : columns(
          limits.map((limit) => [
            scopeWords(limit),
            limit.kind === 'asks' ? 'asks above' : 'stops at',
            dollars(limit.limitMicroUsd),
            limit.scope === 'job'
              ? ''
              : `${dollars(limit.spentMicroUsd)} spent${limit.reservedMicroUsd > 0 ? `, ${dollars(limit.reservedMicroUsd)} on its way` : ''}`,
          ]),
        ),
  )

async function setLimit(
  house: House,
  { given }: ParsedArguments,
  [scopeName, sum]: [string, string],
): Promise<CommandResult> {
  const scopes = { job: 'job', day: 'day', month: 'month', feed: 'feed-month' } as const
  if (!Object.hasOwn(scopes, scopeName)) return usage('A limit is for a job, a day, a month or a feed.')
  const scope = scopes[scopeName as keyof typeof scopes]
  if ((scope === 'feed-month') !== (given.feed !== undefined))
    return usage('--feed names the feed of a limit for a feed, and of no other.')
  const match = /^\$?(\d{1,6})(?:\.(\d{1,6}))?$/.exec(sum)
  if (sum !== 'none' && !match) return usage(`A sum is dollars such as 5 or 2.50, or “none”, not “${sum}”.`)
  const feed = given.feed === undefined ? null : await findFeed(house, given.feed)
  if (feed && !feed.ok) return failed(feed.error)
  const changed = house.limits.set({
    scope,
    kind: given.stops ? 'stops' : 'asks',
    feedId: feed === null ? null : feed.value.id,
    limitMicroUsd: match ? Number(match[1]) * 1_000_000 + Number((match[2] ?? '').padEnd(6, '0')) : null,
  })
  return changed.ok ? limitsResult(changed.value) : failed(changed.error)
}

function prices(house: House): CommandResult {
  const list = house.prices.list()
  const rate = (microUsd: number | null): string => (microUsd === null ? '–' : dollars(microUsd))
  return done({ version: house.prices.version(), prices: list }, [
    ...columns([
      ['Provider', 'Model', 'In', 'Out', 'Cached', 'Cache write', 'Hour of sound', 'Read on'],
      ...list.map((price) => [
        price.provider,
        price.model,
        rate(price.inputPerMillion),
        rate(price.outputPerMillion),
        rate(price.cachedInputPerMillion),
        rate(price.cacheWritePerMillion),
        rate(price.audioPerHour),
        `${price.asOf}${price.own ? ', your own' : ''}`,
      ]),
    ]),
    'For a million tokens, or an hour of sound. A model that is not here has an unknown price.',
  ])
}

const usage = (message: string): CommandResult => failed({ code: 'usage', message, retryable: false })
