import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

export const sampleRate = 16_000
const bytesPerSample = 2

export interface WaveFile {
  /** In all. */
  readonly samples: number
  /** -1 to 1; fewer than asked for at the end of the file. */
  read(from: number, count: number): Float32Array
  close(): void
}

/** A WAV file of 16 kHz, mono, s16, read in pieces so that its length does not matter. Throws when it is anything else. */
export function openWave(path: string): WaveFile {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const head = Buffer.alloc(Math.min(size, 4_096))
    readSync(file, head, 0, head.length, 0)
    const { dataAt, dataBytes } = locate(head, size)
    const samples = Math.floor(dataBytes / bytesPerSample)
    return {
      samples,
      read(from, count) {
        const wanted = Math.max(0, Math.min(count, samples - from))
        const bytes = Buffer.alloc(wanted * bytesPerSample)
        let filled = 0
        while (filled < bytes.length) {
          const got = readSync(file, bytes, filled, bytes.length - filled, dataAt + from * bytesPerSample + filled)
          if (got === 0) break
          filled += got
        }
        const values = new Float32Array(Math.floor(filled / bytesPerSample))
        for (let at = 0; at < values.length; at++) values[at] = bytes.readInt16LE(at * bytesPerSample) / 32_768
        return values
      },
      close: () => closeSync(file),
    }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

function locate(head: Buffer, size: number): { dataAt: number; dataBytes: number } {
  if (head.length < 12 || head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WAVE')
    throw new Error('not a WAV file')
  for (let at = 12; at + 8 <= head.length; ) {
    const name = head.toString('latin1', at, at + 4)
    const bytes = head.readUInt32LE(at + 4)
    if (name === 'fmt ') {
      const [channels, rate, bits] = [
        head.readUInt16LE(at + 10),
        head.readUInt32LE(at + 12),
        head.readUInt16LE(at + 22),
      ]
      if (channels !== 1 || rate !== sampleRate || bits !== 16)
        throw new Error(`WAV of ${channels} channels, ${rate} Hz, ${bits} bits`)
    }
    // A writer that was cut off leaves a length that is wrong: the file's own counts.
    if (name === 'data') return { dataAt: at + 8, dataBytes: Math.min(bytes, size - at - 8) }
    at += 8 + bytes + (bytes % 2)
  }
  throw new Error('a WAV file without sound')
}
