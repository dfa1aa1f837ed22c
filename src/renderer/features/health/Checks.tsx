import { Button } from '@mantine/core'
import { useRef } from 'react'
import { formatTook, plural } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { EmptyState, FailureNote, Loading, SectionHead, State } from '../../ui/index.ts'
import css from './checks.module.css'
import { FindingLine } from './FindingLine.tsx'
import { type CheckLine, checkLines } from './health-words.ts'
import { LeftFindings } from './LeftFindings.tsx'

/** Findings open, passes one line each. */
export function Checks({ onCheck }: { onCheck: (() => void) | null }) {
  const report = useLive('health', 'report', {})
  const list = useRef<HTMLUListElement | null>(null)
  const value = report.value
  return (
    <section aria-labelledby="health-checks">
      <SectionHead
        id="health-checks"
        title="Checks"
        aside={
          value && (
            <small>
              {plural(value.checks.length, 'check')}, {formatTook(value.durationMs / 1000)}
            </small>
          )
        }
      />
      {report.failure && <FailureNote failure={report.failure} onRetry={report.again} />}
      {report.loading && <Loading rows={6} label="Reading the last report" />}
      {value === null && (
        <EmptyState
          title="Nothing has been checked yet."
          action={onCheck && <Button onClick={onCheck}>Check now</Button>}
        >
          A check reads everything Inkwell keeps and compares it: the database, your notes, the ledger, recordings,
          backups, the keychain and the disk. It changes nothing.
        </EmptyState>
      )}
      {value && (
        <ul ref={list} className={css.checks} tabIndex={-1} aria-labelledby="health-checks">
          {checkLines(value).map((line) => (
            <li key={keyOf(line)}>
              {line.kind === 'finding' ? (
                <FindingLine finding={line.finding} onGone={() => list.current?.focus()} />
              ) : (
                <PassedLine check={line.check} />
              )}
            </li>
          ))}
        </ul>
      )}
      {value && value.left.length > 0 && <LeftFindings findings={value.left} onBack={() => list.current?.focus()} />}
    </section>
  )
}

const keyOf = (line: CheckLine): string => (line.kind === 'finding' ? line.finding.id : line.check.check)

function PassedLine({ check }: { check: Extract<CheckLine, { kind: 'check' }>['check'] }) {
  return (
    <div className={css.passed}>
      <State kind={check.state === 'not-checked' ? 'wait' : 'ok'}>{check.title}</State>
      <small>{check.facts}</small>
    </div>
  )
}
