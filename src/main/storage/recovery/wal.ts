/**
 * The write-ahead log as bytes (sqlite.org/fileformat2.html#the_write_ahead_log, sqlite.org/walformat.html). SQLite takes
 * a log up to the first frame that does not match and forgets the rest without a word: right for a write that a crash
 * tore, silent loss for one that rotted.
 */
export interface Frame {
  readonly pageNumber: number
  /** Pages of the database after this commit; 0 inside a transaction. */
  readonly commitSize: number
  readonly page: Buffer
  /** Carries the salts of this log: not left from an earlier one. */
  readonly isOfThisLog: boolean
  /** Its checksum follows from the one before. */
  readonly isWhole: boolean
}
export interface Wal {
  readonly pageSize: number
  readonly headerIsWhole: boolean
  readonly salts: Buffer
  readonly frames: readonly Frame[]
}

const headerBytes = 32
const frameHeaderBytes = 24
const magic = 0x377f0682
type Sums = readonly [number, number]

/** @param bytes pairs of 32-bit words */
function checksum(bytes: Buffer, isBigEndian: boolean, [first, second]: Sums): Sums {
  const words = isBigEndian || bytes.byteOffset % 4 !== 0 ? wordsOf(bytes, isBigEndian) : viewOf(bytes)
  let one = first | 0
  let two = second | 0
  for (let at = 0; at + 2 <= words.length; at += 2) {
    one = (one + words[at]! + two) | 0
    two = (two + words[at + 1]! + one) | 0
  }
  return [one >>> 0, two >>> 0]
}
/** All computers that Inkwell runs on are little-endian. */
const viewOf = (bytes: Buffer): Int32Array => new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
function wordsOf(bytes: Buffer, isBigEndian: boolean): Int32Array {
  const copy = Buffer.from(new Uint8Array(bytes).buffer)
  return viewOf(isBigEndian ? copy.subarray(0, copy.length & ~3).swap32() : copy)
}
const sumsAt = (bytes: Buffer, at: number): Sums => [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)]
const isSame = (one: Sums, two: Sums): boolean => one[0] === two[0] && one[1] === two[1]

/** What most frames carry: the first may have rotted together with the header. */
function commonSalts(bytes: Buffer, pageSize: number): Buffer {
  const counts = new Map<string, number>()
  for (let at = headerBytes; at + frameHeaderBytes <= bytes.length; at += frameHeaderBytes + pageSize) {
    const salts = bytes.toString('hex', at + 8, at + 16)
    counts.set(salts, (counts.get(salts) ?? 0) + 1)
  }
  const [most] = [...counts].sort(([, one], [, other]) => other - one)
  return Buffer.from(most?.[0] ?? '00'.repeat(8), 'hex')
}

/**
 * @param pageSize of the database, for a log whose own header cannot be read
 * @param salts of the log's index, likewise
 * @returns null when there is not even room for a header
 */
export function readWal(bytes: Buffer, pageSize: number, salts: Buffer | null): Wal | null {
  if (bytes.length < headerBytes) return null
  const header = bytes.subarray(0, headerBytes)
  const isBigEndian = (header.readUInt32BE(0) & 1) === 1
  const headerIsWhole =
    (header.readUInt32BE(0) & ~1) === magic &&
    isSame(checksum(header.subarray(0, 24), isBigEndian, [0, 0]), sumsAt(header, 24))
  const size = headerIsWhole ? header.readUInt32BE(8) : pageSize
  const own = headerIsWhole ? header.subarray(16, 24) : (salts ?? commonSalts(bytes, size))
  const frames: Frame[] = []
  let before = sumsAt(header, 24)
  for (let at = headerBytes; at + frameHeaderBytes + size <= bytes.length; at += frameHeaderBytes + size) {
    const page = bytes.subarray(at + frameHeaderBytes, at + frameHeaderBytes + size)
    const stored = sumsAt(bytes, at + 16)
    const isOfThisLog = bytes.subarray(at + 8, at + 16).equals(own)
    // From the sums the frame before carries, not from recomputed ones: so one that rotted condemns no other.
    const isWhole = isSame(
      checksum(page, isBigEndian, checksum(bytes.subarray(at, at + 8), isBigEndian, before)),
      stored,
    )
    frames.push({
      pageNumber: bytes.readUInt32BE(at),
      commitSize: bytes.readUInt32BE(at + 4),
      page,
      isOfThisLog,
      isWhole: isWhole && isOfThisLog,
    })
    before = stored
  }
  return { pageSize: size, headerIsWhole, salts: Buffer.from(own), frames }
}

