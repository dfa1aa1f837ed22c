import type { z } from 'zod'
import { type Finding, type HealthCheck, HealthReport } from '#shared/contract/health.ts'
import type { Clock, Log } from '../ports.ts'
import type { Check, Checked, Found, Pass } from './check.ts'
import { found } from './check.ts'
import { damagedPages } from './damaged-pages.ts'
import type { KeptReport } from './store.ts'
import { isDamage } from './task.ts'

export type ReportCheck = z.infer<typeof HealthCheck>
export class Cancelled extends Error {}

/** The thread that also serves the windows is held no longer than this in one piece. Milliseconds. */
const sliceMs = 8

export function createPass(options: {
  full: boolean
  signal: AbortSignal
  onProgress: (fraction: number) => void
}): Pass {
  let since = performance.now()
  return {
    full: options.full,
    signal: options.signal,
    progress: options.onProgress,
    async breathe() {
      if (options.signal.aborted) throw new Cancelled()
      if (performance.now() - since < sliceMs) return
      await new Promise((resolve) => setImmediate(resolve))
      if (options.signal.aborted) throw new Cancelled()
      since = performance.now()
    },
  }
}

export interface CheckOutcome {
  readonly check: Check
  readonly full: boolean
  /** Null when it threw. */
  readonly checked: Checked | null
  readonly error: unknown
}

/** One check; what it throws is its outcome, but for a run that was cancelled. */
export async function runCheck(check: Check, pass: Pass): Promise<CheckOutcome> {
  try {
    const checked = await check.run(pass)
    if (pass.signal.aborted) throw new Cancelled()
    return { check, full: pass.full, checked, error: null }
  } catch (error) {
    if (error instanceof Cancelled || pass.signal.aborted) throw new Cancelled()
    return { check, full: pass.full, checked: null, error }
  }
}

const findingOf = (check: Check, { look: _, deep: __, mend, ...finding }: Found): Finding => ({
  ...finding,
  check: check.name,
  subjects: [...finding.subjects],
  mendLabel: mend?.label ?? null,
})

/**
 * The report of a run, or of a part of it put into the last one. What only a full run can see stays until a full run
 * has looked again.
 */
export function joinReport(
  outcomes: readonly CheckOutcome[],
  before: KeptReport | null,
  options: { clock: Clock; log: Log; full: boolean; startedAtMs: number; partial: boolean },
): KeptReport {
  const isDamaged = outcomes.some(
    ({ check, checked, error }) =>
      isDamage(error) || (check.name === 'database' && checked?.findings.some(({ severity }) => severity === 'error')),
  )
  const looks: Record<string, string> = {}
  const deep: string[] = []
  const checks = withPages(outcomes).map(({ check, full, checked, error }): ReportCheck => {
    const old = before?.report.checks.find((one) => one.check === check.name)
    // A quick run sees less of the same trouble: what the full one saw stands.
    const carried = full ? [] : (old?.findings ?? []).filter(({ id }) => before!.deep.includes(id))
    const carriedIds = new Set(carried.map(({ id }) => id))
    for (const { id } of carried) {
      looks[id] = before!.looks[id] ?? ''
      deep.push(id)
    }
    if (!checked) {
      if (isDamage(error)) options.log.warn('health.database-damaged', { check: check.name, error })
      else options.log.error('health.check-failed', { check: check.name, error })
      // A damaged database explains it.
      const own = isDamaged ? [] : [notChecked(check)]
      for (const { id, look } of own) looks[id] = look
      const findings = [...own.map((one) => findingOf(check, one)), ...carried]
      return { check: check.name, title: check.words, facts: 'could not be looked at', state: 'not-checked', findings }
    }
    const own = checked.findings.filter(({ id }) => !carriedIds.has(id))
    for (const one of own) {
      looks[one.id] = one.look
      if (one.deep) deep.push(one.id)
    }
    const findings = [...own.map((one) => findingOf(check, one)), ...carried]
    const { title, facts } = checked
    return { check: check.name, title, facts, state: findings.length > 0 ? 'findings' : 'ok', findings }
  })
  if (!options.partial || !before) {
    const atMs = options.clock.now()
    const report = HealthReport.parse({
      atMs,
      full: options.full,
      durationMs: Math.max(0, atMs - options.startedAtMs),
      checks,
      findingCount: 0,
      errorCount: 0,
    })
    return { report, fullAtMs: options.full ? atMs : (before?.fullAtMs ?? null), looks, deep }
  }
  const renewed = new Set(checks.map(({ check }) => check))
  const kept = before.report.checks.filter(({ check }) => !renewed.has(check))
  const keptIds = new Set(kept.flatMap(({ findings }) => findings.map(({ id }) => id)))
  const keptLooks = Object.fromEntries(Object.entries(before.looks).filter(([id]) => keptIds.has(id)))
  return {
    ...before,
    report: {
      ...before.report,
      checks: before.report.checks.map((old) => checks.find(({ check }) => check === old.check) ?? old),
    },
    looks: { ...keptLooks, ...looks },
    deep: [...before.deep.filter((id) => keptIds.has(id)), ...deep],
  }
}

/** What another check stumbled over, where the check of the database itself looked elsewhere. */
function withPages(outcomes: readonly CheckOutcome[]): readonly CheckOutcome[] {
  const stumbled = outcomes.find(({ error }) => isDamage(error))
  if (!stumbled) return outcomes
  return outcomes.map((outcome) => {
    if (outcome.check.name !== 'database') return outcome
    const checked = outcome.checked ?? { title: outcome.check.words, facts: 'damaged', findings: [] }
    return checked.findings.some(({ severity }) => severity === 'error')
      ? outcome
      : { ...outcome, checked: { ...checked, findings: [...checked.findings, damagedPages([])] } }
  })
}

const notChecked = (check: Check): Found =>
  found({
    id: `${check.name}/not-checked`,
    severity: 'warning',
    title: `A part of the check did not come to its end: ${check.words.toLowerCase()}.`,
    detail: 'Nothing was changed. The reason is in the log. Check again; when it stays, save a diagnostic bundle.',
  })

/** As a page sees it: what the user leaves as it is stands by itself. */
export function shownReport({ report, looks }: KeptReport, left: ReadonlyMap<string, string>): HealthReport {
  const isLeft = ({ id }: Finding): boolean => left.get(id) !== undefined && left.get(id) === looks[id]
  const checks = report.checks.map((check) => {
    const findings = check.findings.filter((finding) => !isLeft(finding))
    const leftHere = check.findings.length - findings.length
    if (leftHere === 0) return check
    return {
      ...check,
      findings,
      facts: `${check.facts}, ${leftHere} left as ${leftHere === 1 ? 'it is' : 'they are'}`,
      state: findings.length > 0 || check.state === 'not-checked' ? check.state : ('ok' as const),
    }
  })
  const findings = checks.flatMap((check) => check.findings)
  return {
    ...report,
    checks,
    findingCount: findings.length,
    errorCount: findings.filter(({ severity }) => severity === 'error').length,
    left: report.checks.flatMap((check) => check.findings.filter(isLeft)),
  }
}
