import { Button, Checkbox } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useLocation } from 'wouter'
import type { TemplateSummary } from '#shared/contract/templates.ts'
import { State } from '../../ui/index.ts'
import css from './template-list.module.css'
import { useRemoveTemplate } from './use-remove-template.ts'
import { useSetDefaults } from './use-set-defaults.ts'

export function TemplateRow(props: {
  template: TemplateSummary
  defaults: string[]
  /** Whether notes are given to a model, or made on this computer. */
  hasModel: boolean
}) {
  const { template, defaults } = props
  const [, navigate] = useLocation()
  const works = template.worksOffline || props.hasModel
  const setDefaults = useSetDefaults()
  const { remove, running } = useRemoveTemplate()
  const id = `template-${template.name}`
  return (
    <li className={css.template}>
      <Checkbox
        id={id}
        checked={template.isDefault}
        disabled={template.problem !== null || (!works && !template.isDefault)}
        onChange={(event) => {
          const on = event.currentTarget.checked
          void setDefaults(on ? [...defaults, template.name] : defaults.filter((name) => name !== template.name))
        }}
      />
      <div className={css.templateName}>
        <label htmlFor={id}>{template.title}</label>
        <small>
          {[template.category, template.version && `version ${template.version}`].filter(Boolean).join(', ')}
        </small>
      </div>
      <div className={css.templateWords}>
        {template.description && <p>{template.description}</p>}
        {template.problem === null ? (
          template.worksOffline ? (
            <State kind="ok">Works offline</State>
          ) : props.hasModel ? (
            <State kind="ok">Made by a model</State>
          ) : (
            <State kind="wait">Needs a model: choose one in Models & keys</State>
          )
        ) : (
          <p className={css.problem}>
            <IconAlertTriangle size={15} stroke={1.7} aria-hidden="true" />
            <span>{template.problem}</span>
          </p>
        )}
      </div>
      <div className={css.templateActs}>
        {template.builtIn ? (
          <>
            <Button
              variant="subtle"
              size="xs"
              onClick={() => navigate(`/templates/${template.name}`)}
              aria-label={`Look at ${template.title}`}
            >
              Look
            </Button>
            <Button
              variant="subtle"
              size="xs"
              onClick={() => navigate(`/templates/${template.name}/copy`)}
              aria-label={`Copy ${template.title}`}
            >
              Copy
            </Button>
          </>
        ) : (
          <>
            <Button
              variant="subtle"
              size="xs"
              onClick={() => navigate(`/templates/${template.name}`)}
              aria-label={`Edit ${template.title}`}
            >
              Edit
            </Button>
            <Button
              variant="subtle"
              size="xs"
              loading={running}
              onClick={() => void remove(template)}
              aria-label={`Remove ${template.title}`}
            >
              Remove
            </Button>
          </>
        )}
      </div>
    </li>
  )
}
