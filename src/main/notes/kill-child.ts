import { lastWrite } from './kill-scenario.ts'
import { house, watchedFs } from './notes-testing.ts'

/** Started by the kill test: `node kill-child.ts <root> <n> write|recover` dies before its n-th change. */
const [, , root, at, action] = process.argv
let calls = 0
const fs = watchedFs(() => {
  calls += 1
  if (calls === Number(at)) process.kill(process.pid, 'SIGKILL')
})
const home = await house({ fs }, root)
if (action === 'recover') await home.notes.recover()
else await lastWrite(home)
home.leave()
