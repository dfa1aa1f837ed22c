/**
 * Run as a process of its own by trail-head.test.ts: adds entries to the trail, as many as told, says each, and closes
 * the profile, if told to only when its input ends.
 */
import { once } from 'node:events'
import { openTestProfile } from './recovery/recovery-testing.ts'

const [profilePath, count, waits] = process.argv.slice(2)
const { storage } = await openTestProfile(profilePath!)
for (let n = 0; n < Number(count); n += 1) {
  storage.write('settings.set', (tx) => tx.audit('test', null, { n, pid: process.pid }))
  process.stdout.write('.')
}
if (waits) await once(process.stdin.resume(), 'end')
storage.close()
process.exit(0)
