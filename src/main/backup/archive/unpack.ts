import { createHash } from 'node:crypto'
import { pipeline, Readable } from 'node:stream'
import { createZstdDecompress } from 'node:zlib'
import { Decrypter } from 'age-encryption'
import { createTarDecoder } from 'modern-tar'
import { usedWords } from '../../kit/words.ts'
import { BackupError, damaged } from './failures.ts'
import type { BackupFs, Sink } from './files.ts'
import { type Frame, payloadOf } from './frame.ts'
import { isSafePath, Manifest, manifestName, manifestVersion, maxManifestBytes } from './manifest.ts'
import { iterable, webStream } from './streams.ts'

export interface UnpackOptions {
  readonly fs: BackupFs
  readonly passphrase: string | null
  /** Where an entry goes; null: it is read and compared only. */
  readonly sink: (path: string) => Promise<Sink | null>
  /** Before the first entry: throws to stop. */
  readonly onManifest?: (manifest: Manifest) => Promise<void> | void
  readonly onBytes?: (bytes: number) => void
}
/** Of what is unpacked, at once: with the 16 kB that are usual most of the time goes into handing them on. */
const pieceBytes = 524_288
type Entry = { header: { name: string; size: number; type?: string }; body: AsyncIterable<Uint8Array> }

/** Reads all of a checked frame; each entry is compared with the manifest. Throws BackupError. */
export async function unpack(frame: Frame, options: UnpackOptions): Promise<Manifest> {
  const entries = (await tarOf(frame, options))[Symbol.asyncIterator]()
  const next = async (): Promise<Entry | null> => {
    try {
      const { done, value } = await entries.next()
      return done ? null : value
    } catch (error) {
      throw asDamage(error, 'its list of entries cannot be read')
    }
  }
  try {
    const first = await next()
    if (first?.header.name !== manifestName) throw damaged('it does not begin with its manifest')
    const manifest = await readManifest(first)
    await options.onManifest?.(manifest)
    for (const expected of manifest.entries) {
      const entry = await next()
      if (!entry) throw damaged(`it ends before entry ${expected.path}`)
      const { name, size, type } = entry.header
      if (name !== expected.path || size !== expected.bytes || (type ?? 'file') !== 'file')
        throw damaged(`entry ${printable(name)} stands where ${expected.path} should`)
      await readEntry(entry, expected, options)
    }
    const extra = await next()
    if (extra) throw damaged(`entry ${printable(extra.header.name)} is not in its manifest`)
    return manifest
  } finally {
    await entries.return?.().catch(() => {})
  }
}

const printable = (name: string): string => JSON.stringify(name.slice(0, 200))

/** What a decoder throws about bytes that are as they were written: the file was not made by Inkwell. */
const asDamage = (error: unknown, where: string): unknown =>
  error instanceof BackupError || /^E[A-Z]+$/.test((error as NodeJS.ErrnoException).code ?? '')
    ? error
    : damaged(`${where} (${(error as Error).message})`)

async function tarOf(frame: Frame, options: UnpackOptions): Promise<AsyncIterable<Entry>> {
  const plain = await decrypted(frame, options)
  const tar = createZstdDecompress({ chunkSize: pieceBytes })
  pipeline(Readable.from(plain, { objectMode: false }), tar, () => {})
  const entries = webStream(tar).pipeThrough(
    createTarDecoder({ strict: true }) as ReadableWritablePair<Entry, Uint8Array>,
  )
  return iterable(entries)
}

async function decrypted(frame: Frame, { fs, passphrase }: UnpackOptions): Promise<AsyncIterable<Uint8Array>> {
  const payload = payloadOf(frame, fs)
  if (frame.header.encryption === null) return payload
  if (passphrase === null)
    throw new BackupError(
      'needs-passphrase',
      'This backup is encrypted, and its passphrase is not in the keychain of this computer. Type it in.',
    )
  const decrypter = new Decrypter()
  // As they were typed, as backups of earlier versions took them, and as they are used now.
  for (const words of new Set([passphrase, usedWords(passphrase)])) decrypter.addPassphrase(words)
  try {
    return iterable(await decrypter.decrypt(webStream(payload)))
  } catch (error) {
    await payload.return(undefined)
    // The bytes are as they were written, so that it can only be the words.
    if (/no identity matched/.test((error as Error).message))
      throw new BackupError('wrong-passphrase', 'These are not the words that this backup was encrypted with.')
    throw asDamage(error, 'its encryption cannot be read')
  }
}

async function readManifest(entry: Entry): Promise<Manifest> {
  if (entry.header.size > maxManifestBytes) throw damaged('its manifest is too large')
  const pieces: Uint8Array[] = []
  try {
    for await (const piece of entry.body) pieces.push(piece)
  } catch (error) {
    throw asDamage(error, `entry ${manifestName}`)
  }
  let json: unknown
  try {
    json = JSON.parse(Buffer.concat(pieces).toString('utf8'))
  } catch {
    throw damaged(`entry ${manifestName} is not readable`)
  }
  const version = (json as { schemaVersion?: unknown } | null)?.schemaVersion
  if (typeof version === 'number' && version > manifestVersion)
    throw new BackupError(
      'newer',
      `A newer Inkwell made this backup (manifest ${version}). Update Inkwell to open it. Nothing was changed.`,
    )
  const manifest = Manifest.safeParse(json)
  if (!manifest.success) throw damaged(`entry ${manifestName} is not as Inkwell writes it`)
  const paths = manifest.data.entries.map(({ path }) => path)
  const unsafe = paths.find((path) => !isSafePath(path))
  if (unsafe !== undefined) throw damaged(`entry ${printable(unsafe)} does not belong into a profile`)
  if (new Set(paths).size !== paths.length) throw damaged(`entry ${manifestName} names a file twice`)
  return manifest.data
}

async function readEntry(
  { body }: Entry,
  { path, bytes, sha256 }: Manifest['entries'][number],
  { sink, onBytes }: UnpackOptions,
): Promise<void> {
  const hash = createHash('sha256')
  const target = await sink(path)
  let read = 0
  try {
    for await (const piece of body) {
      read += piece.length
      hash.update(piece)
      onBytes?.(piece.length)
      await target?.write(piece)
    }
    if (read !== bytes || hash.digest('hex') !== sha256) throw damaged(`entry ${path} is not as its manifest says`)
  } catch (error) {
    await target?.drop().catch(() => {})
    throw asDamage(error, `entry ${path}`)
  }
  await target?.end()
}
