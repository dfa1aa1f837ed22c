import { Button, Modal, Textarea } from '@mantine/core'
import { useEffect, useId, useRef, useState } from 'react'
import { useCommand, useLive } from '../../lib/live.ts'
import { ConfirmDialog, FailureNote, Loading, say } from '../../ui/index.ts'
import css from './settings.module.css'
import type { Editing } from './Templates.tsx'
import { copyName, lineIn, rangeOfLine, renamed } from './template-copy.ts'

/** The YAML of a template. What main refuses is named below it, with its line; the text stays as it was typed. */
export function TemplateEditor(props: { editing: Editing; takenNames: string[]; onClose: () => void }) {
  const { editing, takenNames } = props
  const source = useLive('templates', 'source', { name: editing.source })
  const save = useCommand('templates', 'save')
  const [yaml, setYaml] = useState<string | null>(null)
  const [leaving, setLeaving] = useState(false)
  const field = useRef<HTMLTextAreaElement | null>(null)
  const problemId = useId()
  const original = useRef<string | null>(null)

  // Taken once: a change of the list while the editor is open must not replace what is typed.
  useEffect(() => {
    if (!source.value || original.current !== null) return
    const text = editing.copy ? renamed(source.value.yaml, copyName(editing.source, takenNames)) : source.value.yaml
    original.current = text
    setYaml(text)
  }, [source.value, editing, takenNames])

  const isChanged = yaml !== null && yaml !== original.current
  const leave = () => (isChanged ? setLeaving(true) : props.onClose())
  const submit = async () => {
    if (yaml === null) return
    const saved = await save.run({ yaml })
    if (saved.ok) {
      say(`${saved.value.title} is saved.`)
      props.onClose()
      return
    }
    const line = lineIn(saved.error.message)
    field.current?.focus()
    if (line !== null) field.current?.setSelectionRange(...rangeOfLine(yaml, line))
  }
  return (
    <>
      <Modal
        opened
        onClose={leave}
        title={editing.copy ? 'New template' : 'Edit template'}
        size={760}
        closeOnClickOutside={false}
        closeOnEscape={!leaving}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {source.failure && <FailureNote failure={source.failure} onRetry={source.again} />}
        {yaml === null && !source.failure && <Loading rows={4} />}
        {yaml !== null && (
          <Textarea
            ref={field}
            aria-label="Template as YAML"
            aria-describedby={save.failure ? problemId : undefined}
            aria-invalid={save.failure !== null}
            classNames={{ input: css.yaml! }}
            value={yaml}
            onChange={(event) => setYaml(event.currentTarget.value)}
            spellCheck={false}
            data-autofocus
          />
        )}
        <div id={problemId}>{save.failure && <FailureNote failure={save.failure} tone="warn" />}</div>
        <footer className={css.dialogFoot}>
          <Button variant="default" onClick={leave}>
            Leave
          </Button>
          <Button loading={save.running} disabled={yaml === null} onClick={() => void submit()}>
            Save
          </Button>
        </footer>
      </Modal>
      {/* Mounted only now: the Escape that asks must not also answer. */}
      {leaving && (
        <ConfirmDialog
          opened
          question="Leave without saving?"
          keep="Go on editing"
          verb="Leave it"
          danger
          onClose={() => setLeaving(false)}
          onConfirm={props.onClose}
        >
          What you typed since the last save is not kept.
        </ConfirmDialog>
      )}
    </>
  )
}
