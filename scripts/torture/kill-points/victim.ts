/**
 * The process that is killed: `node victim.ts <root> <scenario> <acks> act|recover`. It loads everything, names its
 * threads, and waits for a line; what it does then is counted call by call.
 */
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { openHome, Refused } from '../home.ts'
import { scenarioCalled } from '../scenarios/index.ts'
import { setControl } from '../shim/control.ts'

const [root, name, acks, action] = process.argv.slice(2) as [string, string, string, string]
const scenario = scenarioCalled(name)
const journal = openSync(acks, 'a')
// The pool's one thread starts with its first task.
await stat(root)
const threads = readdirSync('/proc/self/task').flatMap((id) => {
  try {
    return [{ id: Number(id), name: readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim() }]
  } catch {
    // It has ended in the meantime.
    return []
  }
})
process.stdout.write(`${JSON.stringify(threads)}\n`)
await new Promise((resolve) => process.stdin.once('data', resolve))

const killAt = Number(process.env.INKWELL_TORTURE_KILL_AT ?? 0)
const traced: string[] = []
let calls = 0
setControl({
  before: ({ name: call, path, to }) => {
    if (!path.startsWith(root)) return null
    calls += 1
    if (calls === killAt) process.kill(process.pid, 'SIGKILL')
    traced.push(`${call} ${(to ?? path).slice(root.length)}`)
    return null
  },
})
try {
  const home = await openHome(root)
  try {
    if (action === 'recover') await home.house.start()
    else await scenario.act(home, (what) => void writeSync(journal, `${what}\n`))
  } finally {
    await home.close()
  }
} catch (error) {
  // Refused, or an error of the system or the database that its caller got: expected where something was made to fail.
  if (!(error instanceof Refused) && typeof (error as NodeJS.ErrnoException).code !== 'string') throw error
}
closeSync(journal)
if (process.env.INKWELL_TORTURE_SHIM === '1') process.stdout.write(`${JSON.stringify(traced)}\n`)
process.exit(0)
