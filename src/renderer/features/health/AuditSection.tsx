import { Link } from 'wouter'
import { formatCount, formatMoment } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { FailureNote, Loading, SectionHead } from '../../ui/index.ts'
import { ExportAudit } from './ExportAudit.tsx'
import css from './health.module.css'

/** The newest acts. */
export function AuditSection() {
  const list = useLive('audit', 'list', { limit: 5 })
  const value = list.value
  return (
    <section aria-labelledby="health-audit">
      <SectionHead
        id="health-audit"
        title="Audit trail"
        aside={
          value &&
          value.total > 0 && (
            <ExportAudit filter={{}}>
              <button type="button" className="ik-link">
                Export
              </button>
            </ExportAudit>
          )
        }
      />
      {list.failure && <FailureNote failure={list.failure} onRetry={list.again} />}
      {list.loading && <Loading rows={3} label="Reading the audit trail" />}
      {value?.entries.length === 0 && (
        <p className={css.words}>Nothing yet. Everything that changes what you keep is written down here.</p>
      )}
      <ul className={css.audit}>
        {value?.entries.map((entry) => (
          <li key={entry.id}>
            <time dateTime={new Date(entry.atMs).toISOString()}>{formatMoment(entry.atMs)}</time>
            <span>
              <b>{entry.title}</b>
              <small>
                {[entry.subject, entry.summary].filter((words) => words !== '').join(', ')}
                {entry.origin === 'headless' && ', from the command line'}
              </small>
            </span>
          </li>
        ))}
      </ul>
      {value && value.total > 0 && (
        <p className={css.links}>
          <Link href="/health/audit" className="ik-link">
            See all {formatCount(value.total)}
          </Link>
        </p>
      )}
    </section>
  )
}
