import { plural } from '../../lib/format.ts'
import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/say.tsx'

/** Takes finished jobs off the list; their notes stay. */
export function useClearFinished() {
  const command = useCommand('jobs', 'clearFinished')
  return {
    running: command.running,
    clear: async () => {
      const cleared = await command.run({})
      if (!cleared.ok) return say(cleared.error.message, { tone: 'warn' })
      say(`${plural(cleared.value.cleared, 'job')} cleared from the list. Their notes stay.`)
    },
  }
}
