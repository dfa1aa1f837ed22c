import { Button } from '@mantine/core'
import { IconArrowBackUp, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { TemplateSummary } from '#shared/contract/templates.ts'
import { useShortcut } from '../../lib/shortcuts.ts'
import { useFocusHeading } from '../../lib/use-focus-heading.ts'
import { ConfirmDialog, State } from '../../ui/index.ts'
import css from './templates.module.css'
import type { Editing } from './use-editing.ts'

export function EditorHead(props: {
  title: string
  template: TemplateSummary
  isCopy: boolean
  isReadOnly: boolean
  editing: Editing
}) {
  const { editing, isReadOnly, template } = props
  const heading = useFocusHeading()
  const [asking, setAsking] = useState(false)
  useShortcut('mod+s', 'Save the template', isReadOnly ? null : () => void editing.save())
  return (
    <header className={css.head}>
      <h1 ref={heading} tabIndex={-1} className="ik-title">
        {props.title}
      </h1>
      <span className={css.saved}>
        {isReadOnly ? (
          <small>Comes with Inkwell, version {template.version}</small>
        ) : editing.isChanged ? (
          <State kind="wait">Not saved</State>
        ) : (
          <State kind="ok">Saved</State>
        )}
      </span>
      {isReadOnly ? (
        <Link href={`/templates/${template.name}/copy`} className="ik-link">
          <IconCopy size={15} stroke={1.7} aria-hidden="true" />
          Copy to change it
        </Link>
      ) : (
        <>
          {editing.isChanged && !props.isCopy && (
            <Button
              variant="subtle"
              size="xs"
              leftSection={<IconArrowBackUp size={15} stroke={1.7} />}
              onClick={() => setAsking(true)}
            >
              Put back
            </Button>
          )}
          <Button
            size="xs"
            loading={editing.isSaving}
            disabled={!editing.isChanged}
            onClick={() => void editing.save()}
          >
            Save
          </Button>
        </>
      )}
      {/* Mounted only now: the Escape that asks must not also answer. */}
      {asking && (
        <ConfirmDialog
          opened
          question="Put back what is saved?"
          keep="Go on editing"
          verb="Put it back"
          danger
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false)
            editing.discard()
          }}
        >
          What you typed since the last save is not kept.
        </ConfirmDialog>
      )}
    </header>
  )
}
