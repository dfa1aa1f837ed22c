import { Button, Switch } from '@mantine/core'
import { useShortcutStore } from '../../lib/shortcuts.ts'
import { Row } from './Row.tsx'
import type { SectionProps } from './SettingsView.tsx'
import { useSetSettings } from './use-set-settings.ts'

export function General({ settings }: SectionProps) {
  const set = useSetSettings()
  return (
    <>
      <Row
        name={<label htmlFor="refresh-on-start">Refresh feeds when Inkwell starts</label>}
        control={
          <Switch
            id="refresh-on-start"
            checked={settings.refreshOnStart}
            onChange={(event) => void set({ refreshOnStart: event.currentTarget.checked })}
          />
        }
      >
        Only the feeds that are due and not paused.
      </Row>
      <Row
        name={<label htmlFor="single-keys">Single-key shortcuts</label>}
        control={
          <Switch
            id="single-keys"
            checked={settings.singleKeyShortcuts}
            onChange={(event) => void set({ singleKeyShortcuts: event.currentTarget.checked })}
          />
        }
      >
        Letters such as N for Make notes. They act only when no field has the focus.
      </Row>
      <Row
        name="Keyboard"
        control={
          <Button variant="default" size="xs" onClick={() => useShortcutStore.setState({ sheetOpen: true })}>
            Show shortcuts
          </Button>
        }
      >
        Every key that works, by view.
      </Row>
    </>
  )
}
