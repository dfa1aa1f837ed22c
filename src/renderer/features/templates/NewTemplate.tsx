import { Button, Modal, Select } from '@mantine/core'
import { useState } from 'react'
import type { TemplateSummary } from '#shared/contract/templates.ts'
import css from './template-list.module.css'

/** Asks which built-in template the new one starts as. */
export function NewTemplate(props: {
  builtIn: TemplateSummary[]
  onChoose: (name: string) => void
  onClose: () => void
}) {
  const [name, setName] = useState(props.builtIn[0]?.name ?? null)
  return (
    <Modal opened onClose={props.onClose} title="New template" size={420} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Select
        label="Start as a copy of"
        data={props.builtIn.map((one) => ({ value: one.name, label: one.title }))}
        value={name}
        onChange={setName}
        allowDeselect={false}
        data-autofocus
      />
      <footer className={css.dialogFoot}>
        <Button variant="default" onClick={props.onClose}>
          Leave
        </Button>
        <Button disabled={name === null} onClick={() => name && props.onChoose(name)}>
          Go on
        </Button>
      </footer>
    </Modal>
  )
}
