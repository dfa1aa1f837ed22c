import { join } from 'node:path'
import { errorCode } from '../../storage/write-file.ts'
import { type BackupFs, digestOf, newFile, piecesOf } from './files.ts'
import { folders, isSafePath, type Manifest } from './manifest.ts'

export interface Collected {
  readonly entries: Manifest['entries']
  readonly leftOut: Manifest['leftOut']
  /** Absolute path by entry. */
  readonly sources: ReadonlyMap<string, string>
}

/** Half-made files of Inkwell: `.~inkwell-…`, `.incoming-…`. */
const isPassing = (name: string): boolean => name.startsWith('.~inkwell-') || name.startsWith('.incoming-')
/** Others may write to these while they are read; blobs and recordings never change under their name. */
const changing: ReadonlySet<string> = new Set(['templates', 'keep'])
export const isCopied = (path: string): boolean => changing.has(path.split('/')[0]!)
const maxDepth = 10

export interface FoundFile {
  readonly path: string
  readonly source: string
  readonly bytes: number
}

/** Files of the profile besides the database, sorted by path. */
export async function findFiles(
  profilePath: string,
  withMedia: boolean,
  fs: BackupFs,
): Promise<{ found: FoundFile[]; leftOut: Manifest['leftOut'] }> {
  const found: FoundFile[] = []
  const leftOut: Manifest['leftOut'] = []
  const walk = async (folder: string, depth: number): Promise<void> => {
    let names: string[]
    try {
      names = await fs.readdir(join(profilePath, folder))
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') leftOut.push({ path: folder, reason: errorCode(error) })
      return
    }
    for (const name of names) {
      if (isPassing(name)) continue
      const path = `${folder}/${name}`
      const source = join(profilePath, folder, name)
      const status = await fs.lstat(source).catch(() => null)
      if (status === null) continue
      if (status.isDirectory() && depth < maxDepth) await walk(path, depth + 1)
      else if (status.isFile() && isSafePath(path)) found.push({ path, source, bytes: status.size })
      else leftOut.push({ path, reason: 'not a plain file' })
    }
  }
  for (const folder of folders) if (folder !== 'media' || withMedia) await walk(folder, 1)
  return { found: found.sort((left, right) => (left.path < right.path ? -1 : 1)), leftOut }
}

/** Digests of all; what others may change meanwhile is copied to `staging` first. */
export async function collect(
  files: Awaited<ReturnType<typeof findFiles>>,
  staging: string,
  fs: BackupFs,
  onBytes: (bytes: number) => void,
): Promise<Collected> {
  const entries: Manifest['entries'] = []
  const leftOut = [...files.leftOut]
  const sources = new Map<string, string>()
  let copies = 0
  for (const { path, source } of files.found)
    try {
      const from = isCopied(path) ? join(staging, `copy-${copies++}`) : source
      if (from !== source) await copy(source, from, fs)
      entries.push({ path, ...(await digestOf(from, fs, onBytes)) })
      sources.set(path, from)
    } catch (error) {
      const code = errorCode(error)
      // Swept since it was found.
      if (code === 'ENOENT') continue
      if (!['EIO', 'EACCES', 'EPERM', 'EBUSY', 'ELOOP'].includes(code)) throw error
      leftOut.push({ path, reason: code })
    }
  return { entries, leftOut, sources }
}

async function copy(from: string, to: string, fs: BackupFs): Promise<void> {
  const target = await newFile(to, fs)
  try {
    for await (const piece of piecesOf(from, fs)) await target.write(piece)
  } finally {
    await target.drop()
  }
}
