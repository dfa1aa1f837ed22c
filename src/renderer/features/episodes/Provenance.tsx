import { IconAlertTriangle, IconPencil } from '@tabler/icons-react'
import type { Note } from '#shared/contract/notes.ts'
import { formatDate, plural } from '../../lib/format.ts'
import { CoverageBar, Money } from '../../ui/index.ts'
import css from './episode.module.css'
import { coverage, provenance, quotesChecked } from './episode-model.ts'

/** The line above a note: who made it, which minutes it saw, how many of its quotes are real, what it cost. */
export function Provenance(props: {
  note: Note
  /** Of the recording; null where nobody knows. */
  totalSeconds: number | null
  onEarlier: () => void
}) {
  const { note, totalSeconds } = props
  const covers = coverage(note, totalSeconds)
  const quotes = quotesChecked(note)
  const warn = <IconAlertTriangle size={12} stroke={1.8} aria-hidden="true" />
  return (
    <p className={css.provenance}>
      {provenance(note, (ms) => formatDate(ms)).map((part) => (
        <span key={part}>{part}</span>
      ))}
      {covers && (
        <span className={covers.isPartial ? css.partial : undefined}>
          {totalSeconds !== null && (
            <CoverageBar spans={covers.spans} totalSeconds={totalSeconds} isPartial={covers.isPartial} />
          )}
          {covers.isPartial && warn} {covers.words}
        </span>
      )}
      {quotes && (
        <span className={quotes.isMissing ? css.partial : undefined}>
          {quotes.isMissing && warn} {quotes.words}
        </span>
      )}
      {note.state === 'edited' && (
        <span className={css.pen}>
          <IconPencil size={12} stroke={1.8} aria-hidden="true" /> Edited by you
        </span>
      )}
      <span>
        <Money microUsd={note.costMicroUsd === 0 && note.unknownCharges > 0 ? null : note.costMicroUsd} />
        {note.costMicroUsd > 0 && note.unknownCharges > 0 && (
          <span className={css.partial}> and {plural(note.unknownCharges, 'charge')} unknown</span>
        )}
      </span>
      <button type="button" className="ik-link" onClick={props.onEarlier}>
        Earlier texts
      </button>
    </p>
  )
}
