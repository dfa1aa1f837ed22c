import type { HealthReport, MendPreview } from '#shared/contract/health.ts'
import { fail } from '#shared/result.ts'
import type { House } from '../compose.ts'
import type { ParsedArguments } from './arguments.ts'
import { type CommandResult, createProgressLine, exitCodes, type Io, printable } from './output.ts'
import { count, done, failed } from './words.ts'

/** Looks, and with `--mend` shows what mending one finding would do; with `--yes` does it. */
export async function checkHealth(house: House, parsed: ParsedArguments, io: Io): Promise<CommandResult> {
  const { mend, yes = false, full = false, leave, 'look-again': lookAgain } = parsed.given
  if (yes && mend === undefined) return failed(fail('usage', '--yes needs --mend and the id of a finding.').error)
  if ([mend, leave, lookAgain].filter((id) => id !== undefined).length > 1)
    return failed(fail('usage', 'Mend a finding, leave it, or look at it again: one at a time.').error)
  const line = createProgressLine(io)
  const stopListening = house.events.on('health.progress', ({ fraction, words }) =>
    line.show(words, `${words}, ${Math.round(fraction * 100)} %`),
  )
  const stop = (): void => house.health.cancel()
  io.interrupted.addEventListener('abort', stop, { once: true })
  const checked = await house.health.check(full)
  io.interrupted.removeEventListener('abort', stop)
  stopListening()
  line.clear()
  if (!checked.ok) return checked.error.code === 'cancelled' ? interrupted(checked.error) : failed(checked.error)
  if (leave !== undefined || lookAgain !== undefined) {
    const done = leave !== undefined ? house.health.leave(leave) : house.health.lookAgain(lookAgain!)
    return done.ok ? reported(done.value, linesOf(done.value)) : failed(done.error)
  }
  if (mend === undefined) return reported(checked.value, linesOf(checked.value))

  const preview = await house.health.previewMend(mend)
  if (!preview.ok) return failed(preview.error)
  const shown = previewLines(preview.value)
  if (!yes) return done(preview.value, [...shown, 'Nothing was done. Do it with --yes.'])
  const mended = await house.health.mend(mend, preview.value.token)
  if (!mended.ok) return failed(mended.error)
  return reported(mended.value.report, [...shown, mended.value.message], { message: mended.value.message })
}

const interrupted = (error: { code: string; message: string; retryable: boolean }): CommandResult => ({
  exitCode: exitCodes.interrupted,
  data: null,
  lines: [],
  error,
})

/** What is damaged or lost is a failure to whoever asked; what only wants a decision is not. */
const reported = (report: HealthReport, lines: readonly string[], more: object = {}): CommandResult => ({
  ...done({ ...report, ...more }, lines),
  exitCode: report.errorCount > 0 ? exitCodes.failed : exitCodes.done,
})

const marks = { info: 'note   ', warning: 'warning', error: 'ERROR  ' } as const
/** Subjects printed of one finding. */
const maxSubjects = 10

function linesOf(report: HealthReport): string[] {
  const lines = report.checks.flatMap((check) => {
    const state = { ok: 'ok     ', findings: 'look   ', 'not-checked': 'not done' }[check.state]
    return [
      `${state}  ${check.title}: ${check.facts}`,
      ...check.findings.flatMap((finding) => [
        `  ${marks[finding.severity]}  ${finding.title} [${finding.id}]`,
        ...(finding.detail === null ? [] : [`           ${finding.detail}`]),
        ...finding.subjects.slice(0, maxSubjects).map((subject) => `           - ${subject}`),
        ...(finding.subjectCount > maxSubjects ? [`           and ${finding.subjectCount - maxSubjects} more`] : []),
        ...(finding.mendLabel === null
          ? []
          : [`           ${finding.mendLabel}: inkwell health${report.full ? ' --full' : ''} --mend ${finding.id}`]),
      ]),
    ]
  })
  const left = report.left.flatMap((finding, index) => [
    ...(index === 0 ? [`Left as ${report.left.length === 1 ? 'it is' : 'they are'} (${report.left.length})`] : []),
    `  ${finding.title} [${finding.id}]`,
  ])
  const sum =
    report.findingCount === 0
      ? 'Healthy.'
      : `${count(report.findingCount, 'finding')}, ${report.errorCount === 0 ? 'nothing lost' : count(report.errorCount, 'error')}.`
  return [...lines, ...left, `${sum} ${report.full ? 'All was read' : 'Read what is quick; all with --full'}.`].map(
    printable,
  )
}

function previewLines({ label, scope, rows, rowCount }: MendPreview): string[] {
  return [
    label,
    `  ${scope}`,
    ...rows.map(
      ({ before, after, remark }) =>
        `  ${before}${after === '' ? '' : ` → ${after}`}${remark === '' ? '' : ` (${remark})`}`,
    ),
    ...(rowCount > rows.length ? [`  and ${rowCount - rows.length} more`] : []),
  ].map(printable)
}
