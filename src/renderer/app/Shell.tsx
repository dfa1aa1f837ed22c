import type { ReactNode } from 'react'
import { useJobAnnouncements } from '../features/activity/use-job-announcements.ts'
import { inkwell } from '../lib/inkwell.ts'
import { Sidebar } from './Sidebar.tsx'
import css from './shell.module.css'
import { TitleBar } from './TitleBar.tsx'

/** The window: sidebar on the desk, title bar, and the view. */
export function Shell({ children }: { children: ReactNode }) {
  useJobAnnouncements()
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
