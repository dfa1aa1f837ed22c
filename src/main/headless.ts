import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { compose } from './compose.ts'
import { runHeadless } from './headless/run.ts'

const interrupted = new AbortController()
// Once: a second Ctrl+C ends the process at once, which costs nothing but the work since the last checkpoint.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort())
// `inkwell feeds list | head -1` closes the pipe early: that is no defect.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

process.exitCode = await runHeadless(
  process.argv.slice(2),
  {
    out: (words) => void process.stdout.write(words),
    err: (words) => void process.stderr.write(words),
    errIsTerminal: process.stderr.isTTY === true,
    stdin: () => text(process.stdin),
    env: process.env,
    cwd: process.cwd(),
    interrupted: interrupted.signal,
  },
  {
    version,
    open: (profilePath) => compose({ profilePath, entry: new URL(import.meta.url), origin: 'headless', desktop: null }),
  },
)
