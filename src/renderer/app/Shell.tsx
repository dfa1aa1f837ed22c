import { type ReactNode, useEffect } from 'react'
import { useJobAnnouncements } from '../features/activity/use-job-announcements.ts'
import { listenForDefects } from '../lib/defects.ts'
import { inkwell } from '../lib/inkwell.ts'
import { say } from '../ui/say.tsx'
import { Sidebar } from './Sidebar.tsx'
import css from './shell.module.css'
import { TitleBar } from './TitleBar.tsx'

/** The window: sidebar on the desk, title bar, and the view. */
export function Shell({ children }: { children: ReactNode }) {
  useJobAnnouncements()
  useEffect(
    () =>
      listenForDefects((words, report) =>
        say(words, {
          key: 'defect',
          tone: 'warn',
          action: { label: 'Copy report', run: () => void navigator.clipboard.writeText(report) },
        }),
      ),
    [],
  )
  return (
    <div className={css.window} data-platform={inkwell.platform}>
      <Sidebar />
      <div className={css.main}>
        <TitleBar />
        <main className={css.body}>{children}</main>
      </div>
    </div>
  )
}
