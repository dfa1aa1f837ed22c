import { formatBytes } from '../../lib/format.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { say } from '../../ui/index.ts'
import { useProgress } from './use-progress.ts'

/** Makes a backup; `progress` also tells of one that runs by itself. */
export function useBackup() {
  const create = useCommand('backup', 'create')
  const cancel = useCommand('backup', 'cancel')
  const status = useLive('backup', 'status', {})
  const progress = useProgress('backup', status.value?.running, create.running)
  return {
    progress,
    run: async () => {
      const made = await create.run({})
      status.again()
      if (made.ok) say(`Backed up, ${formatBytes(made.value.bytes)}.`)
      else if (made.error.code === 'cancelled') say(made.error.message)
      else say(made.error.message, { tone: 'warn' })
    },
    cancel: () => void cancel.run({}),
  }
}
