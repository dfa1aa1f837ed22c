import { useParams } from 'wouter'
import { AuditPage } from './AuditPage.tsx'
import { BackupsPage } from './BackupsPage.tsx'
import { LogsPage } from './LogsPage.tsx'
import { Overview } from './Overview.tsx'
import { StoragePage } from './StoragePage.tsx'

const pages = { audit: AuditPage, backups: BackupsPage, storage: StoragePage, logs: LogsPage } as const

/** Data & health: the overview, and a page of its own for each part that is long. */
export function HealthView() {
  const { section } = useParams<{ section?: string }>()
  const View = section && Object.hasOwn(pages, section) ? pages[section as keyof typeof pages] : Overview
  return <View />
}