/** Frames SQLite would take: up to the last commit before the first that does not match. */
export function committedFrames(wal: Wal): number {
  if (!wal.headerIsWhole) return 0
  let committed = 0
  for (const [index, frame] of wal.frames.entries()) {
    if (!frame.isWhole) break
    if (frame.commitSize > 0) committed = index + 1
  }
  return committed
}

/** What the log's index (`-shm`) says of the log; null when it cannot be trusted. */
export interface WalIndex {
  readonly salts: Buffer
  /** Frames that are committed. */
  readonly frames: number
  /** Frames that are in the database already. */
  readonly backfilled: number
}
export function readWalIndex(bytes: Buffer): WalIndex | null {
  if (bytes.length < 136 || !bytes.subarray(0, 48).equals(bytes.subarray(48, 96))) return null
  // In the computer's own byte order.
  if (bytes.readUInt32LE(0) !== 3_007_000 || bytes[12] !== 1) return null
  const [one, two] = checksum(bytes.subarray(0, 40), false, [0, 0])
  if (one !== bytes.readUInt32LE(40) || two !== bytes.readUInt32LE(44)) return null
  return {
    salts: Buffer.from(bytes.subarray(32, 40)),
    frames: bytes.readUInt32LE(16),
    backfilled: bytes.readUInt32LE(96),
  }
}

/** Why a log has lost commits that were promised; null when it is whole, or torn only in what was never promised. */
export function walProblem(wal: Wal | null, index: WalIndex | null): string | null {
  const promised = index && index.frames > index.backfilled ? index.frames : 0
  if (wal === null) return promised > 0 ? `the log is gone; ${promised} pages were in it` : null
  const committed = committedFrames(wal)
  const isKnown = index?.salts.equals(wal.salts) ?? false
  if (isKnown && promised > committed) return `the log is damaged after page ${committed} of ${promised}`
  // Without the index: what follows a frame that does not match was written after it was flushed, if two commits do.
  const later = wal.frames.slice(committed).filter(({ isOfThisLog, isWhole }) => isOfThisLog && isWhole)
  const commits = later.filter(({ commitSize }) => commitSize > 0).length
  if (!isKnown && !wal.headerIsWhole && commits > 0) return 'the head of the log is damaged'
  // A commit that rotted in its last frame has been flushed before the next one was begun.
  const bad = wal.frames.slice(committed).find(({ isWhole }) => !isWhole)
  const least = bad?.isOfThisLog && bad.commitSize > 0 ? 1 : 2
  return !isKnown && commits >= least ? `the log is damaged after page ${committed}` : null
}

/** The same frames with sums that match, so that SQLite reads on past those that rotted. What rotted stays as it is. */
export function mendedWal(wal: Wal, upTo: number): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.writeUInt32BE(magic, 0)
  header.writeUInt32BE(3_007_000, 4)
  header.writeUInt32BE(wal.pageSize, 8)
  wal.salts.copy(header, 16)
  let sums = checksum(header.subarray(0, 24), false, [0, 0])
  header.writeUInt32BE(sums[0], 24)
  header.writeUInt32BE(sums[1], 28)
  const parts: Buffer[] = [header]
  const frames = wal.frames.slice(0, upTo)
  const highest = Math.max(
    0,
    ...frames.filter(({ isWhole }) => isWhole).map(({ pageNumber, commitSize }) => Math.max(pageNumber, commitSize)),
  )
  for (const [index, frame] of frames.entries()) {
    if (frame.pageNumber === 0 || (!frame.isWhole && frame.pageNumber > highest)) continue
    const head = Buffer.alloc(frameHeaderBytes)
    head.writeUInt32BE(frame.pageNumber, 0)
    head.writeUInt32BE(index === frames.length - 1 ? frame.commitSize || highest : frame.commitSize, 4)
    wal.salts.copy(head, 8)
    sums = checksum(frame.page, false, checksum(head.subarray(0, 8), false, sums))
    head.writeUInt32BE(sums[0], 16)
    head.writeUInt32BE(sums[1], 20)
    parts.push(head, frame.page)
  }
  return Buffer.concat(parts)
}
