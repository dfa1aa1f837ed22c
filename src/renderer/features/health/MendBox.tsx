import { Button } from '@mantine/core'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { Finding, MendPreview } from '#shared/contract/health.ts'
import { formatCount } from '../../lib/format.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { FailureNote, Loading, say } from '../../ui/index.ts'
import css from './checks.module.css'

/** Old, new and what is not touched; nothing changes before the button with the verb. */
export function MendBox(props: {
  id: string
  finding: Finding
  leaving: boolean
  onLeave: () => void
  onMended: () => void
  onClose: () => void
}) {
  const preview = useLive('health', 'previewMend', { findingId: props.finding.id })
  const mend = useCommand('health', 'mend')
  const box = useRef<HTMLElement | null>(null)
  useEffect(() => box.current?.focus(), [])
  const shown = preview.value
  const run = async () => {
    if (!shown) return
    const done = await mend.run({ findingId: props.finding.id, token: shown.token })
    if (!done.ok) return
    say(done.value.message)
    props.onMended()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') props.onClose()
  }
  return (
    <section
      ref={box}
      id={props.id}
      className={css.mend}
      tabIndex={-1}
      aria-label={`What mending would do: ${props.finding.title}`}
      onKeyDown={onKeyDown}
    >
      <header>
        <h4>What mending would do</h4>
        {shown && <small>{shown.scope}</small>}
      </header>
      {preview.failure && <FailureNote failure={preview.failure} onRetry={preview.again} mendLabel="Look again" />}
      {preview.loading && <Loading rows={2} label="Looking at what mending would do" />}
      {shown && shown.rows.length > 0 && <MendRows preview={shown} />}
      {mend.failure && (
        <FailureNote
          failure={mend.failure}
          tone={mend.failure.code === 'changed-meanwhile' ? 'warn' : 'bad'}
          onRetry={preview.again}
          mendLabel="Preview again"
        />
      )}
      <footer>
        <Button variant="subtle" loading={props.leaving} onClick={props.onLeave}>
          Leave as it is
        </Button>
        <Button disabled={!shown} loading={mend.running} onClick={() => void run()}>
          {shown?.label ?? props.finding.mendLabel}
        </Button>
      </footer>
    </section>
  )
}

function MendRows({ preview }: { preview: MendPreview }) {
  const more = preview.rowCount - preview.rows.length
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={css.rows} tabIndex={0} aria-label="Before and after">
      <table>
        <thead className="ik-hidden">
          <tr>
            <th scope="col">Before</th>
            <th scope="col">After</th>
            <th scope="col">Remark</th>
          </tr>
        </thead>
        <tbody>
          {preview.rows.map((row, index) => (
            <tr key={index}>
              <td>{row.before === '' ? <span className="ik-dim">nothing</span> : <del>{row.before}</del>}</td>
              <td>{row.after === '' ? <span className="ik-dim">nothing</span> : <ins>{row.after}</ins>}</td>
              <td>{row.remark}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p className="ik-dim">and {formatCount(more)} more of the same kind</p>}
    </section>
  )
}
