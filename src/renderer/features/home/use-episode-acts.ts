import { useLocation } from 'wouter'
import type { EpisodeRow } from '#shared/contract/episodes.ts'
import { useCommand } from '../../lib/live.ts'
import { useVault } from '../../lib/use-vault.ts'
import { say } from '../../ui/say.tsx'

/** What can be done with a new episode from its row. */
/** @param approvedMicroUsd what the price beside the act says; undefined where it is free */
export function useEpisodeActs(row: Pick<EpisodeRow, 'id' | 'title'>, approvedMicroUsd?: number | undefined) {
  const start = useCommand('jobs', 'start')
  const setSeen = useCommand('episodes', 'setSeen')
  const openLink = useCommand('episodes', 'openLink')
  const vault = useVault()
  const [, navigate] = useLocation()
  const warn = (message: string) => say(message, { tone: 'warn' })

  const makeNotes = async () => {
    const ready = await vault.ready()
    if (!ready.ok) return warn(ready.error.message)
    const started = await start.run({
      episodeIds: [row.id],
      ...(approvedMicroUsd === undefined ? {} : { approvedMicroUsd }),
    })
    if (!started.ok) return warn(started.error.message)
    say(`Notes of “${row.title}” are being made.`, {
      key: `notes-${row.id}`,
      action: { label: 'Open', run: () => navigate(`/episodes/${row.id}`) },
    })
  }
  const markSeen = async () => {
    const marked = await setSeen.run({ episodeIds: [row.id], seen: true })
    if (!marked.ok) return warn(marked.error.message)
    say(`“${row.title}” is marked as seen.`, {
      undo: () => void setSeen.run({ episodeIds: [row.id], seen: false }),
    })
  }
  const open = async () => {
    const opened = await openLink.run({ episodeId: row.id })
    if (!opened.ok) warn(opened.error.message)
  }
  return { makeNotes, markSeen, openLink: open, starting: start.running }
}
