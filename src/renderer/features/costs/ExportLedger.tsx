import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { CostFilter } from '#shared/contract/costs.ts'
import { plural } from '../../lib/format.ts'
import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/index.ts'

/** Writes what is shown to a file; main asks where. */
export function ExportLedger({ filter, entries }: { filter: CostFilter; entries: number }) {
  const exportTo = useCommand('costs', 'export')
  const run = async (format: 'csv' | 'json') => {
    const done = await exportTo.run({ ...filter, format })
    if (!done.ok) say(done.error.message, { tone: 'warn' })
    else if (done.value) say(`${plural(done.value.entries, 'entry', 'entries')} exported to ${done.value.pathDisplay}.`)
  }
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconDownload size={15} stroke={1.7} />}
          loading={exportTo.running}
          disabled={entries === 0}
        >
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void run('csv')}>As CSV, for a spreadsheet…</Menu.Item>
        <Menu.Item onClick={() => void run('json')}>As JSON…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
