import type { Backup, BackupStatus } from '#shared/contract/backup.ts'
import { formatBytes, listOf, plural } from '../../lib/format.ts'

/** "214 MB, encrypted, with recordings" */
export const factsOf = (backup: Backup): string =>
  [
    formatBytes(backup.bytes),
    backup.encrypted ? 'encrypted' : 'not encrypted',
    ...(backup.withMedia ? ['with recordings'] : []),
  ].join(', ')

/** "1,204 notes, 12 feeds and 54 episodes"; null where a backup does not say what it holds. */
export function contentsOf(backup: Backup): string | null {
  if (!backup.counts) return null
  const { feeds, episodes, notes, interviews } = backup.counts
  return listOf([
    plural(feeds, 'feed'),
    plural(episodes, 'episode'),
    plural(notes, 'note'),
    ...(interviews > 0 ? [plural(interviews, 'interview')] : []),
  ])
}

/** How backups are made: "Every day, not encrypted, without recordings. 7 days, 4 weeks and 6 months are kept." */
export function habitOf(status: BackupStatus): string {
  const { daily, weekly, monthly } = status.keep
  const how = [
    status.automatic ? 'Made every day' : 'Made only when you choose it',
    status.encrypted ? 'encrypted' : 'not encrypted',
    status.withMedia ? 'with recordings' : 'without recordings',
  ].join(', ')
  const kept = listOf([plural(daily, 'day'), plural(weekly, 'week'), plural(monthly, 'month')])
  return status.automatic ? `${how}. ${kept} are kept.` : `${how}.`
}

/** The slots to draw: what lies before the first backup is of no use at the end of the line. */
export function slotsToShow(status: BackupStatus): BackupStatus['slots'] {
  const last = status.slots.findLastIndex((slot) => slot.state !== 'before-first')
  return status.slots.slice(0, last + 1)
}
