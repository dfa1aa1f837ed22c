import { lastWrite } from './kill-scenario.ts'
import { house, watchedFs, watchedSwap } from './notes-testing.ts'

/** Started by the kill test: `node kill-child.ts <root> <n>` dies before its n-th change. */
const [, , root, at] = process.argv
let calls = 0
const before = (): void => {
  calls += 1
  if (calls === Number(at)) process.kill(process.pid, 'SIGKILL')
}
const home = await house({ fs: watchedFs(before), swapNames: watchedSwap(before) }, root)
await lastWrite(home)
home.leave()
