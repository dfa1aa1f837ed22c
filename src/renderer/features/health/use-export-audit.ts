import type { AuditFilter } from '#shared/contract/audit.ts'
import { plural } from '../../lib/format.ts'
import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/index.ts'

export function useExportAudit(filter: AuditFilter) {
  const exportTo = useCommand('audit', 'exportTo')
  return {
    running: exportTo.running,
    run: async (format: 'json' | 'csv') => {
      const done = await exportTo.run({ filter, format })
      if (!done.ok) say(done.error.message, { tone: 'warn' })
      else if (done.value) say(`${plural(done.value.entries, 'entry', 'entries')} exported to ${done.value.fileName}.`)
    },
  }
}
