/** A process of its own for the tests: `node kill-child.ts <folder> <seconds> <piece>` is killed when that piece was heard, before or after it is kept. */
import { ok } from '#shared/result.ts'
import { rungHouse } from './rung-house.ts'
import { hear, scriptOf } from './script.ts'

const [folder, seconds, killAt, when] = process.argv.slice(2) as [string, string, string, string]
const script = scriptOf(Number(seconds))
let pieces = 0
const house = await rungHouse(folder, Number(seconds), {
  engine: {
    transcribe: async (_, { fromSeconds, toSeconds }) => {
      pieces += 1
      // At the beginning of the next, the one before is kept: that is `after`.
      if (pieces === Number(killAt) + (when === 'after' ? 1 : 0)) process.kill(process.pid, 'SIGKILL')
      return ok({
        segments: hear(script, fromSeconds, toSeconds),
        seconds: toSeconds - fromSeconds,
        spokenSeconds: 1,
        language: 'en',
        repeatsRemoved: 0,
        workMs: 1,
      })
    },
  },
})
await house.run()
house.storage.close()
