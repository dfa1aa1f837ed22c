import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { errorCode, type FileSystem, syncFolder } from './write-file.ts'

/** An entry of the trail. */
export interface TrailEntry {
  readonly id: number
  readonly atMs: number
}
/**
 * How far the trail had come, in a small file beside the database: without its log and the log's index the database is
 * an older one, whole, and SQLite opens it without a word.
 *
 * It is written after a commit and never before, so that it names nothing that was not flushed; it is not flushed itself,
 * so that a power cut may leave it behind but never ahead. Each process has a place of its own in it, else a slow one
 * would write its lower number over a higher one; the highest counts. What cannot be read is no alarm.
 */
export interface TrailHead {
  /** After the commit of this entry. Never throws: what it is for has happened. */
  reached(entry: TrailEntry): void
  close(): void
}

const fileName = 'trail-head'
const recordBytes = 64
const places = 8

/** One line: `trail-head 1 <id> <milliseconds> <CRC-32 of what stands before>`. */
function recordOf({ id, atMs }: TrailEntry): Buffer {
  const words = `trail-head 1 ${String(id).padStart(16, '0')} ${String(atMs).padStart(16, '0')} `
  return Buffer.from(`${words}${sumOf(words)}`.padEnd(recordBytes - 1).concat('\n'), 'latin1')
}
const sumOf = (words: string): string => crc32(words).toString(16).padStart(8, '0')

const record = /^(trail-head 1 (\d{16}) (\d{16}) )([0-9a-f]{8}) *\n$/
function entryIn(line: string): TrailEntry | null {
  const [, words, id, atMs, sum] = record.exec(line) ?? []
  return words !== undefined && sumOf(words) === sum ? { id: Number(id), atMs: Number(atMs) } : null
}

/** The last entry that any process is known to have committed; null when nothing readable says so. */
export function readTrailHead(profilePath: string): TrailEntry | null {
  let text: string
  try {
    text = readFileSync(join(profilePath, fileName), 'latin1')
  } catch {
    return null
  }
  let last: TrailEntry | null = null
  for (let place = 0; place < places; place += 1) {
    const entry = entryIn(text.slice(place * recordBytes, (place + 1) * recordBytes))
    if (entry && (last === null || entry.id > last.id)) last = entry
  }
  return last
}

/** Where the file cannot be written there is none: nothing depends on it. */
export function openTrailHead(profilePath: string): TrailHead {
  const at = (process.pid % places) * recordBytes
  let file: number | null = null
  try {
    file = openSync(join(profilePath, fileName), constants.O_RDWR | constants.O_CREAT, 0o600)
  } catch {
    file = null
  }
  return {
    reached: (entry) => {
      try {
        if (file !== null) writeSync(file, recordOf(entry), 0, recordBytes, at)
      } catch {
        // A full or failing disk: it stays behind, which is no alarm.
      }
    },
    close: () => {
      if (file !== null) closeSync(file)
      file = null
    },
  }
}

/**
 * Before the database takes a step back on purpose. Durable, or it would be taken for a loss after a power cut. The
 * profile must be this process's alone. Rejects with the system's error.
 */
export async function forgetTrailHead(profilePath: string, fs: FileSystem): Promise<void> {
  try {
    await fs.unlink(join(profilePath, fileName))
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  await syncFolder(profilePath, fs)
}
