import { rm, stat } from 'node:fs/promises'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Log } from '../ports.ts'
import type { DecodeFailure, Decoder } from '../services-sound.ts'
import { findFfmpeg, howToGetFfmpeg } from './find-ffmpeg.ts'
import { openOnly, type Ran, runFfmpeg } from './run-ffmpeg.ts'

export interface DecoderDeps {
  readonly log: Log
  /** Absolute path that the user chose, if they did. */
  readonly chosen: () => string | null
  /** Of the environment, for tests. */
  readonly searchPath?: () => string | undefined
}
export interface FfmpegDecoder extends Decoder {
  /** Absolute path of the program; null when there is none. */
  place(): Promise<string | null>
}

/** An encoder of a recording of many hours on a slow, busy computer is still quicker than this. */
const timeoutMs = (seconds: number): number => 180_000 + seconds * 1_000
/** To read through a file of any size. */
const scanTimeoutMs = 15 * 60_000
const lookAgainMs = 30_000

const formats = {
  wav: { args: ['-ar', '16000', '-c:a', 'pcm_s16le', '-f', 'wav'], bytesPerSecond: 32_000 },
  mp3: { args: ['-ar', '24000', '-c:a', 'libmp3lame', '-b:a', '48k', '-f', 'mp3'], bytesPerSecond: 6_000 },
  flac: { args: ['-ar', '16000', '-c:a', 'flac', '-f', 'flac'], bytesPerSecond: 32_000 },
  ogg: { args: ['-ar', '24000', '-c:a', 'libopus', '-b:a', '48k', '-f', 'ogg'], bytesPerSecond: 8_000 },
} as const

/** ffmpeg behind the port. It is looked for again after half a minute, so that one just installed is found. */
export function createDecoder({ log, chosen, searchPath = () => process.env.PATH }: DecoderDeps): FfmpegDecoder {
  let found: { path: string; chosen: string | null; untilMs: number } | null = null
  const place = async (): Promise<string | null> => {
    const wanted = chosen()
    if (found && found.chosen === wanted && performance.now() < found.untilMs) return found.path
    const path = await findFfmpeg(wanted, searchPath())
    found = path === null ? null : { path, chosen: wanted, untilMs: performance.now() + lookAgainMs }
    return path
  }
  const run = async (
    args: readonly string[],
    options: { signal: AbortSignal; timeoutMs: number },
  ): Promise<Result<Ran, DecodeFailure>> => {
    const program = await place()
    if (program === null)
      return fail(
        'decoder-missing',
        `Inkwell reads recordings with ffmpeg, and it is not on this computer. The recording is kept. ${howToGetFfmpeg}`,
      )
    const ran = await runFfmpeg(program, args, options)
    if (ran.ended === 'aborted') return fail('cancelled', 'Cancelled.')
    if (ran.ended === 'not-started') {
      found = null
      return fail('decoder-missing', `ffmpeg (${program}) cannot be started. The recording is kept. ${howToGetFfmpeg}`)
    }
    if (ran.ended === 'by-itself' && ran.code === 0) return ok(ran)
    log.warn('audio.ffmpeg-failed', { code: ran.code, ended: ran.ended, said: ran.said.slice(-600) })
    return refusal(ran)
  }

  return {
    place,
    available: async () => (await place()) !== null,
    durationSeconds: async (path, signal) => {
      // What a container says of its length is often wrong, and a length too short would lose the end: the packets are
      // read through, which decodes nothing, and only the last of them is decoded.
      const options = { signal, timeoutMs: scanTimeoutMs }
      const measure = ['-progress', 'pipe:1', '-f', 'null', '-']
      const scanned = await run([...openOnly(path), '-c', 'copy', ...measure], options)
      if (!scanned.ok) return scanned
      const from = Math.max(0, (scanned.value.lastSecond ?? 0) - 2)
      const tail = await run([...openOnly(path, from), ...measure], options)
      const seconds = Math.max(scanned.value.lastSecond ?? 0, tail.ok ? from + (tail.value.lastSecond ?? 0) : 0)
      if (!tail.ok && tail.error.code === 'cancelled') return tail
      return seconds > 0 ? ok(seconds) : fail('recording-unreadable', 'This recording holds no sound.')
    },
    encode: async ({ path, fromSeconds, toSeconds }, target, signal) => {
      const seconds = Math.max(0, toSeconds - fromSeconds)
      const { args, bytesPerSecond } = formats[target.format]
      const most = Math.ceil(seconds * bytesPerSecond * 1.5) + 262_144
      const done = await run(
        [
          ...openOnly(path, fromSeconds),
          '-t',
          seconds.toFixed(3),
          '-map_metadata',
          '-1',
          '-map_chapters',
          '-1',
          // Holes in the recording become silence: otherwise every later word would be said too early. Not with
          // `first_pts`: where stitched-in advertisements change from mono to stereo it would count from 0 again.
          '-af',
          'aresample=async=1',
          '-ac',
          '1',
          ...args,
          '-bitexact',
          '-fs',
          String(most),
          '-y',
          `file:${target.path}`,
        ],
        { signal, timeoutMs: timeoutMs(seconds) },
      )
      if (!done.ok) {
        await rm(target.path, { force: true })
        return done
      }
      const { size } = await stat(target.path)
      return ok({ bytes: size })
    },
  }
}

/** Its words are for the log: they name files, and what is wrong in another language than ours. */
function refusal({ said, ended }: Ran): Result<never, DecodeFailure> {
  if (ended === 'timed-out')
    return fail(
      'recording-unreadable',
      'ffmpeg did not come to an end with this recording and was stopped. It is kept.',
      {
        retryable: true,
      },
    )
  if (/No space left on device|Disk quota exceeded/i.test(said))
    return fail('no-room', 'The disk is full: a part of the recording could not be prepared. Free some space.', {
      retryable: true,
    })
  if (/matches no streams/i.test(said)) return fail('recording-unreadable', 'This recording holds no sound.')
  if (/not on whitelist|Unsafe file name|whitelist/i.test(said))
    return fail(
      'recording-unreadable',
      'This is a playlist or a stream that names other files, not a recording. Nothing of it was followed.',
    )
  if (/No such file/i.test(said)) return fail('recording-unreadable', 'The recording is not there any more.')
  return fail(
    'recording-unreadable',
    'ffmpeg cannot read this recording: it is damaged, cut off, or of a kind it does not know. It is kept as it is.',
  )
}
