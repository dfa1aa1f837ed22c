import { join } from 'node:path'
import { compose } from '../compose.ts'
import { runHeadless } from './run.ts'

/** For tests: one command in this process, with the real house and its workers, on `<folder>/profile`. */
export async function runIn(
  folder: string,
  args: readonly string[],
  stdin = '',
  { interrupted, onErr }: { interrupted?: AbortSignal; onErr?: (words: string) => void } = {},
): Promise<{ code: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const code = await runHeadless(
    args,
    {
      out: (words) => {
        out += words
      },
      err: (words) => {
        err += words
        onErr?.(words)
      },
      errIsTerminal: false,
      stdin: async () => stdin,
      env: { INKWELL_PROFILE: join(folder, 'profile') },
      cwd: folder,
      interrupted: interrupted ?? new AbortController().signal,
    },
    {
      version: '9.9.9',
      open: (profilePath) =>
        compose({ profilePath, entry: new URL('../headless.ts', import.meta.url), origin: 'headless', desktop: null }),
    },
  )
  return { code, out, err }
}
