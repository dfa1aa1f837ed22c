import type { IntakeItem } from '#shared/contract/intake.ts'
import { plural } from '../../lib/format.ts'

const verbs: Record<IntakeItem['action'], string> = {
  'add-feed': 'Add feed',
  'import-opml': 'Import feeds',
  'make-notes': 'Make notes',
  store: 'Store',
  none: '',
}

/** The button's verb for what lies in the box; null when nothing of it can be taken. */
export function verbOf(items: readonly IntakeItem[]): string | null {
  const actions = [...new Set(items.map((item) => item.action).filter((action) => action !== 'none'))]
  if (actions.length === 0) return null
  if (actions.length > 1) return `Take all ${items.filter((item) => item.action !== 'none').length}`
  const [action] = actions
  const count = items.filter((item) => item.action === action).length
  return action === 'add-feed' && count > 1 ? 'Add feeds' : verbs[action!]
}

interface Done {
  feedIds: string[]
  episodeIds: string[]
  jobIds: string[]
}

/** What was done, with the verb of the button; null where nothing was. */
export function doneWords({ feedIds, episodeIds, jobIds }: Done, items: readonly IntakeItem[]): string | null {
  const stored = episodeIds.length - jobIds.length
  const parts = [
    feedIds.length > 0
      ? `${plural(feedIds.length, 'feed')} added.`
      : items.some((item) => item.action === 'import-opml') && 'No new feed was in the list.',
    jobIds.length > 0 &&
      (jobIds.length === 1 ? 'Notes are being made.' : `Notes of ${jobIds.length} episodes are being made.`),
    stored > 0 && `${plural(stored, 'recording')} stored.`,
  ].filter(Boolean)
  return parts.length > 0 ? parts.join(' ') : null
}

/** Where what was taken can be seen. */
export function whereTo({ feedIds, episodeIds, jobIds }: Done): string {
  if (episodeIds.length === 1 && feedIds.length === 0) return `/episodes/${episodeIds[0]}`
  if (feedIds.length === 1 && episodeIds.length === 0) return `/feeds/${feedIds[0]}`
  return jobIds.length > 0 ? '/activity' : '/feeds'
}
