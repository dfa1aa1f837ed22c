import { notifications } from '@mantine/notifications'
import { announce } from '../lib/announce.ts'
import css from './ui.module.css'

interface SayOptions {
  /** Undo, offered for 10 seconds. */
  undo?: () => void
  /** One other way on, e.g. Read. */
  action?: { label: string; run: () => void }
  tone?: 'plain' | 'warn'
  /** A later message with the same key takes its place. */
  key?: string
}

/** Takes a toast away that is not true any more. */
export const unsay = (key: string): void => void notifications.hide(key)

/** Says in a toast (and to screen readers) what was done: 6 seconds, 10 where it can be undone. */
export function say(message: string, options: SayOptions = {}): void {
  const action = options.undo ? { label: 'Undo', run: options.undo } : options.action
  const id = options.key ?? crypto.randomUUID()
  notifications.hide(id)
  notifications.show({
    id,
    message: (
      <span className={css.toast}>
        <span>{message}</span>
        {action && (
          <button
            type="button"
            className="ik-link"
            onClick={() => {
              notifications.hide(id)
              action.run()
            }}
          >
            {action.label}
          </button>
        )}
      </span>
    ),
    autoClose: options.undo ? 10_000 : 6_000,
    withBorder: true,
    color: options.tone === 'warn' ? 'ochre' : 'ink',
    // The live region speaks; a second voice from the toast itself would repeat it.
    role: 'status',
    'aria-live': 'off',
    closeButtonProps: { 'aria-label': 'Close this message' },
  })
  announce(
    action ? `${message} ${action.label} is offered.` : message,
    options.tone === 'warn' ? 'assertive' : 'polite',
  )
}
