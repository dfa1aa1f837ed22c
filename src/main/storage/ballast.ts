import { randomBytes } from 'node:crypto'
import { rmSync, statSync } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Log } from '../ports.ts'
import { freeBytes } from './disk-room.ts'
import { errorCode, type FileSystem, writeFileAtomic } from './write-file.ts'

export const ballastBytes = 16 * 1_048_576
const pieceBytes = 1_048_576
/** A start has other things to do first. */
const madeAfterMs = 3_000
const lookedAfterMs = 300_000

/**
 * 16 MB that are given up when the disk is full, so that what is under way can be saved and rows can be deleted: on a
 * full disk SQLite cannot even DELETE.
 */
export interface Ballast {
  /** Frees it. @param path only when this is on the same disk @returns whether there was something to free */
  free(path?: string): boolean
  /** Makes it when it is missing and the disk has clear room. Rejects never. */
  make(): Promise<void>
  /** Makes it soon and again when it is missing, without keeping the process alive. */
  tend(): void
  /** What is being made is given up. */
  close(): Promise<void>
}

export function createBallast(deps: {
  profilePath: string
  log: Log
  fs?: FileSystem
  /** Free bytes where a path is. */
  free?: (path: string) => Promise<number>
  bytes?: number
}): Ballast {
  const { profilePath, log, fs = nodeFs, free = freeBytes, bytes = ballastBytes } = deps
  const path = join(profilePath, 'ballast')
  const timers: NodeJS.Timeout[] = []
  let closed = false
  let making: Promise<void> | null = null

  const isOnSameDisk = (other: string): boolean => {
    try {
      return statSync(dirname(other)).dev === statSync(profilePath).dev
    } catch {
      return false
    }
  }
  /** Nothing a file system could compress or leave as a hole. */
  async function* noise(): AsyncGenerator<Uint8Array> {
    for (let made = 0; made < bytes; made += pieceBytes) {
      if (closed) throw new Error('closed')
      yield randomBytes(Math.min(pieceBytes, bytes - made))
    }
  }
  const build = async (): Promise<void> => {
    try {
      const found = await fs.lstat(path).catch((error) => {
        if (errorCode(error) !== 'ENOENT') throw error
        return null
      })
      if (found?.size === bytes) return
      // Three times as much stays free beyond it: it must not be what fills the disk.
      if (closed || (await free(profilePath)) < 4 * bytes) return
      await writeFileAtomic(path, noise(), { fs, mode: 0o600 })
    } catch (error) {
      if (closed) return
      log.warn('storage.no-ballast', { error })
    }
  }
  const make = (): Promise<void> => {
    making ??= build().finally(() => {
      making = null
    })
    return making
  }
  return {
    free: (other) => {
      if (other !== undefined && !isOnSameDisk(other)) return false
      try {
        rmSync(path)
        return true
      } catch {
        return false
      }
    },
    make,
    tend: () => {
      if (timers.length > 0) return
      timers.push(
        setTimeout(() => void make(), madeAfterMs),
        setInterval(() => void make(), lookedAfterMs),
      )
      for (const timer of timers) timer.unref()
    },
    close: async () => {
      closed = true
      for (const timer of timers) clearTimeout(timer)
      await making
    },
  }
}
