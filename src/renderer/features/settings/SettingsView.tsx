import { Link, useParams } from 'wouter'
import type { Settings } from '#shared/contract/settings.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { useLive } from '../../lib/live.ts'
import { FailureNote, Loading, Page, PageHead } from '../../ui/index.ts'
import { ModelsSection } from '../models/ModelsSection.tsx'
import { Templates } from '../templates/Templates.tsx'
import { About } from './About.tsx'
import { Appearance } from './Appearance.tsx'
import { General } from './General.tsx'
import { NotesFolder } from './NotesFolder.tsx'
import { Privacy } from './Privacy.tsx'
import css from './settings.module.css'

const sections = [
  { path: 'general', title: 'General', view: General },
  { path: 'notes-folder', title: 'Notes folder', view: NotesFolder },
  { path: 'models', title: 'Models & keys', view: ModelsSection },
  { path: 'templates', title: 'Templates', view: Templates },
  { path: 'appearance', title: 'Appearance', view: Appearance },
  { path: 'privacy', title: 'Privacy', view: Privacy },
  { path: 'about', title: 'About', view: About },
] as const

export interface SectionProps {
  settings: Settings
}

export function SettingsView() {
  const { section } = useParams<{ section?: string }>()
  const current = sections.find((one) => one.path === section) ?? sections[0]
  useCrumbs([{ label: 'Settings', to: '/settings' }, { label: current.title }])
  const settings = useLive('settings', 'get', {})
  return (
    <div className={css.settings}>
      <nav className={css.nav} aria-label="Settings">
        <ul>
          {sections.map((one) => (
            <li key={one.path}>
              <Link href={`/settings/${one.path}`} aria-current={one === current ? 'page' : undefined}>
                {one.title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Page className={css.page}>
        <PageHead title={current.title} size="title" />
        {settings.failure && <FailureNote failure={settings.failure} onRetry={settings.again} />}
        {settings.loading && <Loading rows={3} label="Loading the settings" />}
        {settings.value && <current.view settings={settings.value} />}
      </Page>
    </div>
  )
}
