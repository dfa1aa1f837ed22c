import { IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import type { AuditEntry } from '#shared/contract/audit.ts'
import { formatDay, formatTime } from '../../lib/format.ts'
import { State } from '../../ui/index.ts'
import { fieldsOf } from './audit-words.ts'
import css from './lists.module.css'

export function AuditRow({ entry }: { entry: AuditEntry }) {
  const [opened, setOpened] = useState(false)
  const id = useId()
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
        <time dateTime={new Date(entry.atMs).toISOString()}>
          {formatDay(entry.atMs)}, {formatTime(entry.atMs)}
        </time>
        <b>{entry.title}</b>
        <span>
          {entry.subject} <small>{entry.summary}</small>
          {!entry.intact && <State kind="bad">Not as it was written</State>}
        </span>
        <small>{entry.origin === 'headless' ? 'command line' : ''}</small>
      </button>
      {opened && <BeforeAfter id={id} entry={entry} />}
    </li>
  )
}

function BeforeAfter({ id, entry }: { id: string; entry: AuditEntry }) {
  const fields = fieldsOf(entry)
  return (
    <div id={id} className={css.opened}>
      {fields.length === 0 ? (
        <p className="ik-dim">Nothing more was written down for this act.</p>
      ) : (
        <table className={css.fields}>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <tr key={field.name} data-changed={field.changed || undefined}>
                <th scope="row">{field.name === '' ? 'Value' : field.name}</th>
                <td>{field.before ?? <span className="ik-dim">–</span>}</td>
                <td>{field.after ?? <span className="ik-dim">–</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p>
        <small>
          {entry.action}, entry {entry.id}
          {!entry.intact && '. Its checksum does not match: something outside Inkwell changed it.'}
        </small>
      </p>
    </div>
  )
}
