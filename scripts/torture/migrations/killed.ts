/** Opens a profile's database and ends at a statement: `node killed.ts <path> <statement>`; 0 never does. */
import { openStorage } from '../../../src/main/storage/storage.ts'
import { announceStatements } from './statements.ts'

const [path, at] = process.argv.slice(2) as [string, string]
let count = 0
announceStatements(() => {
  count += 1
  if (count === Number(at)) process.kill(process.pid, 'SIGKILL')
})
const opened = openStorage(path, { clock: { now: () => Date.now() }, origin: 'app' })
if (opened.ok) opened.value.close()
