import { createHash } from 'node:crypto'
import type { CheckName, Finding, MendPreview } from '#shared/contract/health.ts'
import type { Result } from '#shared/result.ts'

/** One run over the house, as a check sees it. */
export interface Pass {
  /** Read everything; otherwise what is quick at start. */
  readonly full: boolean
  readonly signal: AbortSignal
  /** Lets the windows have their turn when this slice was long enough. Rejects when the run was cancelled. */
  breathe(): Promise<void>
  /** @param fraction 0 to 1 of this check */
  progress(fraction: number): void
}

export interface Check {
  readonly name: CheckName
  /** While it runs, e.g. "Reading the recordings". */
  readonly words: string
  /** What throws leaves the check undone; it never ends the run. */
  run(pass: Pass): Promise<Checked>
}
export interface Checked {
  /** What was looked at, e.g. "Database pages, 41,820 rows with a checksum". */
  readonly title: string
  /** Short, e.g. "all match". */
  readonly facts: string
  readonly findings: readonly Found[]
}

/** A finding as main knows it: with what mends it. */
export interface Found extends Omit<Finding, 'check' | 'mendLabel'> {
  /** Hash of how the trouble looks: the same id with another look is shown again although it was left. */
  readonly look: string
  /** Seen by a full run only: a quick one that does not see it says nothing about it. */
  readonly deep: boolean
  readonly mend: Mend | null
}

export interface Mend {
  /** The verb of the button. */
  readonly label: string
  /** Looks again and says what would be done; writes nothing. */
  prepare(): Promise<Prepared> | Prepared
}
export interface Prepared extends Pick<MendPreview, 'scope' | 'rows'> {
  /** More than what is told in `rows` that must be the same when it is done. */
  readonly seen?: unknown
  readonly rowCount?: number
  /** Does exactly what was told, or throws ChangedMeanwhile. @returns what was done, as a whole sentence */
  perform(): Promise<Result<string>> | Result<string>
}

/** Thrown inside a transaction it rolls all of it back. */
export class ChangedMeanwhile extends Error {}

export const hashOf = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('hex')

/** Subjects a finding names; the rest are counted. */
const maxSubjects = 100

export interface FoundInput extends Pick<Finding, 'id' | 'severity' | 'title'> {
  readonly detail?: string
  readonly subjects?: readonly string[]
  readonly deep?: boolean
  readonly mend?: Mend | null
  readonly page?: Finding['page']
  /** What tells this trouble from another with the same id; the subjects when not given. */
  readonly look?: unknown
}

export const found = ({ id, severity, title, detail, subjects = [], deep, mend, look, page }: FoundInput): Found => ({
  id,
  severity,
  title,
  detail: detail ?? null,
  subjects: subjects.slice(0, maxSubjects),
  subjectCount: subjects.length,
  look: hashOf([id, look ?? subjects]),
  deep: deep ?? false,
  mend: mend ?? null,
  page: page ?? null,
})
