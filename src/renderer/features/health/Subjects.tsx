import { useState } from 'react'
import type { Finding } from '#shared/contract/health.ts'
import { formatCount } from '../../lib/format.ts'
import css from './checks.module.css'

const few = 3

/** Files, rows or feeds that a finding is about: the first few, the others when asked. */
export function Subjects({ finding }: { finding: Finding }) {
  const [all, setAll] = useState(false)
  if (finding.subjects.length === 0) return null
  const shown = all ? finding.subjects : finding.subjects.slice(0, few)
  const unlisted = finding.subjectCount - finding.subjects.length
  return (
    <>
      <ul className={css.subjects}>
        {shown.map((subject, index) => (
          <li key={index}>{subject}</li>
        ))}
      </ul>
      {finding.subjects.length > few && (
        <button type="button" className="ik-link" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${formatCount(finding.subjectCount)}`}
        </button>
      )}
      {(all || finding.subjects.length <= few) && unlisted > 0 && <small>and {formatCount(unlisted)} more</small>}
    </>
  )
}
