import { closeSync, openSync, readSync } from 'node:fs'
import type { Reader } from '../storage.ts'

/** What names a profile in its database; null in one that has none yet. */
export function profileIdOf({ get }: Pick<Reader, 'get'>): string | null {
  const row = get<{ name: string; value_json: string }>(
    "SELECT name, value_json FROM settings WHERE name = 'profile.id'",
  )
  return row ? idInSetting(row.name, row.value_json) : null
}
export function idInSetting(name: unknown, json: unknown): string | null {
  return name === 'profile.id' && typeof json === 'string' ? (/^"([0-9a-f]{24})"$/.exec(json)?.[1] ?? null) : null
}

const pieceBytes = 1_048_576
/** As the name and the value of the setting stand one after the other in its row. */
const inRow = /profile\.id"([0-9a-f]{24})"/
const longestMatch = 64

/** The same of a file that SQLite may make nothing of; null too where the page with it is lost. */
export function profileIdIn(path: string): string | null {
  const piece = Buffer.allocUnsafe(pieceBytes)
  const file = openSync(path, 'r')
  try {
    for (let at = 0; ; at += pieceBytes - longestMatch) {
      const length = readPiece(file, piece, at)
      if (length === 0) return null
      const found = piece.subarray(0, length).indexOf('profile.id"')
      if (found < 0) continue
      const [, id] = inRow.exec(piece.toString('latin1', found, Math.min(length, found + longestMatch))) ?? []
      if (id !== undefined) return id
    }
  } finally {
    closeSync(file)
  }
}

function readPiece(file: number, piece: Buffer, at: number): number {
  try {
    return readSync(file, piece, 0, piece.length, at)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EIO') throw error
    // A bad sector somewhere in it.
    return piece.fill(0).length
  }
}
