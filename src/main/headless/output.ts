import type { Failure, Json } from '#shared/result.ts'

/** Where a headless run speaks; tests and the demo pass their own. */
export interface Io {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly errIsTerminal: boolean
  readonly stdin: () => Promise<string>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Aborted by the first SIGINT. */
  readonly interrupted: AbortSignal
}

export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const

/** What a command gives back: data for `--json`, lines for a person. */
export interface CommandResult {
  readonly exitCode: number
  readonly data: Json
  readonly lines: readonly string[]
  /** For a command of which a part or all failed. */
  readonly error?: Failure
}

export const envelope = (command: string, result: { data: Json } | { error: Failure; data?: Json }): string =>
  `${JSON.stringify({
    schema_version: 1,
    ok: !('error' in result),
    command,
    ...('data' in result ? { data: result.data } : {}),
    ...('error' in result ? { error: { ...result.error } } : {}),
  })}\n`

/** Progress on standard error: one line that changes on a terminal, a line per change of `what` elsewhere. */
export function createProgressLine(io: Io): { show: (what: string, words: string) => void; clear: () => void } {
  let last = ''
  let isShown = false
  return {
    show(what, words) {
      if (io.errIsTerminal) {
        // Control characters of a title must not reach the terminal.
        io.err(`\r\x1b[2K${printable(words).slice(0, 110)}`)
        isShown = true
      } else if (what !== last) io.err(`${printable(words)}\n`)
      last = what
    },
    clear() {
      if (isShown) io.err('\r\x1b[2K')
      isShown = false
    },
  }
}

/** Titles come from outside: no control or bidi characters on the terminal. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' ')
