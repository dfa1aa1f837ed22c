import { Button } from '@mantine/core'
import { useId, useState } from 'react'
import type { Finding } from '#shared/contract/health.ts'
import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/index.ts'
import css from './checks.module.css'
import { FindingState } from './FindingState.tsx'
import { leftWords } from './health-words.ts'

/** What the user left as it is: one line until it is opened, each with the way back. */
export function LeftFindings({ findings, onBack }: { findings: readonly Finding[]; onBack: () => void }) {
  const [opened, setOpened] = useState(false)
  const listId = useId()
  return (
    <div className={css.left}>
      <button
        type="button"
        className="ik-link"
        aria-expanded={opened}
        aria-controls={opened ? listId : undefined}
        onClick={() => setOpened(!opened)}
      >
        {leftWords(findings.length)}
      </button>
      {opened && (
        <ul id={listId}>
          {findings.map((finding) => (
            <li key={finding.id}>
              <LeftLine finding={finding} onBack={onBack} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function LeftLine({ finding, onBack }: { finding: Finding; onBack: () => void }) {
  const again = useCommand('health', 'lookAgain')
  const lookAgain = async () => {
    const done = await again.run({ findingId: finding.id })
    if (!done.ok) return say(done.error.message, { tone: 'warn' })
    say('It counts again.')
    onBack()
  }
  return (
    <div className={css.findingHead}>
      <FindingState severity={finding.severity}>{finding.title}</FindingState>
      <div className={css.findingActs}>
        <Button variant="subtle" size="xs" loading={again.running} onClick={() => void lookAgain()}>
          Look at it again<span className="ik-hidden">: {finding.title}</span>
        </Button>
      </div>
    </div>
  )
}
