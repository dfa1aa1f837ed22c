/** Run as a process of its own by tests: opens a profile, waits for a line if told to, and prints what is there. */
import { once } from 'node:events'
import { countRows, openTestProfile } from './recovery-testing.ts'

const [profilePath, waits] = process.argv.slice(2)
if (waits) {
  process.stdout.write('ready\n')
  await once(process.stdin, 'data')
}
const { storage, notices } = await openTestProfile(profilePath!)
const told = notices.list().filter(({ kind }) => kind === 'recovered').length
process.stdout.write(`${JSON.stringify({ counts: countRows(storage), told })}\n`)
storage.close()
process.exit(0)
