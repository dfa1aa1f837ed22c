import { Checkbox, Popover } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'
import { plural } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import css from './intake.module.css'
import { useIntakeDraft } from './intake-draft.ts'

/** Which notes are made this time; starts with the ones chosen in settings. */
export function TemplateMenu() {
  const [opened, setOpened] = useState(false)
  const chosen = useIntakeDraft((draft) => draft.templates)
  const templates = (useLive('templates', 'list', {}).value ?? []).filter((one) => one.problem === null)
  if (templates.length === 0) return null
  const names = chosen ?? templates.filter((one) => one.isDefault).map((one) => one.name)
  const toggle = (name: string, on: boolean) =>
    useIntakeDraft.setState({ templates: on ? [...names, name] : names.filter((one) => one !== name) })
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus shadow="lg" width={300}>
      <Popover.Target>
        <button type="button" className="ik-link" onClick={() => setOpened(!opened)}>
          {plural(names.length, 'note')}
          <IconChevronDown size={12} aria-hidden="true" />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Which notes to make">
        <fieldset className={css.choices}>
          <legend>Notes to make</legend>
          {templates.map((template) => (
            <Checkbox
              key={template.name}
              label={template.title}
              description={template.worksOffline ? undefined : 'Needs a model'}
              checked={names.includes(template.name)}
              disabled={!template.worksOffline}
              onChange={(event) => toggle(template.name, event.currentTarget.checked)}
            />
          ))}
          {names.length === 0 && <p className={css.choiceHint}>Choose at least one.</p>}
        </fieldset>
      </Popover.Dropdown>
    </Popover>
  )
}
