import {
  closeSync,
  ftruncateSync,
  linkSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSwapNames } from '../storage/swap-names.ts'
import { numbers, versionOf, versionText } from './race-versions.ts'

/**
 * Started by the editor race: `node race-editor.ts <file> in-place|aside|rename <ms> <seed>` saves without end and says for each
 * version, once it is saved, which of its own versions it overwrote.
 */
const [, , target, kind, ms, seed] = process.argv as unknown as [
  string,
  string,
  string,
  'in-place' | 'aside' | 'rename',
  string,
  string,
]
const next = numbers(Number(seed))
const swap = createSwapNames()

/** As editors do: what is not there is made. */
function openNow(): number {
  for (;;)
    for (const flags of ['r+', 'wx+'])
      try {
        return openSync(target, flags)
      } catch (error) {
        if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
      }
}
/** Truncates and writes the file that stands there. What it held is read through the same handle: nothing comes between. */
function saveInPlace(text: string): string {
  const file = openNow()
  try {
    const buffer = Buffer.alloc(1 << 20)
    const before = buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, 0))
    ftruncateSync(file, 0)
    writeSync(file, text, 0)
    return before
  } finally {
    closeSync(file)
  }
}
function takesFreeName(own: string): boolean {
  try {
    linkSync(own, target)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  }
  unlinkSync(own)
  return true
}
/** Writes a file of its own and renames it over: by an exchange, so that it can say what it displaced. */
async function saveAside(text: string): Promise<string> {
  const own = join(target, '..', `.editor-${process.pid}.swp`)
  writeFileSync(own, text)
  for (;;)
    try {
      if ((await swap(own, target)) !== 'done') throw new Error('the editor needs a file system that exchanges names')
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      // The name is free just now: a rename would take it.
      if (takesFreeName(own)) return ''
    }
  const before = readFileSync(own, 'utf8')
  unlinkSync(own)
  return before
}

function whileMissing<Value>(call: () => Value, otherwise: () => Value): Value {
  try {
    return call()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise()
    throw error
  }
}
/**
 * On disks that exchange nothing: what it displaces is what it saw there just before. Where it saw nothing, its last
 * version may have got its name back in between.
 */
function saveByRename(text: string, n: number): string {
  const own = join(target, '..', `.editor-${process.pid}.swp`)
  // Disks by FUSE lose sight of a name for a moment.
  const write = (): void => whileMissing(() => writeFileSync(own, text), write)
  write()
  const before = whileMissing(
    () => readFileSync(target, 'utf8'),
    () => versionText(Number(seed), n - 1),
  )
  renameSync(own, target)
  return before
}
const save = { 'in-place': saveInPlace, aside: saveAside, rename: saveByRename }[kind]

const lines: string[] = []
const end = performance.now() + Number(ms)
for (let n = 1; performance.now() < end; n++) {
  const text = versionText(Number(seed), n)
  const before = await save(text, n)
  lines.push(`${n} ${versionOf(before) ?? ''}`)
  // Bursts and pauses: the other side has to have its turn, or there is no race.
  if (next() < 0.5) await sleep(next() * 8)
}
process.stdout.write(lines.join('\n'))
