import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'
import { fail, ok, type Result } from '#shared/result.ts'

const size = (bytes: number): string =>
  bytes >= 1_000_000 ? `${Math.round(bytes / 1_000_000)} MB` : `${Math.max(1, Math.round(bytes / 1_000))} kB`

export const tooLarge = (host: string, maxBytes: number) =>
  fail(
    'too-large',
    `${host} sends more than ${size(maxBytes)}, the limit for this. It was stopped, nothing was changed.`,
  )

export const shortBody = (host: string) =>
  fail('short-body', `${host} broke off before the end of its answer. What was there before is kept.`, {
    retryable: true,
  })

const unpackers = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: promisify(inflate),
}
const rawInflate = promisify(inflateRaw)
const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b
const isZlib = (bytes: Buffer): boolean =>
  bytes.length > 1 && (bytes[0]! & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0

/** @param contentEncoding header as sent; at most one layer is unpacked, so that bombs cannot be nested */
export async function unpackBody(
  bytes: Buffer,
  contentEncoding: string | undefined,
  context: { host: string; maxBytes: number },
): Promise<Result<Buffer, 'bad-encoding' | 'too-large' | 'short-body'>> {
  const layers = (contentEncoding ?? '')
    .split(',')
    .map((layer) => layer.trim().toLowerCase())
    .filter((layer) => layer !== '' && layer !== 'identity')
  const layer = layers[0]
  if (layer === undefined || bytes.length === 0) return ok(bytes)
  if (layers.length > 1 || !Object.hasOwn(unpackers, layer))
    return fail(
      'bad-encoding',
      `${context.host} packs its answer in a way Inkwell does not open (${layers.join(', ').slice(0, 60)}). What was there before is kept.`,
    )
  // Some servers keep the header of a packed answer and send it unpacked.
  if (layer.endsWith('gzip') && !isGzip(bytes)) return ok(bytes)
  const unpack = layer === 'deflate' && !isZlib(bytes) ? rawInflate : unpackers[layer as keyof typeof unpackers]
  try {
    return ok(await unpack(bytes, { maxOutputLength: context.maxBytes }))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(context.host, context.maxBytes)
    if (code === 'Z_BUF_ERROR') return shortBody(context.host)
    return fail('bad-encoding', `The packed answer of ${context.host} is damaged. What was there before is kept.`, {
      retryable: true,
    })
  }
}
