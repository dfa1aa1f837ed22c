import type { Price } from '#shared/contract/costs.ts'
import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/index.ts'

export const useSetPrice = () => useCommand('costs', 'setPrice')

/** Takes a price of the user's away; it can be undone. */
export function useRemovePrice() {
  const remove = useCommand('costs', 'removePrice')
  const set = useSetPrice()
  return async ({ own: _own, ...price }: Price): Promise<void> => {
    const done = await remove.run({ provider: price.provider, model: price.model })
    if (!done.ok) return say(done.error.message, { tone: 'warn' })
    const stands = done.value.some(({ provider, model }) => provider === price.provider && model === price.model)
    const name = price.model === '*' ? price.provider : price.model
    say(
      stands ? `The price that came with Inkwell stands for ${name} again.` : `${name} has no price of yours any more.`,
      {
        undo: () => {
          void set.run(price).then((undone) => {
            if (!undone.ok) say(undone.error.message, { tone: 'warn' })
          })
        },
      },
    )
  }
}
