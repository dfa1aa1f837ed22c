import { Button, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import css from './ui.module.css'

/** Only for what cannot be undone. `question` names the thing, `children` what goes and what stays; `keep` is the safe button. */
export function ConfirmDialog(props: {
  opened: boolean
  question: string
  children: ReactNode
  keep?: string
  verb: string
  danger?: boolean
  running?: boolean
  onConfirm: () => void
  onClose: () => void
}) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.question}
      size={440}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={css.dialogWords}>{props.children}</div>
      <footer className={css.dialogFoot}>
        <Button variant="default" onClick={props.onClose} data-autofocus>
          {props.keep ?? 'Keep'}
        </Button>
        <Button color={props.danger ? 'madder' : 'ink'} loading={props.running ?? false} onClick={props.onConfirm}>
          {props.verb}
        </Button>
      </footer>
    </Modal>
  )
}
