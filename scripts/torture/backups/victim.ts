/**
 * A process over a profile's backups: `node victim.ts <base> create|restore|back|keep-writing|keep-backing-up <n> [name]`.
 * The first three end by SIGKILL before the n-th file call that changes something; 0 never does.
 */
import { writeSync } from 'node:fs'
import { house } from '../../../src/main/backup/backup-testing.ts'
import { setControl } from '../shim/control.ts'
import { change, restore } from './ground.ts'

const [base, action, at, name = ''] = process.argv.slice(2) as [string, string, string, string?]
const say = (line: string): void => void writeSync(1, `${line}\n`)
const here = await house(base, action.startsWith('keep') ? { nowMs: Date.now() } : {})
let calls = 0
setControl({
  before: ({ path }) => {
    if (path.startsWith(base)) calls += 1
    if (calls === Number(at)) process.kill(process.pid, 'SIGKILL')
    return null
  },
})
const succeed = (result: { ok: boolean; error?: { message: string } }): void => {
  if (!result.ok) throw new Error(result.error!.message)
}
if (action === 'create') {
  const made = await here.backup.create({ withMedia: true })
  succeed(made)
  if (made.ok) say(`ack ${made.value.fileName}`)
} else if (action === 'restore') {
  const listed = await here.backup.list()
  if (!listed.ok) throw new Error(listed.error.message)
  succeed(await restore(here, listed.value[0]!.fileName))
  say('ack restored')
} else if (action === 'back') {
  succeed(await here.backup.switchBack())
  say('ack back')
} else if (action === 'keep-writing')
  for (let number = 0; ; number++) {
    change(here, `w-${name}-${number}`)
    say(`ack w-${name}-${number}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
else
  for (let number = 0; number < Number(at); number++) {
    const made = await here.backup.create()
    succeed(made)
    if (made.ok) say(`ack ${made.value.fileName}`)
  }
setControl()
here.storage.close()
say(`calls ${calls}`)
process.exit(0)
