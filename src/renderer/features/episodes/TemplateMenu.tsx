import { ActionIcon, Menu } from '@mantine/core'
import { IconChevronDown, IconRefresh } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { TemplateSummary } from '#shared/contract/templates.ts'
import { plural } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import type { Priced } from '../../lib/use-estimate.ts'
import { Price } from '../../ui/index.ts'
import css from './episodes.module.css'

/** The names that would be made: the ones chosen here, else those of Settings. */
export const chosenTemplates = (templates: readonly TemplateSummary[], chosen: readonly string[] | null): string[] =>
  chosen ? [...chosen] : templates.filter((one) => one.isDefault && one.problem === null).map((one) => one.name)

interface Choice {
  /** Null stands for the choice in Settings. At least one stays chosen. */
  readonly chosen: readonly string[] | null
  readonly onChange: (chosen: string[]) => void
}

/** Which notes to make, as the items of a menu. */
function TemplateItems({ chosen, onChange }: Choice) {
  const templates = useLive('templates', 'list', {}).value ?? []
  const hasModel = useHasModel()
  const names = chosenTemplates(templates, chosen)
  const toggle = (name: string) => {
    const next = names.includes(name) ? names.filter((one) => one !== name) : [...names, name]
    if (next.length > 0) onChange(templates.map((one) => one.name).filter((one) => next.includes(one)))
  }
  return (
    <>
      <Menu.Label>Notes to make</Menu.Label>
      {templates.map((template) => {
        const usable = (template.worksOffline || hasModel(template.name)) && template.problem === null
        const on = names.includes(template.name)
        return (
          <Menu.CheckboxItem
            key={template.name}
            checked={on}
            disabled={!usable}
            closeMenuOnClick={false}
            onChange={() => toggle(template.name)}
          >
            {template.title}
            {!usable && (
              <small className={css.block}>{template.problem ? 'Its file has an error' : 'Needs a model'}</small>
            )}
          </Menu.CheckboxItem>
        )
      })}
    </>
  )
}

/** Whether a model is chosen that makes notes from a template. */
function useHasModel(): (template: string) => boolean {
  const assignments = useLive('models', 'assignments', {}).value ?? []
  const own = useLive('models', 'templateChoices', {}).value ?? []
  const task = assignments.find((one) => one.task === 'extraction')?.choice.providerId ?? 'offline'
  return (template) => (own.find((one) => one.template === template)?.choice.providerId ?? task) !== 'offline'
}

const useChosenCount = (chosen: readonly string[] | null): number =>
  chosenTemplates(useLive('templates', 'list', {}).value ?? [], chosen).length

/** A quiet button beside Make notes that says how many and lets them be chosen. */
export function TemplateMenu(props: Choice & { /** "each": several episodes are meant. */ each?: boolean }) {
  const count = useChosenCount(props.chosen)
  return (
    <Menu withInitialFocusPlaceholder={false} position="top-end" width={260} withinPortal>
      <Menu.Target>
        <button type="button" className="ik-link">
          <span className={css.nowrap}>
            {plural(count, 'note')}
            {props.each ? ' each' : ''}
          </span>
          <IconChevronDown size={13} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown className={css.menuTall}>
        <TemplateItems chosen={props.chosen} onChange={props.onChange} />
        <Menu.Divider />
        <Menu.Item component={Link} href="/settings/templates">
          Templates in Settings
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** Makes notes again: which ones, and the act with its price. */
export function MakeAgainMenu(props: Choice & { disabled: boolean; priced: Priced; onMakeNotes: () => void }) {
  const count = useChosenCount(props.chosen)
  return (
    <Menu withInitialFocusPlaceholder={false} position="bottom-end" width={260} withinPortal>
      <Menu.Target>
        <ActionIcon variant="default" size={32} aria-label="Make again" title="Make again" disabled={props.disabled}>
          <IconRefresh size={16} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className={css.menuTall}>
        <TemplateItems chosen={props.chosen} onChange={props.onChange} />
        <Menu.Divider />
        <Menu.Item
          onClick={props.onMakeNotes}
          rightSection={<Price microUsd={props.priced.microUsd} reckoning={props.priced.estimate === undefined} />}
        >
          Make {plural(count, 'note')} again
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
