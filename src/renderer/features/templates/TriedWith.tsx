import { Select } from '@mantine/core'
import { useMemo } from 'react'
import type { EpisodeRow } from '#shared/contract/episodes.ts'
import { useLive } from '../../lib/live.ts'
import { choiceOf, keyOf, modelGroups, titleOf } from './model-groups.ts'
import css from './templates.module.css'
import { tryOn } from './use-drafts.ts'
import type { TemplateChoice } from './use-model-choice.ts'

const asAll = 'as-all'

/** The episode it is tried on, and the model its notes are made by. */
export function TriedWith(props: { rows: EpisodeRow[]; episodeId: string; model: TemplateChoice }) {
  const { rows, model } = props
  const models = useLive('models', 'list', {}).value ?? []
  const providers = useLive('models', 'providers', {}).value ?? []
  const episodes = useMemo(() => rows.map(({ id, title }) => ({ value: id, label: title })), [rows])
  const forAll = model.forAll ? `, ${titleOf(model.forAll, models)}` : ''
  return (
    <div className={css.tried}>
      <Select
        label="Tried on"
        size="xs"
        searchable
        limit={60}
        allowDeselect={false}
        nothingFoundMessage="No episode with that in its title has its words here."
        data={episodes}
        value={props.episodeId}
        onChange={tryOn}
      />
      <Select
        label="Model for this template"
        size="xs"
        searchable
        allowDeselect={false}
        data={[
          { value: asAll, label: `As all notes${forAll}` },
          { value: 'offline', label: 'This computer' },
          ...modelGroups(models, providers, model.own),
        ]}
        value={model.own ? keyOf(model.own) : asAll}
        onChange={(value) => value !== null && void model.set(value === asAll ? null : choiceOf(value))}
      />
    </div>
  )
}
