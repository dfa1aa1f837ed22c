import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import { type FileState, runHealthTask } from '../../../src/main/health/task.ts'
import { tailLog } from '../../../src/main/logs/tail.ts'
import { createBlobs } from '../../../src/main/notes/blobs.ts'
import { kindOf } from '../../../src/main/notes/inspect.ts'
import { verifyMetadata } from '../../../src/main/notes/metadata.ts'
import type { FileRow } from '../../../src/main/notes/store.ts'
import { stampOf, type VaultFolder } from '../../../src/main/notes/vault-folder.ts'
import { createBallast } from '../../../src/main/storage/ballast.ts'
import { sha256 } from '../home.ts'
import { createRandom } from '../random.ts'
import type { Judged, Kind } from './kind.ts'

const silentLog = { info: () => {}, warn: () => {}, error: () => {} }
const wait = async (): Promise<void> => {}

/** A file that Inkwell wrote into the vault. The time stays as it was: rot saves nothing. */
export function noteKind(name: string, bytes: Buffer, scratch: string): Kind {
  const folder = join(scratch, name.replace(/\W/g, '-'))
  mkdirSync(folder, { recursive: true })
  const path = join(folder, name)
  const timeMs = Date.UTC(2026, 10, 23)
  const write = (content: Buffer): void => {
    writeFileSync(path, content)
    utimesSync(path, timeMs / 1_000, timeMs / 1_000)
  }
  write(bytes)
  const row = {
    file_name: name,
    state: 'current',
    base_sha256: sha256(bytes),
    base_stamp: stampOf(statSync(path, { bigint: true })),
  } as FileRow
  const isMetadata = name.endsWith('.yaml')
  if (isMetadata && verifyMetadata(bytes.toString()).seal !== 'fits') throw new Error(`${name} does not verify itself`)
  return {
    name: isMetadata ? name : 'note in the vault',
    bytes,
    sample: 250,
    async judge(damaged) {
      write(damaged)
      const kind = await kindOf(nodeFs, row, { path: folder } as VaultFolder)
      if (kind === 'ok') return { outcome: 'silent', words: 'it counts as it was written' }
      if (isMetadata && verifyMetadata(damaged.toString()).seal === 'fits')
        return { outcome: 'silent', words: 'its own checksum fits' }
      return { outcome: kind === 'edited' ? 'edited' : 'named' }
    },
  }
}

export function blobKind(bytes: Buffer, scratch: string): Kind {
  const sha = sha256(bytes)
  const path = join(scratch, 'blobs', sha.slice(0, 2), sha)
  mkdirSync(join(path, '..'), { recursive: true })
  const blobs = createBlobs(scratch, nodeFs, wait)
  return {
    name: 'kept text',
    bytes,
    sample: 250,
    async judge(damaged) {
      writeFileSync(path, damaged)
      if ((await blobs.get(sha)) !== null) return { outcome: 'silent', words: 'it is served' }
      if (!(await isNamed(path, sha))) return { outcome: 'silent', words: 'the health check takes it for whole' }
      await blobs.put(bytes)
      return readFileSync(path).equals(bytes)
        ? { outcome: 'missed' }
        : { outcome: 'silent', words: 'it is not made again' }
    },
  }
}

async function isNamed(path: string, sha: string): Promise<boolean> {
  const states = await runHealthTask({ name: 'files', input: { files: [{ path, sha256: sha }] } })
  return (states as readonly FileState[])[0] !== 'same'
}

export function recordingKind(scratch: string, seed: number): Kind {
  const random = createRandom(seed)
  const bytes = Buffer.from(Array.from({ length: 6_000 }, () => random.below(256)))
  const sha = sha256(bytes)
  const path = join(scratch, `${sha}.mp3`)
  return {
    name: 'stored recording',
    bytes,
    sample: 150,
    async judge(damaged): Promise<Judged> {
      writeFileSync(path, damaged)
      return (await isNamed(path, sha)) ? { outcome: 'named' } : { outcome: 'silent', words: 'it counts as whole' }
    },
  }
}

/** Of no use but for its room. */
export function ballastKind(scratch: string): Kind {
  const bytes = Buffer.alloc(8_192, 'ballast')
  const path = join(scratch, 'ballast')
  const ballast = createBallast({
    profilePath: scratch,
    log: silentLog,
    free: async () => 1e12,
    bytes: bytes.length,
  })
  return {
    name: 'ballast',
    bytes,
    sample: 60,
    async judge(damaged) {
      writeFileSync(path, damaged)
      await ballast.make()
      if (statSync(path).size !== bytes.length) return { outcome: 'silent', words: 'its room is not what it should be' }
      return { outcome: damaged.length === bytes.length ? 'harmless' : 'missed' }
    },
  }
}

/** Holds nothing of the user's: it must be readable, whatever is in it. */
export function logKind(scratch: string): Kind {
  const folder = join(scratch, 'logs')
  mkdirSync(folder, { recursive: true })
  const line = (n: number): string =>
    JSON.stringify({ level: 'info', time: '2026-11-23T12:00:00.000Z', operation: `feeds.refresh-${n}`, durationMs: n })
  const bytes = Buffer.from(`${Array.from({ length: 20 }, (_, n) => line(n)).join('\n')}\n`)
  const redactor = { text: (text: string) => text, value: <Value>(value: Value) => value } as Parameters<
    typeof tailLog
  >[2]
  return {
    name: 'log',
    bytes,
    sample: 100,
    async judge(damaged) {
      writeFileSync(join(folder, 'inkwell.log'), damaged)
      const lines = await tailLog(folder, { limit: 100, minLevel: 'info' }, redactor)
      return lines.length <= 21 ? { outcome: 'harmless' } : { outcome: 'silent', words: 'it has lines nobody wrote' }
    },
  }
}
