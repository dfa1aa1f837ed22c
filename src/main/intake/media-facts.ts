import type { FileHandle } from 'node:fs/promises'
import { parseBlob } from 'music-metadata'
import type { WorkerRunner } from '../ports.ts'
import { cleanCharacters, oneLine } from '../transcripts/clean-text.ts'
import { openRegular } from './regular-file.ts'

export interface MediaFacts {
  /** Null when its container does not say. */
  readonly durationSeconds: number | null
  readonly title: string | null
}
type OpenMedia = { readonly handle: FileHandle; readonly bytes: number }
/** Headers can name any size, so that a file is read on and on, or its tags fill the memory. */
interface Reach {
  readonly pieceBytes: number
  readonly bytes: number
  readonly ms: number
}
export interface MediaFactsInput {
  readonly path: string
  /** Media type, by its content. */
  readonly type: string
}

/** What most recordings need, and what the window does not feel. */
const near: Reach = { pieceBytes: 1_000_000, bytes: 4_000_000, ms: 500 }
/** Tags with a large cover have 10 MB: read in a worker. */
const far: Reach = { pieceBytes: 16_000_000, bytes: 48_000_000, ms: 4_000 }
const workerTimeoutMs = 8_000
const nothing: MediaFacts = { durationSeconds: null, title: null }

class OutOfReach extends Error {}

/** Length and title from the container. Covers are skipped, and nothing is read to the end to measure it. Never throws. */
async function factsWithin(file: OpenMedia, type: string, reach: Reach): Promise<MediaFacts | 'out-of-reach'> {
  const pieces = piecesOf(file, type, reach)
  try {
    const { format, common } = await parseBlob(pieces.blob, { skipCovers: true, duration: false })
    const { duration } = format
    const title = oneLine(cleanCharacters((common.title ?? '').slice(0, 2_000))).slice(0, 300)
    return {
      durationSeconds:
        duration !== undefined && Number.isFinite(duration) && duration > 0 && duration < 360_000 ? duration : null,
      title: title || null,
    }
  } catch {
    return pieces.refused() ? 'out-of-reach' : nothing
  }
}

/** What the parser needs of a Blob: its size, its type, and pieces of it. */
function piecesOf({ handle, bytes }: OpenMedia, type: string, reach: Reach): { blob: Blob; refused: () => boolean } {
  const endsAtMs = performance.now() + reach.ms
  let left = reach.bytes
  let refused = false
  const read = async (start: number, length: number): Promise<ArrayBuffer> => {
    left -= length
    refused ||= length > reach.pieceBytes || left < 0 || performance.now() > endsAtMs
    if (refused) throw new OutOfReach()
    const piece = new Uint8Array(length)
    let filled = 0
    while (filled < length) {
      const { bytesRead } = await handle.read(piece, filled, length - filled, start + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return piece.buffer.slice(0, filled)
  }
  const blob = {
    size: bytes,
    type,
    slice: (start: number, end: number) => ({ arrayBuffer: () => read(start, Math.min(end, bytes) - start) }),
  }
  return { blob: blob as unknown as Blob, refused: () => refused }
}

/** In a worker: opened anew, and read as far as it makes sense. */
export async function readFarMediaFacts({ path, type }: MediaFactsInput): Promise<MediaFacts> {
  const file = await openRegular(path)
  if (!file) return nothing
  try {
    const facts = await factsWithin(file, type, far)
    return facts === 'out-of-reach' ? nothing : facts
  } finally {
    await file.handle.close()
  }
}

export type ReadMediaFacts = (file: OpenMedia, input: MediaFactsInput) => Promise<MediaFacts>

export const createMediaFactsReader =
  (workers: WorkerRunner): ReadMediaFacts =>
  async (file, input) => {
    const facts = await factsWithin(file, input.type, near)
    if (facts !== 'out-of-reach') return facts
    const answer = await workers.run<MediaFactsInput, MediaFacts>('media-facts', input, { timeoutMs: workerTimeoutMs })
    return answer.ok ? answer.value : nothing
  }
