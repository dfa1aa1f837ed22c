import { Button } from '@mantine/core'
import { useId, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { Finding } from '#shared/contract/health.ts'
import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/index.ts'
import css from './checks.module.css'
import { FindingState } from './FindingState.tsx'
import { MendBox } from './MendBox.tsx'
import { Subjects } from './Subjects.tsx'

const pageWords = { logs: 'Open the log', storage: 'Open Retention', backups: 'Open the backups' } as const

/** What was found, what is safe, and the ways on: a mend that is shown before it is done, or leaving it. */
export function FindingLine({ finding, onGone }: { finding: Finding; onGone: () => void }) {
  const [opened, setOpened] = useState(false)
  const leave = useCommand('health', 'leave')
  const previewButton = useRef<HTMLButtonElement | null>(null)
  const boxId = useId()
  const leaveIt = async () => {
    const left = await leave.run({ findingId: finding.id })
    if (!left.ok) return say(left.error.message, { tone: 'warn' })
    say('Left as it is. It is shown again when it changes.')
    onGone()
  }
  const close = () => {
    setOpened(false)
    previewButton.current?.focus()
  }
  return (
    <div className={css.finding}>
      <div className={css.findingHead}>
        <div className={css.findingWords}>
          <FindingState severity={finding.severity}>{finding.title}</FindingState>
          {finding.detail && <p>{finding.detail}</p>}
          {!opened && <Subjects finding={finding} />}
          {finding.page && (
            <Link href={`/health/${finding.page}`} className="ik-link">
              {pageWords[finding.page]}
            </Link>
          )}
        </div>
        <div className={css.findingActs}>
          {finding.mendLabel === null ? (
            <Button variant="default" size="xs" loading={leave.running} onClick={() => void leaveIt()}>
              Leave as it is<span className="ik-hidden">: {finding.title}</span>
            </Button>
          ) : (
            <Button
              ref={previewButton}
              variant="default"
              size="xs"
              aria-expanded={opened}
              aria-controls={opened ? boxId : undefined}
              onClick={() => setOpened(!opened)}
            >
              {opened ? 'Hide mend' : 'Preview mend'}
              <span className="ik-hidden">: {finding.title}</span>
            </Button>
          )}
        </div>
      </div>
      {opened && (
        <MendBox
          id={boxId}
          finding={finding}
          leaving={leave.running}
          onLeave={() => void leaveIt()}
          onMended={onGone}
          onClose={close}
        />
      )}
    </div>
  )
}
