import { lstat, readdir, unlink } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { ok } from '#shared/result.ts'
import { ChangedMeanwhile, type Found, found, type Mend, type Pass } from '../check.ts'
import type { CheckDeps } from '../ports.ts'
import { bytesInWords, count } from '../words.ts'

/** Of our own writers only; whatever else lies there belongs to somebody. */
const temporary = /^(\.~inkwell-[\w-]+-[0-9a-f]{12}\.tmp|\.incoming-(?:\d{1,10}-)?[0-9a-f]{16}|.+\.\d{1,10}\.tmp)$/
/** A younger one may be under way in another process. Milliseconds. */
const oldMs = 3_600_000

interface Leftover {
  readonly path: string
  readonly bytes: number
  readonly mtimeMs: number
}

/** Files that a killed write left behind in the profile. */
export async function findLeftovers(
  { clock, profilePath }: CheckDeps,
  folders: readonly string[],
  id: string,
  pass: Pass,
): Promise<Found[]> {
  const files: Leftover[] = []
  for (const folder of folders) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (!temporary.test(name)) continue
      const path = join(folder, name)
      const there = await lstat(path).catch(() => null)
      if (there?.isFile() && clock.now() - there.mtimeMs > oldMs)
        files.push({ path, bytes: there.size, mtimeMs: there.mtimeMs })
    }
    await pass.breathe()
  }
  if (files.length === 0) return []
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return [
    found({
      id,
      severity: 'info',
      title: `${count(files.length, 'file')} of ${bytesInWords(bytes)} ${files.length === 1 ? 'was' : 'were'} left by writes that did not end.`,
      detail: 'What they were for was written again, or never promised.',
      subjects: files.map(({ path }) => relative(profilePath, path)),
      deep: pass.full,
      mend: remove(profilePath, files),
    }),
  ]
}

const remove = (profilePath: string, files: readonly Leftover[]): Mend => ({
  label: files.length === 1 ? 'Remove the file' : `Remove the ${files.length} files`,
  prepare: () => ({
    scope: 'Removes these files from Inkwell’s own folder. Your notes folder is not touched.',
    rows: files.map(({ path, bytes }) => ({
      before: relative(profilePath, path),
      after: '',
      remark: `${bytesInWords(bytes)}, is removed`,
    })),
    seen: files,
    perform: async () => {
      for (const { path, bytes, mtimeMs } of files) {
        const now = await lstat(path).catch(() => null)
        if (!now?.isFile() || now.size !== bytes || now.mtimeMs !== mtimeMs) throw new ChangedMeanwhile()
        await unlink(path)
      }
      return ok(`${count(files.length, 'file')} removed.`)
    },
  }),
})
