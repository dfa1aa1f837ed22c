import { basename } from 'node:path'
import { fail, ok, type Result } from '#shared/result.ts'
import { isProgram } from '../audio/find-ffmpeg.ts'
import { runFfmpeg } from '../audio/run-ffmpeg.ts'

/** Whether the program that somebody chose is ffmpeg, by what it says of itself. */
export async function checkFfmpeg(path: string): Promise<Result<null, 'not-ffmpeg'>> {
  const refused = (): Result<null, 'not-ffmpeg'> =>
    fail('not-ffmpeg', `${basename(path)} is not ffmpeg, or it cannot be started here. Nothing was changed.`)
  // Before it is started: a name that says something else is a slip of the hand.
  if (!/^ffmpeg/i.test(basename(path)) || !(await isProgram(path))) return refused()
  const ran = await runFfmpeg(
    path,
    ['-hide_banner', '-v', 'error', '-f', 'lavfi', '-i', 'anullsrc', '-t', '0.1', '-f', 'null', '-'],
    {
      signal: new AbortController().signal,
      timeoutMs: 10_000,
    },
  )
  return ran.code === 0 ? ok(null) : refused()
}
