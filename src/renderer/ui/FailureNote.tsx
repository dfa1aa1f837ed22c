import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Failure } from '#shared/result.ts'
import css from './ui.module.css'

/** What happened and what was kept, as main said it, with the button that mends it. Spoken at once. */
export function FailureNote(props: {
  failure: Failure
  /** Shown when the failure may pass by itself, or always with `mendLabel`. */
  onRetry?: () => void
  mendLabel?: string
  tone?: 'bad' | 'warn'
  children?: ReactNode
}) {
  const tone = props.tone ?? 'bad'
  const Icon = tone === 'bad' ? IconCircleX : IconAlertTriangle
  return (
    <div className={css.failure} data-tone={tone} role="alert">
      <Icon className={css.failureIcon} size={16} stroke={1.7} aria-hidden="true" />
      <div>
        <p>{props.failure.message}</p>
        {props.children}
      </div>
      {props.onRetry && (props.mendLabel || props.failure.retryable) && (
        <Button variant="default" size="xs" onClick={props.onRetry}>
          {props.mendLabel ?? 'Try again'}
        </Button>
      )}
    </div>
  )
}
