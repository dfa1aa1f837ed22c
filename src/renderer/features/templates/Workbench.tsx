import { useRef } from 'react'
import type { TemplateSummary } from '#shared/contract/templates.ts'
import { EditorHead } from './EditorHead.tsx'
import { Preview } from './Preview.tsx'
import { Remarks } from './Remarks.tsx'
import { SourceField } from './SourceField.tsx'
import { TemplateNav } from './TemplateNav.tsx'
import { goToLine, lineIn } from './template-copy.ts'
import css from './templates.module.css'
import { useEditing } from './use-editing.ts'
import { useModelChoice } from './use-model-choice.ts'
import { usePreview } from './use-preview.ts'

export interface WorkbenchProps {
  /** What its draft is kept under. */
  page: string
  template: TemplateSummary
  templates: TemplateSummary[]
  /** Of the template that is saved here. */
  name: string
  isCopy: boolean
  /** The text as it is on disk, or that a copy starts with. */
  saved: string
}

/** A template's text at left, what it makes of an episode at right. */
export function Workbench(props: WorkbenchProps) {
  const { template, isCopy } = props
  const field = useRef<HTMLTextAreaElement | null>(null)
  const editing = useEditing(props, (message) => {
    const line = lineIn(message)
    if (field.current && line !== null) goToLine(field.current, line)
    else field.current?.focus()
  })
  const model = useModelChoice(props.name)
  const preview = usePreview(editing.yaml, model.choice)
  const refused = editing.failure ?? (preview.failure?.code === 'invalid-template' ? preview.failure : null)
  const isReadOnly = template.builtIn && !isCopy
  return (
    <div className={css.bench}>
      <TemplateNav templates={props.templates} current={isCopy ? null : template.name} />
      <section className={css.editor} aria-label="Template">
        <EditorHead
          title={isCopy ? `Copy of ${template.title}` : template.title}
          template={template}
          isCopy={isCopy}
          isReadOnly={isReadOnly}
          editing={editing}
        />
        <SourceField
          ref={field}
          yaml={editing.yaml}
          readOnly={isReadOnly}
          invalid={refused !== null}
          onChange={editing.change}
        />
        <Remarks
          refused={refused}
          warnings={refused ? [] : (preview.value?.warnings ?? [])}
          onGoTo={(line) => field.current && goToLine(field.current, line)}
        />
      </section>
      <Preview yaml={editing.yaml} preview={preview} model={model} title={template.title} />
    </div>
  )
}
