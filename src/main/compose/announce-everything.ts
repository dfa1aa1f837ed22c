import type { Events } from '../ports.ts'
import { anyEpisode } from '../transcripts/any-episode.ts'

const bare = [
  'backup',
  'costs',
  'health',
  'kit',
  'logs',
  'models',
  'retention',
  'settings',
  'speech',
  'templates',
] as const

/** Another process has committed: every view reads again. */
export function announceEverything(events: Events): void {
  for (const event of ['feeds.changed', 'episodes.changed'] as const) events.emit(event, { feedId: null })
  events.emit('jobs.changed', { jobId: null })
  for (const feature of bare) events.emit(`${feature}.changed`, {})
  for (const event of ['notes.changed', 'transcripts.changed'] as const) events.emit(event, { episodeId: anyEpisode })
}
