import { IconSettings } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { TemplateSummary } from '#shared/contract/templates.ts'
import css from './templates.module.css'
import { useDrafts } from './use-drafts.ts'

/** The other templates; only where there is room for it. */
export function TemplateNav({ templates, current }: { templates: TemplateSummary[]; current: string | null }) {
  const drafts = useDrafts(({ byPage }) => byPage)
  return (
    <nav className={css.nav} aria-label="Templates">
      <div className={css.navHead}>
        <b>Templates</b>
        <Link href="/settings/templates" className="ik-link">
          <IconSettings size={14} stroke={1.7} aria-hidden="true" />
          All
        </Link>
      </div>
      <ul>
        {templates.map((one) => (
          <li key={one.name}>
            <Link href={`/templates/${one.name}`} aria-current={one.name === current ? 'page' : undefined}>
              <span className="ik-cut">{one.title}</span>
              {drafts[one.name] !== undefined ? <em>not saved</em> : !one.builtIn && <em>yours</em>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
