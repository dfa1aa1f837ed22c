import { Button } from '@mantine/core'
import { useCrumbs } from '../../lib/crumbs.ts'
import { useLive } from '../../lib/live.ts'
import { Page, PageHead } from '../../ui/index.ts'
import { AuditSection } from './AuditSection.tsx'
import { BackupsSection } from './BackupsSection.tsx'
import { Checks } from './Checks.tsx'
import css from './health.module.css'
import { agoWords, verdictOf } from './health-words.ts'
import { Keeping } from './Keeping.tsx'
import { KitSection } from './KitSection.tsx'
import { ProgressLine } from './ProgressLine.tsx'
import { useHealthCheck } from './use-health-check.ts'
import { useNow } from './use-now.ts'

export function Overview() {
  useCrumbs([{ label: 'Data & health' }])
  const report = useLive('health', 'report', {}).value
  const check = useHealthCheck()
  const nowMs = useNow()
  const verdict = report && verdictOf(report)
  return (
    <Page>
      <PageHead
        title="Data & health"
        sentence={
          report && (
            <>
              {report.full ? 'Everything was read and compared' : 'What is quick to check was checked'}{' '}
              {agoWords(report.atMs, nowMs)}.{' '}
              <b className={css.tone} data-tone={verdict?.tone}>
                {verdict?.words}
              </b>
            </>
          )
        }
        actions={
          report &&
          !check.progress && (
            <Button variant="default" onClick={() => void check.run()}>
              Check again
            </Button>
          )
        }
      />
      {check.progress && (
        <ProgressLine
          progress={check.progress}
          label="Check of everything"
          stop={{ label: 'Cancel the check', run: check.cancel }}
        />
      )}
      <div className={css.columns}>
        <div>
          <Checks onCheck={check.progress ? null : () => void check.run()} />
          <Keeping />
        </div>
        <div>
          <BackupsSection />
          <KitSection />
          <AuditSection />
        </div>
      </div>
    </Page>
  )
}
