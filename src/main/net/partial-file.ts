import { createHash } from 'node:crypto'
import { type FileHandle, open, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { syncFolder, writeFileAtomic } from '../storage/write-file.ts'

const Note = z.object({
  urlSha256: z.string(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  total: z.number().int().nullable(),
  /** On the medium for sure: what lies behind may be noise after a power cut. */
  durableBytes: z.number().int().min(0),
})
export type PartialNote = z.infer<typeof Note>

const flushEveryBytes = 8 * 1_048_576
/** Addresses may hold secrets: only their hash is kept. */
export const urlHash = (url: string): string => createHash('sha256').update(url).digest('hex')
export const noteOf = (path: string): string => `${path}.json`

/** Where a download can go on; null when it must begin anew. */
export async function readNote(path: string, urlSha256: string): Promise<PartialNote | null> {
  try {
    const note = Note.parse(JSON.parse(await readFile(noteOf(path), 'utf8')))
    if (note.urlSha256 !== urlSha256 || note.durableBytes === 0 || validatorOf(note) === null) return null
    return note
  } catch {
    return null
  }
}

/** For If-Range, which takes strong validators only (RFC 9110 13.1.5). */
export const validatorOf = (note: Pick<PartialNote, 'etag' | 'lastModified'>): string | null =>
  note.etag !== null && !note.etag.startsWith('W/') ? note.etag : note.lastModified

/** Removes what there is of a download. */
export async function discardPartial(path: string): Promise<void> {
  await rm(noteOf(path), { force: true })
  await rm(path, { force: true })
}

export interface PartialFile {
  readonly bytes: number
  write(chunk: Uint8Array): Promise<void>
  /** All of it is on the medium when this resolves; the note goes with `forgetNote`. */
  finish(): Promise<void>
  /** Keeps what there is for the next time. Never throws. */
  leave(): Promise<void>
}

/**
 * Opens the file of a download at the byte where it goes on. The note is on the medium before the bytes that it speaks
 * of, and its `durableBytes` after them: whenever the process ends, what is gone on with is of the version it names.
 */
export async function openPartial(path: string, note: PartialNote): Promise<PartialFile> {
  let bytes = note.durableBytes
  let durable = note.durableBytes
  const save = (): Promise<void> =>
    writeFileAtomic(noteOf(path), JSON.stringify({ ...note, durableBytes: durable }), { mode: 0o600 })
  let file: FileHandle
  if (bytes === 0) {
    // The older bytes go first: a note of the new version must never stand beside them.
    await rm(path, { force: true })
    await save()
    file = await open(path, 'wx', 0o600)
    await syncFolder(dirname(path))
  } else {
    file = await open(path, 'r+')
    await file.truncate(bytes)
  }
  const flush = async (): Promise<void> => {
    await file.sync()
    durable = bytes
    await save()
  }
  return {
    get bytes() {
      return bytes
    },
    async write(chunk) {
      for (let offset = 0; offset < chunk.length; ) {
        const { bytesWritten } = await file.write(chunk, offset, chunk.length - offset, bytes)
        if (bytesWritten <= 0) throw Object.assign(new Error('short write'), { code: 'ENOSPC' })
        offset += bytesWritten
        bytes += bytesWritten
      }
      if (bytes - durable >= flushEveryBytes) await flush()
    },
    async finish() {
      const { size } = await file.stat()
      if (size !== bytes) throw Object.assign(new Error('short file'), { code: 'ENOSPC' })
      await file.sync()
      await file.close()
    },
    async leave() {
      await flush().catch(() => {})
      await file.close().catch(() => {})
    },
  }
}
