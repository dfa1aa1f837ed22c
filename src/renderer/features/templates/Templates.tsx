import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { plural } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { EmptyState, FailureNote, Loading, SectionHead } from '../../ui/index.ts'
import { NewTemplate } from './NewTemplate.tsx'
import { TemplateRow } from './TemplateRow.tsx'
import css from './template-list.module.css'
import { useHasModel } from './use-model-choice.ts'

/** The list in Settings: what each note is, and which are made by themselves. The text of one has a page of its own. */
export function Templates() {
  const list = useLive('templates', 'list', {})
  const hasModel = useHasModel()
  const [, navigate] = useLocation()
  const [choosing, setChoosing] = useState(false)
  const templates = list.value ?? []
  const defaults = templates.filter((one) => one.isDefault).map((one) => one.name)
  const builtIn = templates.filter((one) => one.builtIn)
  const own = templates.filter((one) => !one.builtIn)
  return (
    <>
      <p className={css.sub}>
        A template says what a note holds. The ones you tick are made for every new episode:{' '}
        {plural(defaults.length, 'note')}.
      </p>
      {list.failure && <FailureNote failure={list.failure} onRetry={list.again} />}
      {list.loading && <Loading rows={6} />}
      {list.value && (
        <>
          <section aria-labelledby="templates-built-in" className={css.section}>
            <SectionHead id="templates-built-in" title="With Inkwell" />
            <ul>
              {builtIn.map((one) => (
                <TemplateRow key={one.name} template={one} defaults={defaults} hasModel={hasModel} />
              ))}
            </ul>
          </section>
          <section aria-labelledby="templates-own" className={css.section}>
            <SectionHead
              id="templates-own"
              title="Your templates"
              aside={
                <button type="button" className="ik-link" onClick={() => setChoosing(true)}>
                  <IconPlus size={14} stroke={1.8} aria-hidden="true" />
                  New
                </button>
              }
            />
            {own.length === 0 && (
              <EmptyState
                title="None of your own yet."
                action={
                  <Button variant="default" onClick={() => setChoosing(true)}>
                    Start from a copy
                  </Button>
                }
              >
                Copy one that comes with Inkwell and change its words. They are plain YAML.
              </EmptyState>
            )}
            <ul>
              {own.map((one) => (
                <TemplateRow key={one.name} template={one} defaults={defaults} hasModel={hasModel} />
              ))}
            </ul>
          </section>
        </>
      )}
      {choosing && (
        <NewTemplate
          builtIn={builtIn}
          onClose={() => setChoosing(false)}
          onChoose={(source) => navigate(`/templates/${source}/copy`)}
        />
      )}
    </>
  )
}
