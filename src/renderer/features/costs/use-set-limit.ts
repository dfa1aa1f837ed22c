import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/index.ts'
import { changedWords, type LimitKind, type LimitScope } from './limit-words.ts'

interface Change {
  scope: LimitScope
  kind: LimitKind
  feedId?: string
  limitMicroUsd: number | null
}

/** Sets or takes away a limit, says what it does now, and offers to undo it. */
export function useSetLimit() {
  const command = useCommand('costs', 'setLimit')
  return async (change: Change, before: number | null, title: string): Promise<void> => {
    const done = await command.run(change)
    if (!done.ok) return say(done.error.message, { tone: 'warn' })
    say(changedWords(change.scope, change.kind, change.limitMicroUsd, title), {
      key: `limit-${change.scope}-${change.kind}-${change.feedId ?? ''}`,
      undo: () => {
        void command
          .run({ ...change, limitMicroUsd: before })
          .then((undone) =>
            undone.ok
              ? say(`As it was: ${changedWords(change.scope, change.kind, before, title)}`)
              : say(undone.error.message, { tone: 'warn' }),
          )
      },
    })
  }
}
