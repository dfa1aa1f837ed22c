import { ReadableStream as NodeReadableStream } from 'node:stream/web'

/** A stream as the web knows it, which the libraries take; Node's own is the same, its types are not. */
export const webStream = (pieces: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> =>
  NodeReadableStream.from(pieces) as unknown as ReadableStream<Uint8Array>

export const iterable = <Piece>(stream: ReadableStream<Piece>): AsyncIterable<Piece> =>
  stream as unknown as AsyncIterable<Piece>
