import { createHash } from 'node:crypto'
import { z } from 'zod'

/**
 * A backup file: a header of 512 bytes, the payload (a tar by zstd, by age where it is encrypted), the SHA-256 of each
 * 64 KiB of the payload, and a last line with the SHA-256 over header and list. So no byte can change unnoticed, and
 * without Inkwell it still opens: `tail -c +513 FILE | head -c PAYLOAD | age -d | zstd -d | tar x`.
 */
export const headerBytes = 512
export const chunkBytes = 65_536
export const hashBytes = 32
export const formatVersion = 1
/** `inkwell-end `, 64 hex digits, a line feed. */
export const trailerBytes = 77
export const extension = '.inkwell-backup'
const checkBytes = 18
const magic = '{"format":"inkwell-backup","version":'

const Header = z.object({
  format: z.literal('inkwell-backup'),
  version: z.number().int().min(1),
  madeAtMs: z.number().int(),
  app: z.string().max(50),
  automatic: z.boolean(),
  media: z.boolean(),
  compression: z.literal('zstd'),
  encryption: z.literal('age').nullable(),
  /** Names the keychain entry that may hold the passphrase; random, so it tells nothing about the user. */
  profile: z.string().max(64),
  chunk: z.literal(chunkBytes),
  payload: z.number().int().min(1),
})
export type Header = z.infer<typeof Header>

const hex = (...parts: readonly (Uint8Array | string)[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

export function encodeHeader(header: Header): Buffer {
  const json = JSON.stringify(header)
  const body = Buffer.from(json.padEnd(headerBytes - checkBytes), 'utf8')
  if (body.length !== headerBytes - checkBytes) throw new Error(`the header of a backup is too long: ${json}`)
  return Buffer.concat([body, Buffer.from(` ${hex(body).slice(0, 16)}\n`)])
}

export type HeaderReading =
  | { readonly kind: 'header'; readonly header: Header }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'damaged' | 'not-a-backup' }

/** @param bytes the first 512 of a file, or fewer where it has no more */
export function readHeader(bytes: Buffer): HeaderReading {
  const isOurs = bytes.subarray(0, magic.length).toString('latin1') === magic
  const body = bytes.subarray(0, headerBytes - checkBytes)
  const isIntact = bytes.subarray(headerBytes - checkBytes).toString('latin1') === ` ${hex(body).slice(0, 16)}\n`
  if (!isIntact) return { kind: isOurs ? 'damaged' : 'not-a-backup' }
  try {
    const json = JSON.parse(body.toString('utf8')) as unknown
    const version = z.object({ version: z.number() }).parse(json).version
    if (version > formatVersion) return { kind: 'newer', version }
    return { kind: 'header', header: Header.parse(json) }
  } catch {
    return { kind: isOurs ? 'damaged' : 'not-a-backup' }
  }
}

export const chunkCount = (payload: number): number => Math.ceil(payload / chunkBytes)
/** Of the whole file. */
export const fileBytes = (payload: number): number =>
  headerBytes + payload + chunkCount(payload) * hashBytes + trailerBytes

export const encodeTrailer = (header: Uint8Array, hashes: Uint8Array): Buffer =>
  Buffer.from(`inkwell-end ${hex(header, hashes)}\n`, 'latin1')

export const looksLikeTrailer = (bytes: Buffer): boolean =>
  /^inkwell-end [0-9a-f]{64}\n$/.test(bytes.toString('latin1'))

/** `inkwell-2026-11-23T030000Z.inkwell-backup` */
export const backupName = (atMs: number): string =>
  `inkwell-${new Date(atMs)
    .toISOString()
    .replace(/:/g, '')
    .replace(/\.\d+Z$/, 'Z')}${extension}`
export const isBackupName = (name: string): boolean =>
  /^[^./\\~][^/\\]*\.inkwell-backup$/.test(name) && name.length <= 255
