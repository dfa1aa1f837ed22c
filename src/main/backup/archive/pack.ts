import { createHash } from 'node:crypto'
import { pipeline, Readable } from 'node:stream'
import { constants, createZstdCompress } from 'node:zlib'
import { Encrypter } from 'age-encryption'
import { createTarPacker } from 'modern-tar'
import { BackupError } from './failures.ts'
import { type BackupFs, piecesOf } from './files.ts'
import type { FrameWriter } from './frame.ts'
import { type Manifest, manifestName } from './manifest.ts'
import { iterable, webStream } from './streams.ts'

/** Of 1 to 19: measured on transcripts, 9 takes a third more time than 3 for a tenth less room; above it costs more than it gives. */
const level = 9

export interface PackOptions {
  readonly fs: BackupFs
  readonly passphrase: string | null
  /** Log2 of scrypt's cost; age's own default where it is not given. */
  readonly workFactor?: number | undefined
  readonly onBytes: (bytes: number) => void
}

/**
 * Writes the manifest and what it names as one stream: nothing is held in memory but a few pieces.
 * @param sources absolute path of each entry of the manifest
 */
export async function pack(
  out: FrameWriter,
  manifest: Manifest,
  sources: ReadonlyMap<string, string>,
  options: PackOptions,
): Promise<void> {
  const tar = createTarPacker()
  const produce = async (): Promise<void> => {
    try {
      const json = Buffer.from(JSON.stringify(manifest))
      await addEntry(tar.controller, { path: manifestName, bytes: json.length }, [json])
      for (const entry of manifest.entries)
        await addEntry(tar.controller, entry, compared(entry, sources.get(entry.path)!, options))
      tar.controller.finalize()
    } catch (error) {
      tar.controller.error(error)
      throw error
    }
  }
  const consume = async (): Promise<void> => {
    const compressed = createZstdCompress({
      params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
    })
    // Errors go on through the stream that is read.
    pipeline(Readable.from(iterable(tar.readable), { objectMode: false }), compressed, () => {})
    for await (const piece of await encrypted(compressed, options)) await out.write(piece)
  }
  const [produced, consumed] = await Promise.allSettled([produce(), consume()])
  // A full disk ends both; what the reader says is the cause.
  if (consumed.status === 'rejected')
    throw produced.status === 'rejected' && produced.reason instanceof BackupError ? produced.reason : consumed.reason
  if (produced.status === 'rejected') throw produced.reason
}

async function encrypted(plain: Readable, { passphrase, workFactor }: PackOptions): Promise<AsyncIterable<Uint8Array>> {
  if (passphrase === null) return plain
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  if (workFactor !== undefined) encrypter.setScryptWorkFactor(workFactor)
  return iterable(await encrypter.encrypt(webStream(plain)))
}

async function addEntry(
  controller: ReturnType<typeof createTarPacker>['controller'],
  { path, bytes }: { path: string; bytes: number },
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<void> {
  // Nothing of this computer or moment: the same content makes the same file.
  const body = controller.add({
    name: path,
    size: bytes,
    mode: 0o600,
    mtime: new Date(0),
    uid: 0,
    gid: 0,
    type: 'file',
  })
  const writer = body.getWriter()
  for await (const piece of pieces) await writer.write(piece)
  await writer.close()
}

/** The file as it was when the manifest was made. */
async function* compared(
  { path, bytes, sha256 }: Manifest['entries'][number],
  source: string,
  { fs, onBytes }: PackOptions,
): AsyncGenerator<Buffer> {
  const changed = (): BackupError =>
    new BackupError('changed-meanwhile', `${path} changed while it was backed up. No backup was made; try again.`, true)
  const hash = createHash('sha256')
  let read = 0
  for await (const piece of piecesOf(source, fs)) {
    read += piece.length
    if (read > bytes) throw changed()
    hash.update(piece)
    onBytes(piece.length)
    yield piece
  }
  if (read !== bytes || hash.digest('hex') !== sha256) throw changed()
}
