import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/say.tsx'

/** Chooses the notes that are made for new episodes; one always stays chosen. */
export function useSetDefaults() {
  const command = useCommand('templates', 'setDefaults')
  return async (names: string[]): Promise<void> => {
    if (names.length === 0) {
      say('One template stays chosen: without it there would be no notes.', { tone: 'warn' })
      return
    }
    const set = await command.run({ names })
    if (!set.ok) say(set.error.message, { tone: 'warn' })
  }
}
