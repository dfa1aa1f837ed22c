import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Job } from '#shared/contract/jobs.ts'
import { formatMoney } from '../../lib/format.ts'
import { useVault } from '../../lib/use-vault.ts'
import { Stages, say } from '../../ui/index.ts'
import css from './activity.module.css'
import { JobLog, LogButton } from './JobLog.tsx'
import { JobName } from './JobName.tsx'
import { isVaultTrouble } from './job-words.ts'
import { useRetryJob } from './use-retry-job.ts'

/** Says what happened and what is kept, with the button that mends it. */
export function StoppedJob({ job }: { job: Job }) {
  const [logOpened, setLogOpened] = useState(false)
  const { retry, running } = useRetryJob(job)
  const vault = useVault()
  const approve = job.error?.approveMicroUsd ?? null
  const words = job.error?.message ?? job.words
  const chooseFolder = async () => {
    const chosen = await vault.choose()
    if (!chosen.ok) say(chosen.error.message, { tone: 'warn' })
    else if (chosen.value) void retry()
  }
  return (
    <li className={css.job}>
      <div className={css.big}>
        <JobName job={job} size={44} />
        <div className={css.progress}>
          <Stages labels failed stage={job.stage} fraction={job.fraction} words={words} title={job.episodeTitle} />
          <p>
            <FirstSentenceFirst words={words} />
          </p>
        </div>
        <div className={`${css.acts} ${css.actsWide}`}>
          <LogButton job={job} opened={logOpened} onToggle={() => setLogOpened(!logOpened)} />
          {job.error && isVaultTrouble(job.error.code) && (
            <Button variant="default" size="xs" onClick={chooseFolder}>
              Choose another folder
            </Button>
          )}
          {approve !== null && (
            <Button size="xs" loading={running} onClick={() => void retry(approve)}>
              Spend {formatMoney(approve)}
              <span className="ik-hidden"> on {job.episodeTitle}</span>
            </Button>
          )}
          {approve === null && (job.error?.retryable ?? true) && (
            <Button variant="default" size="xs" loading={running} onClick={() => void retry()}>
              Retry<span className="ik-hidden"> {job.episodeTitle}</span>
            </Button>
          )}
        </div>
      </div>
      {logOpened && <JobLog job={job} />}
    </li>
  )
}

/** The cause stands out; what is kept and what to do follow. */
function FirstSentenceFirst({ words }: { words: string }) {
  const end = /[.!?](?=\s+[A-Z0-9“])/u.exec(words)
  if (!end) return <b className={css.cause}>{words}</b>
  return (
    <>
      <b className={css.cause}>{words.slice(0, end.index + 1)}</b>
      {words.slice(end.index + 1)}
    </>
  )
}
