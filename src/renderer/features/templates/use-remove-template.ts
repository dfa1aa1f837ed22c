import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/say.tsx'

/** Removes one of the user's templates; it can be taken back. */
export function useRemoveTemplate() {
  const command = useCommand('templates', 'remove')
  const undo = useCommand('templates', 'undoRemove')
  return {
    running: command.running,
    remove: async ({ name, title }: { name: string; title: string }): Promise<void> => {
      const removed = await command.run({ name })
      if (!removed.ok) return say(removed.error.message, { tone: 'warn' })
      say(`${title} is removed. Notes made with it stay.`, {
        undo: () => void undo.run({ name }).then((back) => say(back.ok ? `${title} is back.` : back.error.message)),
      })
    },
  }
}
