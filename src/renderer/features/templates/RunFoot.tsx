import { Button } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import type { TemplatePreview } from '#shared/contract/templates.ts'
import { formatCount } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { Price, State } from '../../ui/index.ts'
import { titleOf } from './model-groups.ts'
import css from './templates.module.css'
import type { TestRun } from './use-test-run.ts'

/** What a real run would send and cost, and the button that does it. */
export function RunFoot(props: { preview: TemplatePreview; canRun: boolean; run: TestRun }) {
  const { preview, run } = props
  const { choice, tokens, requests, estimate } = preview
  const models = useLive('models', 'list', {}).value ?? []
  if (choice.providerId === 'offline')
    return (
      <footer className={css.foot}>
        <p>Made on this computer: nothing is sent. Choose a model to try the request for real.</p>
      </footer>
    )
  const sent =
    tokens.low === tokens.high ? formatCount(tokens.low) : `${formatCount(tokens.low)} to ${formatCount(tokens.high)}`
  return (
    <footer className={css.foot}>
      <p>
        {requests > 1
          ? `A real run sends ${formatCount(requests)} requests to ${titleOf(choice, models)}, the first of ${sent} tokens.`
          : `A real run sends ${sent} tokens to ${titleOf(choice, models)}.`}{' '}
        <small>{estimate.reason}</small>
      </p>
      <Button
        variant="default"
        leftSection={<IconPlayerPlay size={15} stroke={1.7} />}
        loading={run.running}
        disabled={!props.canRun}
        onClick={() => void run.start(preview)}
        rightSection={<Price microUsd={estimate.highMicroUsd} reckoning={false} />}
      >
        Run once for real
      </Button>
      {run.running && (
        <State kind="wait">It is asked. If you leave, what it costs is in Costs and the answer is not shown.</State>
      )}
    </footer>
  )
}
