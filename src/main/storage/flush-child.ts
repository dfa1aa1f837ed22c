/** Run under strace by disk-faults.test.ts: writes settings while flushes fail, and prints what was acknowledged and what is there. */
import { join } from 'node:path'
import { openStorage, type Storage } from './storage.ts'

const path = join(process.argv[2]!, 'inkwell.db')
const troubles: string[] = []
function open(): Storage {
  const opened = openStorage(path, {
    clock: { now: () => 1 },
    origin: 'test',
    onTrouble: ({ kind }) => troubles.push(kind),
  })
  if (!opened.ok) throw new Error(opened.error.message)
  return opened.value
}
const namesIn = (storage: Storage): string[] =>
  storage.all<{ name: string }>("SELECT name FROM settings WHERE name LIKE 's%' ORDER BY name").map(({ name }) => name)

const storage = open()
const steps: { name: string; ok: boolean; code?: string; words?: string }[] = []
for (let n = 0; n < 12; n += 1) {
  const name = `s${String(n).padStart(2, '0')}`
  try {
    storage.write('settings.set', (tx) => {
      tx.run('INSERT INTO settings (name, value_json, updated_at_ms) VALUES (?, ?, 1)', [name, '"v"'])
      tx.audit(name, null, 1)
    })
    steps.push({ name, ok: true })
  } catch (error) {
    const { code, message } = error as Error & { code: string }
    steps.push({ name, ok: false, code, words: message })
  }
}
let found: string[] = []
try {
  found = namesIn(storage)
} catch {
  found = []
}
let later: string[] = []
try {
  storage.close()
  const again = open()
  later = namesIn(again)
  again.close()
} catch {
  later = found
}
process.stdout.write(JSON.stringify({ steps, found, later, troubles }))
