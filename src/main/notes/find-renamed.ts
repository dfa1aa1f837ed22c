import { extname, join } from 'node:path'
import type { Storage } from '../storage/storage.ts'
import type { FileSystem } from '../storage/write-file.ts'
import type { Blobs } from './blobs.ts'
import { type FileRow, type FolderRow, noteStore, partsOf, unknownSha } from './store.ts'
import { look } from './vault-folder.ts'

/** Finds texts of Inkwell that the user renamed or moved. A vault is walked once, and only when something is missing. */
export interface Finder {
  /**
   * Absolute paths of files with the text as written, that no row stands for. `sure` when it is one file, and no other
   * note that is missing has the same text: else nobody can tell which is which.
   */
  find(folder: FolderRow, row: FileRow): Promise<{ readonly paths: readonly string[]; readonly sure: boolean }>
}
interface FinderDeps {
  readonly fs: FileSystem
  readonly storage: Storage
  readonly blobs: Pick<Blobs, 'size'>
}

/** Deeper folders are not looked into, nor are more files than this. */
const deepest = 12
const mostFiles = 200_000

export function createFinder({ fs, storage, blobs }: FinderDeps, signal: AbortSignal): Finder {
  const pathsByVault = new Map<string, Promise<Map<string, string[]>>>()
  let manifest: Manifest | undefined
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
      const { base_sha256: sha, base_stamp } = row
      const none = { paths: [], sure: false }
      if (sha === null || sha === unknownSha) return none
      const bytes = base_stamp?.split('@')[0] ?? (await blobs.size(sha))
      if (bytes === null) return none
      manifest ??= readManifest(storage)
      const walked = pathsByVault.get(folder.vault_path) ?? walk(fs, folder.vault_path, signal)
      pathsByVault.set(folder.vault_path, walked)
      const paths: string[] = []
      for (const path of (await walked).get(`${extname(row.file_name)} ${bytes}`) ?? [])
        if (!manifest.known.has(path) && (await shaOf(path)) === sha) paths.push(path)
      if (paths.length !== 1) return { paths, sure: false }
      for (const twin of manifest.bySha.get(`${folder.vault_path} ${sha}`) ?? [])
        if (twin.id !== row.id && (await shaOf(twin.path)) !== sha) return { paths, sure: false }
      return { paths, sure: true }
    },
  }
}

interface Manifest {
  /** Paths that rows stand for: what stands there is that note. */
  readonly known: ReadonlySet<string>
  readonly bySha: ReadonlyMap<string, readonly { readonly id: string; readonly path: string }[]>
}

function readManifest(storage: Storage): Manifest {
  const known = new Set<string>()
  const bySha = new Map<string, { id: string; path: string }[]>()
  for (const folder of noteStore.allFolders(storage))
    for (const row of noteStore.files(storage, folder.id)) {
      const standsIn = join(folder.vault_path, ...partsOf(folder, row))
      const path = join(standsIn, row.file_name)
      known.add(path)
      if (row.newer_file_name !== null) known.add(join(standsIn, row.newer_file_name))
      const key = `${folder.vault_path} ${row.base_sha256}`
      bySha.set(key, [...(bySha.get(key) ?? []), { id: row.id, path }])
    }
  return { known, bySha }
}

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
