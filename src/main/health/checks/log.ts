import { access, constants, lstat, mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { ok } from '#shared/result.ts'
import { type Found, found } from '../check.ts'
import type { CheckDeps, LogFacts } from '../ports.ts'
import { count, were } from '../words.ts'

/** Whether the log can be written, and what it says of this session. */
export async function logFindings(
  deps: CheckDeps,
  log: LogFacts,
  { diskIsFull }: { diskIsFull: boolean },
): Promise<Found[]> {
  const folder = await logFolderFinding(deps)
  // The folder, or the full disk, explains it.
  const explained = folder.length > 0 || diskIsFull
  return [...folder, ...(explained ? [] : lostLinesFinding(log)), ...problemsFinding(log)]
}

function lostLinesFinding(log: LogFacts): Found[] {
  const problem = log.problem()
  if (problem === null) return []
  return [
    found({
      id: 'disk/log-lines',
      severity: 'info',
      title: `${count(problem.lostLines, 'line')} of the log could not be written (${problem.code}).`,
      detail: 'Your data is not touched by it. Lines are written again as soon as the log can be.',
      look: [problem.code, problem.sinceMs],
      page: 'logs',
    }),
  ]
}

/** Findings and notices of their own tell of these. */
const toldElsewhere = /^(health|storage)\./

/** What went wrong inside Inkwell since it was opened. */
function problemsFinding(log: LogFacts): Found[] {
  const errors = [...log.errors()].filter(([operation]) => !toldElsewhere.test(operation)).toSorted()
  if (errors.length === 0) return []
  const total = errors.reduce((sum, [, times]) => sum + times, 0)
  return [
    found({
      id: 'disk/log-problems',
      severity: 'info',
      title: `${count(total, 'problem')} ${were(total)} written to the log since Inkwell was opened.`,
      detail:
        'What was under way stopped there and lost nothing that was kept before. The log says more; save a diagnostic bundle when you want somebody to look at it.',
      subjects: errors.map(([operation, times]) => `${operation}${times > 1 ? `, ${times} times` : ''}`),
      look: errors,
      page: 'logs',
    }),
  ]
}

async function logFolderFinding({ profilePath, clock }: CheckDeps): Promise<Found[]> {
  const folder = join(profilePath, 'logs')
  const there = await lstat(folder).catch(() => null)
  // It is made with the first line.
  if (!there) return []
  const writable = await access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
  if (there.isDirectory() && writable) return []
  const aside = `${folder}-set-aside-${clock.now()}`
  return [
    found({
      id: 'disk/logs',
      severity: 'warning',
      title: 'Inkwell cannot write its log.',
      detail: 'Your data is not touched by it. Without a log nobody can find out later what went wrong.',
      subjects: [folder],
      look: [there.isDirectory(), there.mode],
      mend: there.isDirectory()
        ? null
        : {
            label: 'Set the file aside',
            prepare: () => ({
              scope: 'Renames what stands where the folder of the log should be. Nothing else is touched.',
              rows: [{ before: folder, after: `${folder}-set-aside-…`, remark: 'kept under another name' }],
              seen: [there.ino, there.size, there.mtimeMs],
              perform: async () => {
                await rename(folder, aside)
                await mkdir(folder, { mode: 0o700 })
                return ok('The folder of the log is there again.')
              },
            }),
          },
    }),
  ]
}
