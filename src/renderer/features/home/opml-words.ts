import type { OpmlReport } from '#shared/contract/feeds.ts'
import { plural } from '../../lib/format.ts'

/** What came of an OPML file, in one or two sentences. */
export function opmlWords(report: OpmlReport): string {
  const parts = [`${plural(report.added, 'feed')} added.`]
  if (report.alreadyFollowed > 0) parts.push(`${report.alreadyFollowed} were followed already.`)
  const missing = report.lines.filter((line) => line.outcome === 'failed' || line.outcome === 'refused')
  if (missing.length > 0) {
    const named = missing.slice(0, 3).map((line) => `line ${line.line}: ${line.message.replace(/\.$/, '')}`)
    parts.push(`${missing.length} could not be taken (${named.join('; ')}${missing.length > 3 ? '; …' : ''}).`)
  }
  return parts.join(' ')
}
