import { Radio } from '@mantine/core'
import type { SectionProps } from './SettingsView.tsx'
import css from './settings.module.css'
import { useSetSettings } from './use-set-settings.ts'

const schemes = [
  { value: 'auto', label: 'Like the system', description: 'Light by day and dark by night, if the system does so.' },
  { value: 'light', label: 'Light', description: undefined },
  { value: 'dark', label: 'Dark', description: undefined },
] as const

export function Appearance({ settings }: SectionProps) {
  const set = useSetSettings()
  return (
    <Radio.Group
      label="Colours"
      value={settings.colorScheme}
      onChange={(value) => void set({ colorScheme: value as (typeof schemes)[number]['value'] })}
    >
      <div className={css.choices}>
        {schemes.map(({ value, label, description }) => (
          <Radio key={value} value={value} label={label} description={description} size="xs" />
        ))}
      </div>
    </Radio.Group>
  )
}
