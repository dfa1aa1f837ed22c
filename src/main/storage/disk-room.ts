import { statfsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'

/** What this user may still write where `path` is. Rejects with the system's error. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path)
  return bavail * bsize
}

export function freeBytesNow(path: string): number {
  const { bavail, bsize } = statfsSync(path)
  return bavail * bsize
}
