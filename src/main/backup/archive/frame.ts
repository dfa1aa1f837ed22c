import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import type { FileHandle } from '../../storage/write-file.ts'
import { BackupError, byteRange, damaged } from './failures.ts'
import { type BackupFs, readAt, syncSized, writeAt } from './files.ts'
import {
  chunkBytes,
  encodeHeader,
  encodeTrailer,
  fileBytes,
  type Header,
  hashBytes,
  headerBytes,
  looksLikeTrailer,
  readHeader,
  trailerBytes,
} from './format.ts'

export interface FrameWriter {
  write(bytes: Uint8Array): Promise<void>
  /** The file is whole and on the medium when it resolves. @returns what names the file: its last line's SHA-256 */
  finish(): Promise<{ sha256: string; bytes: number }>
}

/** @param file new and empty. The header is written last: a file that was left in the middle is no backup. */
export function createFrameWriter(file: FileHandle, about: Omit<Header, 'payload'>): FrameWriter {
  let payload = 0
  let current: Hash = createHash('sha256')
  const hashes: Buffer[] = []
  return {
    async write(bytes) {
      await writeAt(file, bytes, headerBytes + payload)
      for (let offset = 0; offset < bytes.length; ) {
        const room = chunkBytes - (payload % chunkBytes)
        const part = bytes.subarray(offset, offset + room)
        current.update(part)
        offset += part.length
        payload += part.length
        if (payload % chunkBytes > 0) continue
        hashes.push(current.digest())
        current = createHash('sha256')
      }
    },
    async finish() {
      if (payload % chunkBytes > 0) hashes.push(current.digest())
      const header = encodeHeader({ ...about, payload })
      const list = Buffer.concat(hashes)
      const trailer = encodeTrailer(header, list)
      await writeAt(file, Buffer.concat([list, trailer]), headerBytes + payload)
      await writeAt(file, header, 0)
      await syncSized(file, fileBytes(payload))
      return { sha256: shaOf(trailer), bytes: fileBytes(payload) }
    },
  }
}

const shaOf = (trailer: Buffer): string => trailer.subarray(12, 76).toString('latin1')

/** A file of which every byte was found as it was written. */
export interface Frame {
  readonly path: string
  readonly header: Header
  readonly bytes: number
  readonly sha256: string
  readonly hashes: Buffer
}

const number = (value: number): string => value.toLocaleString('en')
const bytes = (count: number): string => (count === 1 ? '1 byte' : `${number(count)} bytes`)

/** Reads the whole file. Throws BackupError that says where it is not as it was written. */
export async function checkFrame(
  path: string,
  fs: BackupFs,
  onBytes: (bytes: number) => void = () => {},
): Promise<Frame> {
  const file = await openBackup(path, fs)
  try {
    const { size } = await file.stat()
    const { header, raw } = await headerOf(file, size)
    const expected = fileBytes(header.payload)
    if (size < expected) throw damaged(`it is cut short by ${bytes(expected - size)} of ${number(expected)}`)
    const listAt = headerBytes + header.payload
    const list = await readAt(file, listAt, expected - listAt - trailerBytes)
    const trailer = await readAt(file, expected - trailerBytes, trailerBytes)
    if (!encodeTrailer(raw, list).equals(trailer))
      throw damaged(
        looksLikeTrailer(trailer)
          ? byteRange(listAt, expected)
          : `its last line, ${byteRange(expected - trailerBytes, expected).replace('are', 'is')}`,
      )
    if (size > expected)
      throw damaged(`${bytes(size - expected)} ${size - expected === 1 ? 'was' : 'were'} added at its end`)
    const frame = { path, header, bytes: size, sha256: shaOf(trailer), hashes: list }
    for await (const chunk of chunksOf(file, frame)) onBytes(chunk.length)
    return frame
  } finally {
    await file.close()
  }
}

async function openBackup(path: string, fs: BackupFs): Promise<FileHandle> {
  // A pipe would wait for ever.
  const found = await fs.lstat(path)
  if (!found.isFile()) throw new BackupError('not-a-backup', 'That is not a file. Nothing was read of it.')
  return fs.open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
}

async function headerOf(file: FileHandle, size: number): Promise<{ header: Header; raw: Buffer }> {
  const raw = await readAt(file, 0, headerBytes)
  const reading = readHeader(raw)
  if (reading.kind === 'header') return { header: reading.header, raw }
  if (reading.kind === 'newer')
    throw new BackupError(
      'newer',
      `A newer Inkwell made this backup (format ${reading.version}). Update Inkwell to open it. Nothing was changed.`,
    )
  const isOurs = looksLikeTrailer(await readAt(file, Math.max(0, size - trailerBytes), trailerBytes))
  if (reading.kind === 'not-a-backup' && !isOurs)
    throw size < headerBytes
      ? damaged(size === 0 ? 'it is empty' : left(size))
      : new BackupError(
          'not-a-backup',
          'This is not a backup of Inkwell, or its beginning is damaged. Nothing was used.',
        )
  throw damaged(size < headerBytes ? left(size) : `its header, ${byteRange(0, headerBytes)}`)
}

const left = (size: number): string => `only ${bytes(size)} of it ${size === 1 ? 'is' : 'are'} left`

/** What the first 512 bytes say, without a look at the rest; null when they are no header. */
export async function peekHeader(path: string, fs: BackupFs): Promise<Header | null> {
  const file = await openBackup(path, fs)
  try {
    const reading = readHeader(await readAt(file, 0, headerBytes))
    return reading.kind === 'header' ? reading.header : null
  } finally {
    await file.close()
  }
}

async function* chunksOf(
  file: FileHandle,
  { header, hashes }: Pick<Frame, 'header' | 'hashes'>,
): AsyncGenerator<Buffer> {
  for (let at = 0, index = 0; at < header.payload; at += chunkBytes, index++) {
    const length = Math.min(chunkBytes, header.payload - at)
    const chunk = await readAt(file, headerBytes + at, length)
    const expected = hashes.subarray(index * hashBytes, (index + 1) * hashBytes)
    if (chunk.length !== length || !createHash('sha256').update(chunk).digest().equals(expected))
      throw damaged(byteRange(headerBytes + at, headerBytes + at + length))
    yield chunk
  }
}

/** The payload, each piece compared once more before it is handed on: the file may have changed since it was checked. */
export async function* payloadOf(frame: Frame, fs: BackupFs): AsyncGenerator<Buffer> {
  const file = await openBackup(frame.path, fs)
  try {
    yield* chunksOf(file, frame)
  } finally {
    await file.close()
  }
}
