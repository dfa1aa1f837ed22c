import { Menu } from '@mantine/core'
import { IconCheck, IconChevronDown } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { TemplateSummary } from '#shared/contract/templates.ts'
import { useLive } from '../../lib/live.ts'
import css from './episodes.module.css'

/** The names that would be made: the ones chosen here, else those of Settings. */
export const chosenTemplates = (templates: readonly TemplateSummary[], chosen: readonly string[] | null): string[] =>
  chosen ? [...chosen] : templates.filter((one) => one.isDefault && one.problem === null).map((one) => one.name)

/** Which notes to make; null stands for the choice in Settings. At least one stays chosen. */
export function TemplateMenu(props: {
  chosen: readonly string[] | null
  onChange: (chosen: string[]) => void
  /** "each" after the count when several episodes are meant. */
  each?: boolean
}) {
  const templates = useLive('templates', 'list', {}).value ?? []
  const names = chosenTemplates(templates, props.chosen)
  const toggle = (name: string) => {
    const next = names.includes(name) ? names.filter((one) => one !== name) : [...names, name]
    if (next.length > 0) props.onChange(templates.map((one) => one.name).filter((one) => next.includes(one)))
  }
  return (
    <Menu position="top-end" width={280} closeOnItemClick={false} withinPortal>
      <Menu.Target>
        <button type="button" className="ik-link">
          {names.length === 1 ? '1 note' : `${names.length} notes`}
          {props.each ? ' each' : ''}
          <IconChevronDown size={13} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown className={css.menuTall}>
        <Menu.Label>Notes to make</Menu.Label>
        {templates.map((template) => {
          const usable = template.worksOffline && template.problem === null
          const on = names.includes(template.name)
          return (
            <Menu.Item
              key={template.name}
              role="menuitemcheckbox"
              aria-checked={on}
              disabled={!usable}
              leftSection={<IconCheck size={15} stroke={2} style={{ visibility: on ? 'visible' : 'hidden' }} />}
              onClick={() => toggle(template.name)}
            >
              {template.title}
              {!usable && (
                <small className={css.block}>{template.problem ? 'Its file has an error' : 'Needs a model'}</small>
              )}
            </Menu.Item>
          )
        })}
        <Menu.Divider />
        <Menu.Item component={Link} href="/settings/templates" closeMenuOnClick>
          Templates in Settings
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
