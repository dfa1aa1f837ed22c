/** The exchange of two names for the sources under src/main: asks `control` first, as every other call does. */
import { createSwapNames as real, type SwapNames } from '../../../src/main/storage/swap-names.ts'
import { control } from './control.ts'

export * from '../../../src/main/storage/swap-names.ts'

export const createSwapNames = (platform?: NodeJS.Platform): SwapNames => {
  const swap = real(platform)
  return async (one, other) => {
    const call = { name: 'swap', path: one, to: other }
    control.before(call)
    const done = await swap(one, other)
    if (done === 'done') control.after(call)
    return done
  }
}
