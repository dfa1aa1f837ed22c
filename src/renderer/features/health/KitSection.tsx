import { Button } from '@mantine/core'
import { useState } from 'react'
import type { KitStatus } from '#shared/contract/kit.ts'
import { formatDay, plural } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { FailureNote, Loading, SectionHead, State } from '../../ui/index.ts'
import css from './health.module.css'
import { MakeKitDialog } from './MakeKitDialog.tsx'
import { OpenKitDialog } from './OpenKitDialog.tsx'

export function KitSection() {
  const status = useLive('kit', 'status', {})
  const [asking, setAsking] = useState<'make' | 'test' | 'restore' | null>(null)
  const value = status.value
  const close = () => setAsking(null)
  const canMake = value !== undefined && value.keychain === 'available' && value.secretCount > 0
  return (
    <section aria-labelledby="health-kit">
      <SectionHead id="health-kit" title="Recovery kit" />
      <p className={css.words}>
        A file with the passwords and keys of your keychain, closed with words only you have. It opens them on another
        computer.
      </p>
      {status.failure && <FailureNote failure={status.failure} onRetry={status.again} />}
      {status.loading && <Loading rows={1} label="Asking the keychain" />}
      {value && (
        <p className={css.state}>
          <KitState status={value} />
        </p>
      )}
      {value && value.sessionOnly > 0 && (
        <p className={css.words}>
          {plural(value.sessionOnly, 'secret is', 'secrets are')} kept for this session only: no kit can hold{' '}
          {value.sessionOnly === 1 ? 'it' : 'them'}.
        </p>
      )}
      {value && value.missing > 0 && (
        <p className={css.state}>
          <State kind="warn">
            {plural(value.missing, 'secret is', 'secrets are')} not in the keychain any more: restore{' '}
            {value.missing === 1 ? 'it' : 'them'} from a kit, or enter {value.missing === 1 ? 'it' : 'them'} again
          </State>
        </p>
      )}
      {value && (
        <div className={css.acts}>
          {canMake && (
            <Button variant="default" size="xs" onClick={() => setAsking('make')}>
              {value.madeAtMs === null ? 'Make a kit…' : 'Make it again…'}
            </Button>
          )}
          {value.madeAtMs !== null && (
            <Button variant="default" size="xs" onClick={() => setAsking('test')}>
              Test my words
            </Button>
          )}
          {value.keychain === 'available' && (
            <Button variant="default" size="xs" onClick={() => setAsking('restore')}>
              Restore from a kit…
            </Button>
          )}
        </div>
      )}
      {asking === 'make' && <MakeKitDialog onClose={close} />}
      {(asking === 'test' || asking === 'restore') && <OpenKitDialog purpose={asking} onClose={close} />}
    </section>
  )
}

function KitState({ status }: { status: KitStatus }) {
  const { secretCount, madeAtMs, testedAtMs } = status
  if (status.keychain === 'unavailable')
    return <State kind="warn">No keychain was found on this computer: there is nothing a kit could hold.</State>
  if (madeAtMs === null)
    return secretCount === 0 ? (
      <State kind="ok">No secrets in the keychain, so no kit is needed yet</State>
    ) : (
      <State kind="warn">No kit yet: {plural(secretCount, 'secret')} would be lost with this computer</State>
    )
  const words = `Made ${formatDay(madeAtMs)}, ${testedAtMs === null ? 'words not tested yet' : `words tested ${formatDay(testedAtMs)}`}`
  if (status.outdated) return <State kind="warn">{words}. Secrets have changed since: make it again</State>
  return <State kind="ok">{words}</State>
}
