import { Link } from 'wouter'
import { formatBytes, plural } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { SectionHead } from '../../ui/index.ts'
import css from './health.module.css'
import { onDate } from './health-words.ts'

/** The way to what is kept for how long, and to the logs. */
export function Keeping() {
  const rules = useLive('retention', 'rules', {}).value
  const bytes = rules?.rules.reduce((sum, rule) => sum + rule.bytes, 0) ?? 0
  const limited = rules?.rules.filter((rule) => rule.days !== null || rule.maxBytes !== null).length ?? 0
  return (
    <section aria-labelledby="health-keeping" className={css.below}>
      <SectionHead id="health-keeping" title="What is kept" />
      <ul className={css.ways}>
        <li>
          <Link href="/health/storage" className="ik-link">
            Storage and time limits
          </Link>
          <small>
            {rules &&
              `${formatBytes(bytes)}, ${limited === 0 ? 'kept for ever' : `${plural(limited, 'limit')} set`}${
                rules.lastSweepAtMs === null ? '' : `, swept ${onDate(rules.lastSweepAtMs)}`
              }`}
          </small>
        </li>
        <li>
          <Link href="/health/logs" className="ik-link">
            Logs and diagnostic bundle
          </Link>
          <small>What Inkwell did and what failed; you read it before you send it.</small>
        </li>
      </ul>
    </section>
  )
}
