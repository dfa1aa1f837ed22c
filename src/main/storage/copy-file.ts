import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { errorCode } from './write-file.ts'

const pieceBytes = 1_048_576
const sectorBytes = 4_096

/**
 * Copies what is there now, piece by piece; what the disk cannot read becomes zeros. Not `copyFileSync`: where another
 * process cuts the file meanwhile that never ends (libuv waits for the bytes it counted). Throws the system's error; it
 * is not flushed.
 */
export function copyFileNow(from: string, to: string): void {
  const source = openSync(from, 'r')
  try {
    const target = openSync(to, 'w', 0o600)
    try {
      const piece = Buffer.allocUnsafe(pieceBytes)
      const { size } = fstatSync(source)
      for (let at = 0; at < size; ) {
        const read = readPiece(source, piece, Math.min(pieceBytes, size - at), at)
        if (read === 0) return
        writeAll(target, piece.subarray(0, read), at)
        at += read
      }
    } finally {
      closeSync(target)
    }
  } finally {
    closeSync(source)
  }
}

function readPiece(file: number, into: Buffer, length: number, at: number): number {
  try {
    return readSync(file, into, 0, length, at)
  } catch (error) {
    if (errorCode(error) !== 'EIO') throw error
    const sector = Math.min(length, sectorBytes)
    try {
      return readSync(file, into, 0, sector, at)
    } catch (again) {
      if (errorCode(again) !== 'EIO') throw again
      into.fill(0, 0, sector)
      return sector
    }
  }
}

function writeAll(file: number, bytes: Buffer, at: number): void {
  for (let written = 0; written < bytes.length; ) {
    const now = writeSync(file, bytes, written, bytes.length - written, at + written)
    if (now === 0) throw Object.assign(new Error('ENOSPC: nothing more is written'), { code: 'ENOSPC' })
    written += now
  }
}
