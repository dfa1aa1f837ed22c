import {
  IconAlertTriangle,
  IconArrowRight,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconLock,
  IconPlayerPause,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import css from './ui.module.css'

const icons = {
  ok: IconCircleCheck,
  warn: IconAlertTriangle,
  bad: IconCircleX,
  lock: IconLock,
  moved: IconArrowRight,
  wait: IconClock,
  pause: IconPlayerPause,
} as const
export type StateKind = keyof typeof icons

/** Icon and words: state is never told by colour alone. */
export function State({ kind, children }: { kind: StateKind; children: ReactNode }) {
  const Icon = icons[kind]
  return (
    <span className={css.state} data-kind={kind}>
      <Icon size={15} stroke={1.7} aria-hidden="true" />
      <span>{children}</span>
    </span>
  )
}
