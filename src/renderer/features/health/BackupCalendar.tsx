import type { BackupStatus } from '#shared/contract/backup.ts'
import { slotsToShow } from './backup-words.ts'
import css from './health.module.css'

const stateWords = { kept: 'kept', missed: 'missed', 'before-first': 'before the first backup' } as const

/** The kept days, weeks and months, newest first; a missed one is hollow and says why. */
export function BackupCalendar({ status }: { status: BackupStatus }) {
  const slots = slotsToShow(status)
  if (slots.length === 0) return null
  const reasons = slots.filter((slot) => slot.state === 'missed' && slot.reason !== null)
  return (
    <>
      <ol className={css.slots} aria-label="Kept backups">
        {slots.map((slot, index) => (
          <li key={index} data-state={slot.state}>
            <i aria-hidden="true" />
            {slot.label}
            <span className="ik-hidden">: {stateWords[slot.state]}</span>
          </li>
        ))}
      </ol>
      {reasons.map((slot, index) => (
        <p key={index}>
          <small>
            {slot.label}: {slot.reason}
          </small>
        </p>
      ))}
    </>
  )
}
