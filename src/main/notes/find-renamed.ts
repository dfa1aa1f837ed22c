import { extname, join } from 'node:path'
import type { Storage } from '../storage/storage.ts'
import type { FileSystem } from '../storage/write-file.ts'
import { type FileRow, type FolderRow, noteStore, unknownSha } from './store.ts'
import { look } from './vault-folder.ts'

/** Finds texts of Inkwell that the user renamed or moved. A vault is walked once, and only when something is missing. */
export interface Finder {
  /** Absolute path of a file with the text as written, that no other row stands for; null without one. */
  find(folder: FolderRow, row: FileRow): Promise<string | null>
}

/** Deeper folders are not looked into, nor are more files than this. */
const deepest = 12
const mostFiles = 200_000

export function createFinder(fs: FileSystem, storage: Storage, signal: AbortSignal): Finder {
  const pathsByVault = new Map<string, Promise<Map<string, string[]>>>()
  let known: ReadonlySet<string> | undefined
  const shaByPath = new Map<string, string | null>()
  const shaOf = async (path: string): Promise<string | null> => {
    if (!shaByPath.has(path)) {
      const there = await look(fs, path).catch(() => null)
      shaByPath.set(path, there?.kind === 'file' ? there.sha256 : null)
    }
    return shaByPath.get(path)!
  }

  return {
    async find(folder, row) {
      if (row.base_sha256 === null || row.base_sha256 === unknownSha || row.base_stamp === null) return null
      known ??= knownPaths(storage)
      const bytes = row.base_stamp.split('@')[0]!
      const paths = pathsByVault.get(folder.vault_path) ?? walk(fs, folder.vault_path, signal)
      pathsByVault.set(folder.vault_path, paths)
      for (const path of (await paths).get(`${extname(row.file_name)} ${bytes}`) ?? [])
        if (!known.has(path) && (await shaOf(path)) === row.base_sha256) return path
      return null
    },
  }
}

/** Of every row: what stands there is that note. */
const knownPaths = (storage: Storage): ReadonlySet<string> =>
  new Set(
    noteStore.allFolders(storage).flatMap((folder) =>
      noteStore
        .files(storage, folder.id)
        .flatMap(({ file_name, newer_file_name }) => [file_name, newer_file_name ?? []].flat())
        .map((name) => join(folder.vault_path, folder.podcast, folder.name, name)),
    ),
  )

/** Paths by ending and bytes. Hidden folders are left out: what lies in `.trash` was deleted. */
async function walk(fs: FileSystem, root: string, signal: AbortSignal): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  let files = 0
  const visit = async (folder: string, depth: number): Promise<void> => {
    const entries = await fs.readdir(folder, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      if (signal.aborted || files > mostFiles) return
      const path = join(folder, entry.name)
      if (entry.isDirectory() && !entry.name.startsWith('.') && depth < deepest) await visit(path, depth + 1)
      if (!entry.isFile() || !['.md', '.yaml'].includes(extname(entry.name))) continue
      files += 1
      const stat = await fs.lstat(path).catch(() => null)
      if (!stat) continue
      const key = `${extname(entry.name)} ${stat.size}`
      found.set(key, [...(found.get(key) ?? []), path])
    }
  }
  await visit(root, 0)
  return found
}
