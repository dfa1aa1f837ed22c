import { IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import type { LogLine } from '#shared/contract/logs.ts'
import { formatDay, formatTook } from '../../lib/format.ts'
import { State } from '../../ui/index.ts'
import css from './lists.module.css'

const seconds = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

export function LogRow({ line }: { line: LogLine }) {
  const [opened, setOpened] = useState(false)
  const id = useId()
  const words = [line.subject, line.outcome].filter((word) => word !== null && word !== '').join(', ')
  return (
    <li>
      <button
        type="button"
        data-row
        className={css.entry}
        aria-expanded={opened}
        aria-controls={opened ? id : undefined}
        onClick={() => setOpened(!opened)}
      >
        <IconChevronRight size={14} stroke={1.7} aria-hidden="true" />
        <time dateTime={new Date(line.atMs).toISOString()}>
          {formatDay(line.atMs)}, {seconds.format(line.atMs)}
        </time>
        <b>{line.operation}</b>
        <span>
          {line.level === 'info' ? (
            words
          ) : (
            <State kind={line.level === 'error' ? 'bad' : 'warn'}>
              <span className="ik-hidden">{line.level === 'error' ? 'Failure: ' : 'Warning: '}</span>
              {words === '' ? (line.level === 'error' ? 'failed' : 'warning') : words}
            </State>
          )}
        </span>
        <small>{line.durationMs === null ? '' : tookWords(line.durationMs)}</small>
      </button>
      {opened && (
        <div id={id} className={css.opened}>
          {line.detailsJson === '{}' ? (
            <p className="ik-dim">Nothing more was written with it.</p>
          ) : (
            <pre className={css.details}>{pretty(line.detailsJson)}</pre>
          )}
        </div>
      )}
    </li>
  )
}

const tookWords = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : formatTook(ms / 1_000))

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2)
  } catch {
    return json
  }
}
