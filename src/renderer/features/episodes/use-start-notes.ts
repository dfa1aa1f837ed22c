import { useLocation } from 'wouter'
import type { RungId } from '#shared/contract/transcripts.ts'
import { plural } from '../../lib/format.ts'
import { useCommand } from '../../lib/live.ts'
import { useVault } from '../../lib/use-vault.ts'
import { say } from '../../ui/index.ts'

export interface StartOptions {
  readonly rung?: RungId | null
  /** What the price on the button said, in micro-dollars for each job. */
  readonly approvedMicroUsd?: number | undefined
}

/** `jobs.start`, after the notes folder is known. The view shows VaultLine while it is not. */
export function useStartNotes() {
  const start = useCommand('jobs', 'start')
  const vault = useVault()
  const [, go] = useLocation()
  return {
    running: start.running,
    /** `templates` null: the ones chosen in Settings. Says what happened; true when something was started. */
    start: async (
      episodeIds: readonly string[],
      templates: readonly string[] | null,
      { rung, approvedMicroUsd }: StartOptions = {},
    ): Promise<boolean> => {
      if (episodeIds.length === 0) return false
      const ready = await vault.ready()
      const done = ready.ok
        ? await start.run({
            episodeIds: [...episodeIds],
            ...(templates ? { templates: [...templates] } : {}),
            ...(rung ? { rung } : {}),
            ...(approvedMicroUsd === undefined ? {} : { approvedMicroUsd }),
          })
        : ready
      if (!done.ok) {
        say(done.error.message, { tone: 'warn' })
        return false
      }
      const { jobIds, skipped } = done.value as { jobIds: string[]; skipped: number }
      const already = skipped > 0 ? ` ${plural(skipped, 'episode')} under way already.` : ''
      say(
        jobIds.length === 0
          ? `Nothing new to start.${already}`
          : `Making notes of ${plural(jobIds.length, 'episode')}.${already}`,
        {
          // What comes of it takes the place of this.
          ...(episodeIds.length === 1 ? { key: `notes-${episodeIds[0]}` } : {}),
          action: { label: 'Activity', run: () => go('/activity') },
        },
      )
      return jobIds.length > 0
    },
  }
}
