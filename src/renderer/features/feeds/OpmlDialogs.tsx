import { Button, Checkbox, Modal } from '@mantine/core'
import { useState } from 'react'
import type { OpmlReport } from '#shared/contract/feeds.ts'
import type { Failure } from '#shared/result.ts'
import { plural } from '../../lib/format.ts'
import { useCommand } from '../../lib/live.ts'
import { FailureNote, State, type StateKind, say } from '../../ui/index.ts'
import css from './feeds.module.css'

type Line = OpmlReport['lines'][number]
const outcomes: Record<Line['outcome'], { order: number; kind: StateKind; words: string }> = {
  failed: { order: 0, kind: 'bad', words: 'Failed' },
  refused: { order: 1, kind: 'warn', words: 'Refused' },
  added: { order: 2, kind: 'ok', words: 'Added' },
  'already-followed': { order: 3, kind: 'wait', words: 'Already followed' },
}

/** Failures first, else as in the file. */
export const reportOrder = (lines: readonly Line[]): Line[] =>
  [...lines].sort((a, b) => outcomes[a.outcome].order - outcomes[b.outcome].order || a.line - b.line)

/** One line for each entry of the file. */
export function OpmlReportDialog({ report, onClose }: { report: OpmlReport; onClose: () => void }) {
  const sentence = [
    `${plural(report.added, 'feed')} added`,
    `${report.alreadyFollowed} already followed`,
    `${report.failed} could not be added`,
  ].join(', ')
  return (
    <Modal opened onClose={onClose} title="OPML read" size={680} closeButtonProps={{ 'aria-label': 'Close' }}>
      <p className={css.words}>{sentence}.</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={css.report} tabIndex={0} aria-label="Entries">
        <ul>
          {reportOrder(report.lines).map((line) => (
            <li key={line.line}>
              <span className="ik-dim ik-tabular">Line {line.line}</span>
              <span>
                <b>{line.title ?? line.urlDisplay ?? 'No title'}</b>
                <small>{line.message}</small>
              </span>
              <State kind={outcomes[line.outcome].kind}>{outcomes[line.outcome].words}</State>
            </li>
          ))}
        </ul>
      </section>
      <footer className={css.foot}>
        <Button onClick={onClose} data-autofocus>
          Done
        </Button>
      </footer>
    </Modal>
  )
}

/** Private feeds are left out unless chosen: their addresses are passwords. */
export function ExportOpmlDialog({ privateCount, onClose }: { privateCount: number; onClose: () => void }) {
  const exportOpml = useCommand('feeds', 'exportOpml')
  const [includePrivate, setIncludePrivate] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const save = async () => {
    const done = await exportOpml.run({ includePrivate })
    if (!done.ok) return setFailure(done.error)
    if (!done.value) return
    const { feeds, fileName, leftOut } = done.value
    say(`${plural(feeds, 'feed')} written to ${fileName}.${leftOut > 0 ? ` ${leftOut} private left out.` : ''}`)
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title="Export OPML" size={480} closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className={css.form}>
        <p className={css.words}>
          A list of your feeds that other podcast programs can read. You choose where it goes.
        </p>
        {privateCount > 0 && (
          <Checkbox
            label={`Include ${plural(privateCount, 'private feed')} with ${privateCount === 1 ? 'its secret' : 'their secrets'}`}
            checked={includePrivate}
            onChange={(event) => setIncludePrivate(event.target.checked)}
          />
        )}
        {includePrivate && (
          <p className={css.warning} role="status">
            <State kind="warn">
              Whoever has the file can listen as you. Keep it out of mail and shared folders, and delete it after use.
            </State>
          </p>
        )}
        {failure && <FailureNote failure={failure} />}
        <footer className={css.foot}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={exportOpml.running} onClick={() => void save()} data-autofocus>
            Save the file…
          </Button>
        </footer>
      </div>
    </Modal>
  )
}
