import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/say.tsx'

/** Changes settings; a failure is said, and the switch shows what is kept. */
export function useSetSettings() {
  const command = useCommand('settings', 'set')
  return async (change: Parameters<typeof command.run>[0]): Promise<void> => {
    const changed = await command.run(change)
    if (!changed.ok) say(changed.error.message, { tone: 'warn' })
  }
}
