import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import type { FileHandle, FileSystem } from '../../storage/write-file.ts'

/** The file system of backups; tests pass one that fails or kills at the n-th call. */
export type BackupFs = FileSystem & Pick<typeof nodeFs, 'rm' | 'statfs'>
export const systemFs: BackupFs = nodeFs

/** One `write` may take only a part; its count decides, not the absence of an error. */
export async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let offset = 0
  while (offset < bytes.length) {
    const { bytesWritten } = await file.write(bytes, offset, bytes.length - offset, position + offset)
    if (bytesWritten <= 0) throw Object.assign(new Error('ENOSPC: nothing more is taken'), { code: 'ENOSPC' })
    offset += bytesWritten
  }
}

/** A disk that is nearly full may take fewer bytes than it says. */
export async function syncSized(file: FileHandle, bytes: number): Promise<void> {
  const { size } = await file.stat()
  if (size !== bytes) throw Object.assign(new Error(`ENOSPC: ${size} of ${bytes} bytes`), { code: 'ENOSPC' })
  await file.sync()
}

/** Exactly those bytes, or fewer at the end of the file. */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let got = 0
  while (got < length) {
    const { bytesRead } = await file.read(buffer, got, length - got, position + got)
    if (bytesRead === 0) break
    got += bytesRead
  }
  return buffer.subarray(0, got)
}

const pieceBytes = 262_144

/** Pieces of a file from the beginning. Symlinks are not followed. */
export async function* piecesOf(path: string, fs: BackupFs): AsyncGenerator<Buffer> {
  const file = await fs.open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  try {
    for (let position = 0; ; ) {
      const piece = await readAt(file, position, pieceBytes)
      if (piece.length === 0) return
      position += piece.length
      yield piece
    }
  } finally {
    await file.close()
  }
}

export interface Sink {
  write(piece: Uint8Array): Promise<void>
  /** On the medium when it resolves. */
  end(): Promise<void>
  /** Closes it without a promise about what was written. */
  drop(): Promise<void>
}

/** A new file that is written piece by piece. Fails where one is already. */
export async function newFile(path: string, fs: BackupFs): Promise<Sink> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
  const file = await fs.open(path, flags, 0o600)
  let bytes = 0
  return {
    async write(piece) {
      await writeAt(file, piece, bytes)
      bytes += piece.length
    },
    async end() {
      try {
        await syncSized(file, bytes)
      } finally {
        await file.close()
      }
    },
    drop: () => file.close(),
  }
}

export interface Digest {
  readonly bytes: number
  readonly sha256: string
}

/** @param onBytes told after each piece */
export async function digestOf(path: string, fs: BackupFs, onBytes: (bytes: number) => void): Promise<Digest> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of piecesOf(path, fs)) {
    hash.update(piece)
    bytes += piece.length
    onBytes(piece.length)
  }
  return { bytes, sha256: hash.digest('hex') }
}
