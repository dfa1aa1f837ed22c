import { Menu } from '@mantine/core'
import type { ReactElement } from 'react'
import type { AuditFilter } from '#shared/contract/audit.ts'
import { useExportAudit } from './use-export-audit.ts'

/** Asks for the format; main asks where. */
export function ExportAudit({ filter, children }: { filter: AuditFilter; children: ReactElement }) {
  const { run } = useExportAudit(filter)
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void run('json')}>As JSON…</Menu.Item>
        <Menu.Item onClick={() => void run('csv')}>As CSV, for a spreadsheet…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
