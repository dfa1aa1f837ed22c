import { spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'

/** Demuxers of single recordings. Playlists, concat scripts, devices and network streams are not among them. */
export const containers = [
  'mp3,mov,matroska,wav,w64,flac,ogg,aac,aiff,asf,avi,amr,amrnb,amrwb,caf,ape,wv,tta,mpc,mpc8,mpegts,mpeg,flv',
  'au,ac3,eac3,dts,voc,rm,oma,gsm',
].join(',')

export interface Ran {
  readonly code: number | null
  /** The last of what it said, for the log: it may name files. */
  readonly said: string
  /** From `-progress pipe:1`, seconds; null when there was none. */
  readonly lastSecond: number | null
  readonly ended: 'by-itself' | 'aborted' | 'timed-out' | 'not-started'
}

const stderrBytes = 16_384

/** Input arguments by which a file is opened and nothing else: no protocol but files, no format that names others. */
export const openOnly = (path: string, fromSeconds?: number): string[] => [
  '-hide_banner',
  '-nostdin',
  '-v',
  'error',
  '-protocol_whitelist',
  'file,pipe',
  '-format_whitelist',
  containers,
  ...(fromSeconds === undefined ? [] : ['-ss', fromSeconds.toFixed(3)]),
  '-i',
  // The prefix keeps a name such as `-x.mp3` or `http:x.mp3` from being an option or a protocol.
  `file:${path}`,
  '-map',
  '0:a:0',
  '-vn',
  '-sn',
  '-dn',
]

/** Runs ffmpeg without a shell and with an environment of its own; it is ended when the signal says so, and at the latest after `timeoutMs`. */
export function runFfmpeg(
  program: string,
  args: readonly string[],
  { signal, timeoutMs, onSecond }: { signal: AbortSignal; timeoutMs: number; onSecond?: (second: number) => void },
): Promise<Ran> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ code: null, said: '', lastSecond: null, ended: 'aborted' })
    // Keys and tokens of the environment are none of its business.
    const { PATH, SystemRoot, LD_LIBRARY_PATH } = process.env
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: false,
      windowsHide: true,
      env: Object.fromEntries(
        Object.entries({ PATH, SystemRoot, LD_LIBRARY_PATH, LC_ALL: 'C' }).filter(([, value]) => value !== undefined),
      ),
    })
    let said = ''
    let lastSecond: number | null = null
    let ended: Ran['ended'] = 'by-itself'
    const end = (why: Ran['ended']): void => {
      ended = why
      child.kill('SIGKILL')
    }
    const onAbort = (): void => end('aborted')
    const timer = setTimeout(() => end('timed-out'), timeoutMs)
    signal.addEventListener('abort', onAbort, { once: true })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-stderrBytes)
    })
    let line = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (line + text).slice(-stderrBytes).split('\n')
      line = lines.pop() ?? ''
      for (const each of lines) {
        const microseconds = /^out_time_us=(\d+)/.exec(each)?.[1]
        if (microseconds === undefined) continue
        lastSecond = Number(microseconds) / 1e6
        onSecond?.(lastSecond)
      }
    })
    const finish = (code: number | null): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      resolve({ code, said, lastSecond, ended })
    }
    child.on('error', () => {
      ended = 'not-started'
      finish(null)
    })
    child.on('close', finish)
    if (child.pid !== undefined)
      try {
        // Windows, players and the rest of the desktop go first.
        setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
      } catch {
        // It runs as it is.
      }
  })
}
