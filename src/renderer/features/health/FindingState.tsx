import { IconAlertTriangle, IconCircleX, IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Finding } from '#shared/contract/health.ts'
import css from './checks.module.css'

const severities = {
  error: { icon: IconCircleX, words: 'Damage' },
  warning: { icon: IconAlertTriangle, words: 'Needs you' },
  info: { icon: IconInfoCircle, words: 'Worth knowing' },
} as const

/** Icon, hidden word and words of a finding. */
export function FindingState({ severity, children }: { severity: Finding['severity']; children: ReactNode }) {
  const { icon: Icon, words } = severities[severity]
  return (
    <div className={css.severity} data-severity={severity}>
      <Icon size={15} stroke={1.7} aria-hidden="true" />
      <h3>
        <span className="ik-hidden">{words}: </span>
        {children}
      </h3>
    </div>
  )
}
