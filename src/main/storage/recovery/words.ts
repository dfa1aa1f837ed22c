import type { TrailEntry } from '../trail-head.ts'
import type { GoodCopy } from './good-copies.ts'
import type { Plan } from './quarantine.ts'
import type { Salvaged } from './salvage.ts'

const names: Readonly<Record<string, readonly [one: string, many: string]>> = {
  feeds: ['feed', 'feeds'],
  episodes: ['episode', 'episodes'],
  transcripts: ['transcript', 'transcripts'],
  jobs: ['job', 'jobs'],
  audit: ['entry of the trail', 'entries of the trail'],
  settings: ['setting', 'settings'],
  cost_entries: ['cost entry', 'cost entries'],
  interview_sessions: ['interview', 'interviews'],
  interview_exchanges: ['answer of an interview', 'answers of interviews'],
  note_files: ['note', 'notes'],
}
const counted = (count: number, [one, many]: readonly [string, string]): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

/** e.g. `2026-11-23 03:04 UTC` */
export const moment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** What was damaged, where it is, what is in use now and what may be missing. */
export function recoveryWords(
  plan: Plan,
  copy: GoodCopy | null,
  salvaged: Salvaged | null,
  cut: CutTrail | null,
): string {
  return [
    `Found at ${moment(plan.at_ms)}: ${plan.reason}.`,
    plan.files.length > 0
      ? `The damaged files lie unchanged in quarantine/${plan.stamp} of the profile.`
      : 'There was no file left to set aside.',
    copy ? `In use now: ${copy.label}` : 'There was no good copy; a new database is in use',
    `${copy ? ', ' : ', with '}${broughtBack(salvaged, copy !== null)}.`,
    ...missing(salvaged),
    ...(cut ? [`Missing from the trail: ${gapWords(cut)}.`] : []),
  ]
    .join(' ')
    .replaceAll(' , ', ', ')
}

/** A database that ends before its trail did. */
export interface CutTrail {
  /** The last entry that is known to have been there. */
  readonly reached: TrailEntry
  readonly end: TrailEntry
}
export function gapWords({ reached, end }: CutTrail): string {
  const entries = counted(reached.id - end.id, names.audit!)
  const after = end.id === 0 ? 'all of it' : `after entry ${end.id}${end.atMs > 0 ? ` of ${moment(end.atMs)}` : ''}`
  return `${entries}, ${after}, up to entry ${reached.id} of ${moment(reached.atMs)}`
}

function broughtBack(salvaged: Salvaged | null, isOntoCopy: boolean): string {
  if (!salvaged) return `${isOntoCopy ? 'with ' : ''}nothing from the damaged file, which could not be read`
  const entries = Object.entries(salvaged.broughtBack)
  const known = entries.flatMap(([table, count]) => (count > 0 && names[table] ? [counted(count, names[table])] : []))
  const total = entries.reduce((sum, [, count]) => sum + count, 0)
  const rows = `${counted(total, ['row', 'rows'])}${known.length > 0 ? ` (${known.join(', ')})` : ''}`
  return isOntoCopy ? `and ${rows} that were newer in the damaged file` : `${rows} from the damaged file`
}

function missing(salvaged: Salvaged | null): string[] {
  if (!salvaged) return ['What was new since the copy may be missing.']
  const { damaged, incomplete, orphans, foreign } = salvaged
  if (foreign === 'file') return ['That file is of another profile, and nothing was taken from it.']
  return [
    ...(foreign === 'log' ? ['The log beside it is of another profile, and nothing was taken from it.'] : []),
    incompleteWords(incomplete),
    ...(damaged > 0
      ? [`${counted(damaged, ['row does', 'rows do'])} not match their checksum; the health check names them.`]
      : []),
    ...(orphans > 0
      ? [`${counted(orphans, ['row', 'rows'])} without what they belong to were left out; feeds bring them again.`]
      : []),
  ]
}

function incompleteWords(incomplete: readonly string[]): string {
  if (incomplete.length === 0) return 'Everything in it could be read.'
  const known = incomplete.flatMap((table) => names[table]?.[1] ?? [])
  if (known.length === Object.keys(names).length)
    return 'Its lists were lost, so that its pages were gone through one by one: something may be missing.'
  return `Parts could not be read, so that something may be missing${known.length > 0 ? ` of: ${known.join(', ')}` : ''}.`
}
